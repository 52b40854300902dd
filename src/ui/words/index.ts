/** The interface's words: English in the code itself, another language's from its catalogue, loaded when it is asked for. */
import type { Word } from './en.ts'

export type Language = 'en' | 'de'
export const LANGUAGES: readonly Language[] = ['en', 'de']

type Catalogue = Readonly<Record<Word, string>>

/** One language per page: its root element says which. */
let catalogue: Catalogue | null = null

/** The word in the page's language; `{name}` stands for a value. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  return (catalogue?.[word] ?? word).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** From here on the page speaks this language; what is drawn already must be drawn again. */
export async function speak(language: Language): Promise<void> {
  catalogue = language === 'de' ? (await import('./de.ts')).de : null
  document.documentElement.lang = language
}
