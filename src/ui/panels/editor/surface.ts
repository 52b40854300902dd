/** What every kind of editor surface is given: Monaco and the plain text field alike. */
import type { Problem } from './manifest.ts'

export interface Surface {
  text: string
  /** The file's name: each has a text of its own, and its own undo. */
  name: string
  problems: Problem[]
  /** A new value moves the cursor there. */
  goTo: { line: number; column: number } | null
  /** Lines of what is chosen elsewhere. */
  lit: { from: number; to: number } | null
  onChange(text: string): void
  onApply(): void
  onCursor?(line: number): void
}
