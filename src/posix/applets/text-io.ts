/** Reading operands one after the other, as nearly every small text program does. */
import type { Step } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'

/** Where a program stands in its list of files; part of its data. */
export interface Inputs {
  names: string[]
  at: number
  fd: number
  status: number
}

export const inputs = (names: readonly string[]): Inputs => ({
  names: names.length > 0 ? [...names] : ['-'],
  at: 0,
  fd: -1,
  status: 0,
})

const PLAIN = new Set(['head', 'wc', 'sed', 'tee', 'grep', 'cut', 'nl'])

export function cannotOpen(sys: Sys, name: string, why: string): void {
  if (!sys.gnu && PLAIN.has(sys.name) && why !== 'Is a directory') {
    sys.err(`${sys.name}: ${name}: ${why}\n`)
    return
  }
  sys.err(
    sys.gnu
      ? `${sys.name}: ${name}: ${why}\n`
      : `${sys.name}: ${why === 'Is a directory' ? `read error: ${why}` : `can't open '${name}': ${why}`}\n`,
  )
}

/** Opens the next file; false when there is none left. What cannot be opened is said and passed over. */
export function openNext(sys: Sys, at: Inputs): boolean {
  while (at.fd < 0) {
    const name = at.names[at.at]
    if (name === undefined) return false
    if (name === '-') {
      at.fd = 0
      break
    }
    const fd = sys.open(name)
    if (!failed(fd) && sys.file(fd)?.k === 'dir') {
      sys.close(fd)
      cannotOpen(sys, name, 'Is a directory')
      at.status = 1
      at.at += 1
      continue
    }
    if (failed(fd)) {
      cannotOpen(sys, name, fd)
      at.status = 1
      at.at += 1
      continue
    }
    at.fd = fd
  }
  return true
}

export function closeThis(sys: Sys, at: Inputs): void {
  if (at.fd > 0) sys.close(at.fd)
  at.fd = -1
  at.at += 1
}

/** The next line of all inputs; null at the end of all; undefined: not yet. */
export function nextLine(sys: Sys, at: Inputs): string | null | undefined {
  for (;;) {
    if (!openNext(sys, at)) return null
    const line = sys.line(at.fd)
    if (line !== null) return line
    closeThis(sys, at)
  }
}

export function nextPiece(sys: Sys, at: Inputs): string | null | undefined {
  for (;;) {
    if (!openNext(sys, at)) return null
    const piece = sys.read(at.fd)
    if (piece !== null) return piece
    closeThis(sys, at)
  }
}

/** More than this is not kept in memory. */
const LARGEST = 64 * 1024 * 1024

/** Everything from all inputs, gathered in `data.all`; undefined: not yet. */
export function everything(sys: Sys, data: { all?: string }, at: Inputs): string | undefined {
  data.all ??= ''
  for (;;) {
    const piece = nextPiece(sys, at)
    if (piece === undefined) return undefined
    if (piece === null) return data.all
    if (!sys.kernel.use(sys.proc, piece.length)) return undefined
    // Of an endless file of zeros only the memory counts.
    if (data.all.length < LARGEST && !(data.all.length > 4_000_000 && /^\0+$/.test(piece))) data.all += piece
  }
}

/** One file (or `-`) whole. */
export function whole(
  sys: Sys,
  data: { [key: string]: any },
  key: string,
  name: string,
): { text: string } | { why: string } | undefined {
  const at: Inputs = (data[`${key}At`] ??= inputs([name]))
  if (at.fd < 0 && name !== '-' && data[key] === undefined) {
    const fd = sys.open(name)
    if (failed(fd)) return { why: fd }
    if (sys.file(fd)?.k === 'dir') {
      sys.close(fd)
      return { why: 'Is a directory' }
    }
    at.fd = fd
  }
  const slot = (data[key] ??= { all: '' })
  const text = everything(sys, slot, at)
  return text === undefined ? undefined : { text }
}

export const splitLines = (text: string): string[] => {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Options and operands: `flags` of single letters, those in `valued` with a word; a wrong one is in `bad`. */
export interface Parsed {
  flags: Set<string>
  values: Record<string, string>
  /** Values of an option given several times. */
  lists: Record<string, string[]>
  rest: string[]
  bad: string
  missing: string
}

export function parseArgs(
  args: readonly string[],
  letters: string,
  valued = '',
  long: Readonly<Record<string, string>> = {},
  stopAtFirst = false,
): Parsed {
  const parsed: Parsed = { flags: new Set(), values: {}, lists: {}, rest: [], bad: '', missing: '' }
  const value = (letter: string, text: string): void => {
    parsed.values[letter] = text
    ;(parsed.lists[letter] ??= []).push(text)
  }
  let i = 0
  for (; i < args.length; i++) {
    const word = args[i] as string
    if (word === '--') {
      parsed.rest.push(...args.slice(i + 1))
      break
    }
    if (word.startsWith('--') && word.length > 2) {
      const [name = '', given] = split(word.slice(2))
      const letter = long[name]
      if (letter === undefined) parsed.bad ||= word
      else if (valued.includes(letter)) value(letter, given ?? args[++i] ?? '')
      else parsed.flags.add(letter)
      continue
    }
    if (!word.startsWith('-') || word === '-') {
      if (stopAtFirst) {
        parsed.rest.push(...args.slice(i))
        break
      }
      parsed.rest.push(word)
      continue
    }
    for (let k = 1; k < word.length; k++) {
      const c = word[k] as string
      if (valued.includes(c)) {
        const rest = word.slice(k + 1)
        const next = rest !== '' ? rest : args[++i]
        if (next === undefined) parsed.missing ||= c
        else value(c, next)
        break
      }
      if (letters.includes(c)) parsed.flags.add(c)
      else {
        parsed.bad ||= c
      }
    }
  }
  return parsed
}

function split(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** What is said about a wrong option; null when all were right. */
export function wrongOption(sys: Sys, parsed: Parsed): Step | null {
  if (parsed.missing) return sys.misuse(`option requires an argument -- '${parsed.missing}'`)
  if (!parsed.bad) return null
  return sys.misuse(parsed.bad.startsWith('--') ? `unrecognized option '${parsed.bad}'` : `invalid option -- '${parsed.bad}'`)
}
