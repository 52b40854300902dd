/** What helm may use of its surroundings: a terminal in the page, Node, or a story in virtual time. */

/** An error that is shown as it is, behind `Error: `. */
export class HelmError extends Error {}

export interface HelmIo {
  out(text: string): void
  err(text: string): void
  /** Bytes as text (`#api/bytes.ts`); throws an error whose message is the system's (`no such file or directory`). */
  read(path: string): Promise<string>
  write(path: string, text: string): Promise<void>
  /** Names in a directory, or null when it is none. */
  list(path: string): Promise<string[] | null>
  stdin(): Promise<string>
  /** Milliseconds since 1970, by the clock that releases are dated by. */
  now(): number
  sleep(ms: number): Promise<void>
  /** At least 0, below 1: for the template functions that make passwords and names. */
  random(): number
  readonly signal: { readonly aborted: boolean }
}

export async function exists(io: HelmIo, path: string): Promise<boolean> {
  if ((await io.list(path)) !== null) return true
  try {
    await io.read(path)
    return true
  } catch {
    return false
  }
}
