/** Brace expansion of bash: `{a,b}` and `{1..5}`. */
import type { Part, Word } from './syntax.ts'

const mayExpand = (word: Word): boolean => word.some((part) => part.k === 'lit' && part.v.includes('{'))

/** So many words are not made of one. */
const MOST = 100_000

/** More words than there is room for. */
export class TooManyWords extends Error {
  readonly count: number
  constructor(count: number) {
    super(`${count} words`)
    this.count = count
  }
}

/** The words that a word stands for; throws {@link TooManyWords}. */
export function braces(word: Word): Word[] {
  if (!mayExpand(word)) return [word]
  // One element per unquoted character, so that parts of other kinds keep their place.
  const atoms: Part[] = word.flatMap((part): Part[] => (part.k === 'lit' ? [...part.v].map((v) => ({ k: 'lit', v })) : [part]))
  return expand(atoms).map(joined)
}

const is = (part: Part | undefined, c: string): boolean => part?.k === 'lit' && part.v === c

function joined(atoms: Part[]): Word {
  const word: Word = []
  for (const atom of atoms) {
    const last = word.at(-1)
    if (atom.k === 'lit' && last?.k === 'lit') word[word.length - 1] = { k: 'lit', v: last.v + atom.v }
    else word.push(atom)
  }
  return word
}

function expand(atoms: Part[]): Part[][] {
  for (let open = 0; open < atoms.length; open++) {
    if (!is(atoms[open], '{')) continue
    const found = group(atoms, open)
    if (!found) continue
    const before = atoms.slice(0, open)
    const after = expand(atoms.slice(found.close + 1))
    const middle = found.options.flatMap(expand)
    if (middle.length * after.length > MOST) throw new TooManyWords(middle.length * after.length)
    return middle.flatMap((m) => after.map((a) => [...before, ...m, ...a]))
  }
  return [atoms]
}

function group(atoms: Part[], open: number): { close: number; options: Part[][] } | null {
  let depth = 0
  const cuts: number[] = []
  for (let i = open; i < atoms.length; i++) {
    if (is(atoms[i], '{')) depth += 1
    else if (is(atoms[i], ',') && depth === 1) cuts.push(i)
    else if (is(atoms[i], '}') && --depth === 0) {
      if (cuts.length === 0) {
        const options = range(atoms.slice(open + 1, i))
        return options ? { close: i, options } : null
      }
      const edges = [open, ...cuts, i]
      return { close: i, options: edges.slice(1).map((edge, k) => atoms.slice((edges[k] as number) + 1, edge)) }
    }
  }
  return null
}

function range(atoms: Part[]): Part[][] | null {
  if (atoms.some((part) => part.k !== 'lit')) return null
  const text = atoms.map((part) => (part.k === 'lit' ? part.v : '')).join('')
  const m = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text) ?? /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text)
  if (!m) return null
  const numeric = /\d/.test(m[1] as string)
  const code = (word: string): number => (numeric ? Number(word) : word.charCodeAt(0))
  const from = code(m[1] as string)
  const to = code(m[2] as string)
  const step = Math.abs(Number(m[3] ?? 1)) || 1
  const width =
    numeric && /^-?0\d/.test(`${m[1]}`)
      ? (m[1] as string).length
      : numeric && /^-?0\d/.test(`${m[2]}`)
        ? (m[2] as string).length
        : 0
  const count = Math.floor(Math.abs(to - from) / step) + 1
  if (count > MOST) throw new TooManyWords(count)
  const out: Part[][] = []
  for (let v = from; from <= to ? v <= to : v >= to; v += from <= to ? step : -step) {
    const shown = numeric
      ? v < 0
        ? `-${String(-v).padStart(width - 1, '0')}`
        : String(v).padStart(width, '0')
      : String.fromCharCode(v)
    out.push([...shown].map((c) => ({ k: 'lit', v: c })))
  }
  return out
}
