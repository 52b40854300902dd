/** What servers keep in files of volumes, and whether it is still what they have written: anybody may write there, too. */
import { fnv1a } from '../../sim/random.ts'

const sumOf = (kind: string, text: string): string => fnv1a(`${kind} ${text}`).toString(16)

/** A value as a file's content, under a line that tells of what kind it is. */
export function kept(kind: string, value: unknown): string {
  const text = JSON.stringify(value)
  return `${kind} ${sumOf(kind, text)}\n${text}\n`
}

/** The value; undefined: the content is not as it was written, or of another kind. */
export function readKept<T>(kind: string, content: string): T | undefined {
  const [head, text = '', end, ...more] = content.split('\n')
  if (head !== `${kind} ${sumOf(kind, text)}` || end !== '' || more.length > 0) return undefined
  try {
    return JSON.parse(text) as T
  } catch {
    // Somebody has worked out the sum, but not the text.
    return undefined
  }
}
