/** `wc`: lines, words, bytes, characters, and the longest line. */
import { byteLength } from '#api/bytes.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { closeThis, inputs, openNext, parseArgs, wrongOption } from './text-io.ts'

export const wc = program({
  name: 'wc',
  usage: '[-cmlwL] [FILE]...\n\nCount lines, words, and bytes for FILEs (or stdin)',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'lwcmL', '', { lines: 'l', words: 'w', bytes: 'c', chars: 'm' })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const letters = 'lwmcL'.split('').filter((c) => parsed.flags.has(c))
      Object.assign(data, {
        at: inputs(parsed.rest),
        letters: letters.length > 0 ? letters : ['l', 'w', 'c'],
        count: zero(),
        total: zero(),
        files: parsed.rest.length,
      })
    }
    for (;;) {
      if (!openNext(sys, data.at)) break
      const piece = sys.read(data.at.fd)
      if (piece === undefined) return undefined
      if (piece === null) {
        const name = data.at.names[data.at.at] as string
        counted(data.count)
        sys.out(row(sys, data, data.count, data.files > 0 ? name : ''))
        for (const key of ['l', 'w', 'c', 'm'] as const) data.total[key] += data.count[key]
        data.total.L = Math.max(data.total.L, data.count.L)
        data.count = zero()
        closeThis(sys, data.at)
      } else count(data.count, piece)
    }
    if (data.files > 1) sys.out(row(sys, data, data.total, 'total'))
    return data.at.status
  },
})

interface Counts {
  l: number
  w: number
  c: number
  m: number
  L: number
  word: boolean
  width: number
}
const zero = (): Counts => ({ l: 0, w: 0, c: 0, m: 0, L: 0, word: false, width: 0 })

function count(n: Counts, text: string): void {
  n.c += byteLength(text)
  for (const ch of text) {
    n.m += 1
    if (ch === '\n') {
      n.l += 1
      n.L = Math.max(n.L, n.width)
      n.width = 0
    } else n.width += 1
    if (/\s/.test(ch)) n.word = false
    else if (!n.word) {
      n.word = true
      n.w += 1
    }
  }
}
const counted = (n: Counts): void => {
  n.L = Math.max(n.L, n.width)
}

function row(sys: Sys, data: any, n: Counts, name: string): string {
  const numbers = data.letters.map((c: 'l') => String(n[c]))
  const width =
    data.letters.length === 1 && !sys.gnu ? (data.files > 0 ? 9 : 0) : sys.gnu ? (data.letters.length === 1 ? 0 : 7) : 9
  return `${numbers.map((text: string) => text.padStart(width)).join(' ')}${name && name !== '-' ? ` ${name}` : name === '-' ? ' -' : ''}\n`
}
