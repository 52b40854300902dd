/** What every kind of editor surface is given: Monaco and the plain text field alike. */
import type { Problem } from './manifest.ts'

export interface Surface {
  text: string
  problems: Problem[]
  /** A new value moves the cursor there. */
  goTo: { line: number; column: number } | null
  onChange(text: string): void
  onApply(): void
  onCursor?(line: number): void
}
