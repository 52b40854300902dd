/** Programs about time and nothing: sleep, usleep, true, false, yes, seq. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5`, `0.5`, `2m`, `infinity`; null when it is no time. */
export function durationOf(word: string): number | null {
  if (word === 'infinity' || word === 'inf') return Number.POSITIVE_INFINITY
  const m = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word)
  return m ? Number(m[1]) * (UNITS[m[2] as string] as number) : null
}

const sleep = program({
  name: 'sleep',
  usage:
    '[N]...\n\nPause for a time equal to the total of the args given, where each arg can\nhave an optional suffix of (s)econds, (m)inutes, (h)ours, or (d)ays',
  run(sys, data) {
    if (data.until === undefined) {
      if (sys.args.length === 0) return sys.gnu ? gnuMissing(sys) : sys.misuse()
      let total = 0
      for (const word of sys.args) {
        const ms = durationOf(word)
        if (ms === null)
          return sys.fail(
            sys.gnu ? `invalid time interval '${word}'\nTry 'sleep --help' for more information.` : `invalid number '${word}'`,
          )
        total += ms
      }
      data.until = Number.isFinite(total) ? sys.now + total : null
    }
    if (data.until === null) return sys.forever()
    return sys.until(data.until) ? 0 : undefined
  },
})

export const gnuMissing = (sys: Sys): number => sys.fail(`missing operand\nTry '${sys.name} --help' for more information.`)

const usleep = program({
  name: 'usleep',
  run(sys, data) {
    data.until ??= sys.now + Number(sys.args[0] ?? 0) / 1000
    return sys.until(data.until) ? 0 : undefined
  },
})

const constant = (name: string, status: number): Program => program({ name, run: () => status })

const yes = program({
  name: 'yes',
  usage: "[STRING]\n\nRepeatedly print a line with STRING, or 'y'",
  run(sys) {
    const line = `${sys.args.length > 0 ? sys.args.join(' ') : 'y'}\n`
    const many = line.repeat(Math.max(1, Math.floor(2048 / line.length)))
    while (sys.ready()) if (sys.write(1, many)) return sys.proc.state === 'zombie' ? undefined : 1
    return undefined
  },
})

const seq = program({
  name: 'seq',
  usage:
    '[-w] [-s SEP] [FIRST [INC]] LAST\n\nPrint numbers from FIRST to LAST, in steps of INC.\nFIRST, INC default to 1.\n\n\t-w\tPad with leading zeros\n\t-s SEP\tString separator',
  run(sys, data) {
    if (data.at === undefined) {
      const wrong = startSeq(sys, data)
      if (wrong !== undefined) return wrong
    }
    const { first, step, last, separator, digits, width } = data
    while (sys.ready()) {
      let text = ''
      for (let n = 0; n < 200; n++) {
        const value = first + data.at * step
        if (step > 0 ? value > last + 1e-9 : value < last - 1e-9) {
          sys.out(`${text}${data.at > 0 ? '\n' : ''}`)
          return 0
        }
        const shown = value.toFixed(digits)
        text += `${data.at > 0 ? separator : ''}${width ? (value < 0 ? `-${shown.slice(1).padStart(width - 1, '0')}` : shown.padStart(width, '0')) : shown}`
        data.at += 1
      }
      if (sys.write(1, text)) return 1
    }
    return undefined
  },
})

function startSeq(sys: Sys, data: any): number | undefined {
  const words = sys.args
  Object.assign(data, { at: 0, separator: '\n', width: 0 })
  let pad = false
  while (/^-[a-z]/.test(words[0] ?? '')) {
    const word = words.shift() as string
    if (word === '-w') pad = true
    else if (word.startsWith('-s')) data.separator = word.slice(2) || (words.shift() ?? '')
    else if (word.startsWith('-f')) words.shift()
    else return sys.misuse(`invalid option -- '${word[1]}'`)
  }
  if (words.length === 0 || words.length > 3) return sys.gnu ? gnuMissing(sys) : sys.misuse()
  for (const word of words) if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word)) return sys.fail(`invalid number '${word}'`)
  const numbers = words.map(Number)
  const [first, step, last] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
  if (step === 0) return sys.fail("invalid number '0'")
  const places = (word: string): number => (word.split('.')[1] ?? '').length
  data.digits = Math.max(0, ...words.slice(0, words.length > 1 ? -1 : 0).map(places))
  Object.assign(data, { first, step, last })
  if (pad) data.width = Math.max(...[first, last].map((n) => (n as number).toFixed(data.digits).length))
  return undefined
}

export const timeApplets: readonly Program[] = [sleep, usleep, constant('true', 0), constant('false', 1), yes, seq]
