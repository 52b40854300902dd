/** The interface's words: English in the code itself, another language's from its catalogue, loaded when it is asked for. */
import type { de } from './de/index.ts'

/** What stands in the code is the key in each catalogue. */
export type Word = keyof typeof de
export type Language = 'en' | 'de'
export const LANGUAGES: readonly Language[] = ['en', 'de']

export interface Catalogue {
  words: Readonly<Record<Word, string>>
  /** What the engine says of its own reasons: these are made there, so they are recognised, not looked up. */
  reasons: readonly (readonly [pattern: RegExp, words: string])[]
}

/** One language per page: its root element says which. */
let catalogue: Catalogue | null = null
let spoken: Language = 'en'
const listeners = new Set<() => void>()

export const language = (): Language => spoken

/** Is told when another language is spoken: what is drawn already must be drawn again. */
export function onLanguage(run: () => void): () => void {
  listeners.add(run)
  return () => listeners.delete(run)
}

/** The word in the page's language; `{name}` stands for a value. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  return (catalogue?.words[word] ?? word).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** A number as the page's language writes it: 1,910 or 1.910. */
export const num = (value: number, digits = 0): string =>
  value.toLocaleString(spoken, { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Requests each second. */
export const perSecond = (rate: number): string => `${num(rate, rate < 10 ? 1 : 0)}/s`

/** A reason that the engine gave, in the page's language where it is known. */
export function said(because: string): string {
  const known = catalogue?.reasons.find(([pattern]) => pattern.test(because))
  return known ? because.replace(...known) : because
}

/** From here on the page speaks this language. */
export async function speak(next: Language): Promise<void> {
  catalogue = next === 'de' ? (await import('./de/index.ts')).german : null
  spoken = next
  document.documentElement.lang = next
  for (const run of listeners) run()
}
