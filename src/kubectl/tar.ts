/** Archives as tar writes them: a head of 512 bytes for each file, then its content in blocks. */
import { bytesOf, textOf } from '#api/bytes.ts'

export interface TarEntry {
  name: string
  /** Null for a folder. */
  content: string | null
}

const BLOCK = 512

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

/** Files and folders as one archive, its bytes as text. */
export function packed(entries: readonly TarEntry[]): string {
  const parts: Uint8Array[] = []
  for (const { name, content } of entries) {
    const body = content === null ? new Uint8Array() : bytesOf(content)
    const full = bytesOf(content === null ? `${name}/` : name)
    if (full.length > 100) parts.push(head('././@LongLink', full.length + 1, 'L', 0o644), padded(Uint8Array.from([...full, 0])))
    parts.push(
      head(textOf(full.slice(0, 100)), body.length, content === null ? '5' : '0', content === null ? 0o755 : 0o644),
      padded(body),
    )
  }
  parts.push(new Uint8Array(BLOCK * 2))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return textOf(whole)
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK)
  whole.set(bytes)
  return whole
}

function head(name: string, size: number, kind: string, mode: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => bytes.set(bytesOf(text), at)
  put(0, name)
  put(100, octal(mode, 8))
  put(108, octal(0, 8))
  put(116, octal(0, 8))
  put(124, octal(size, 12))
  put(136, octal(0, 12))
  put(148, ' '.repeat(8))
  put(156, kind)
  put(257, 'ustar\0')
  put(263, '00')
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return bytes
}

/** What is in an archive; links and devices are left out. */
export function unpacked(archive: string): TarEntry[] {
  const bytes = bytesOf(archive)
  const entries: TarEntry[] = []
  let long = ''
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const field = (from: number, length: number): string =>
      textOf(bytes.slice(at + from, at + from + length)).split('\0')[0] as string
    if (field(0, 100) === '') break
    const size = Number.parseInt(field(124, 12).trim() || '0', 8)
    const kind = field(156, 1) || '0'
    const prefix = field(257, 5) === 'ustar' ? field(345, 155) : ''
    const name = long || (prefix ? `${prefix}/${field(0, 100)}` : field(0, 100))
    const content = textOf(bytes.slice(at + BLOCK, at + BLOCK + size))
    long = kind === 'L' ? (content.split('\0')[0] as string) : ''
    if (kind === '0') entries.push({ name: name.replace(/^\/+/, ''), content })
    else if (kind === '5') entries.push({ name: name.replace(/^\/+|\/+$/g, ''), content: null })
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}
