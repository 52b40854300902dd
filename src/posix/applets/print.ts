/** `echo` and `printf`: text as the shell's builtins and the programs of the same name print it. */
import { bytesOf } from '#api/bytes.ts'
import { program } from '../program.ts'
import { escapeAt } from '../shell/words.ts'
import type { Sys } from '../sys.ts'

/** Backslashes of `echo -e`, `printf`'s format and `%b`. `stop`: `\c` was met. */
export function backslashes(text: string, zero: boolean): { text: string; stop: boolean } {
  if (!text.includes('\\')) return { text, stop: false }
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c !== '\\' || i + 1 >= text.length) {
      out += c
      continue
    }
    if (text[i + 1] === 'c') return { text: out, stop: true }
    const octal = zero ? /^0[0-7]{0,3}/.exec(text.slice(i + 1)) : null
    if (octal) {
      const code = Number.parseInt(octal[0], 8) & 255
      out += String.fromCharCode(code < 128 ? code : 0xdc00 + code)
      i += octal[0].length
      continue
    }
    const next = text[i + 1] as string
    if (`'"?`.includes(next)) {
      out += next === '"' || next === "'" ? next : `\\${next}`
      i += 1
      continue
    }
    const [piece, length] = escapeAt(text, i + 1)
    out += piece
    i += Math.max(1, length)
  }
  return { text: out, stop: false }
}

export function echoText(args: readonly string[], expands: boolean): string {
  let newline = true
  let interpret = expands
  let i = 0
  for (; /^-[neE]+$/.test(args[i] ?? ''); i++) {
    for (const flag of (args[i] as string).slice(1)) {
      if (flag === 'n') newline = false
      else interpret = flag === 'e'
    }
  }
  const text = args.slice(i).join(' ')
  if (!interpret) return `${text}${newline ? '\n' : ''}`
  const done = backslashes(text, true)
  return `${done.text}${newline && !done.stop ? '\n' : ''}`
}

interface Spec {
  flags: string
  width: string
  precision: string
  kind: string
}

class Printf {
  readonly #sys: Sys
  readonly #args: readonly string[]
  readonly #complain: (message: string) => void
  #at = 0
  used = false
  stop = false
  status = 0

  constructor(sys: Sys, args: readonly string[], complain: (message: string) => void) {
    this.#sys = sys
    this.#args = args
    this.#complain = complain
  }

  get more(): boolean {
    return this.#at < this.#args.length
  }
  #next(): string | undefined {
    this.used = true
    return this.#args[this.#at++]
  }

  once(format: string): string {
    let out = ''
    const pattern = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|q|j|z|t)?([a-zA-Z%])|%|\\|[^%\\]+/g
    for (let i = 0; i < format.length && !this.stop; ) {
      pattern.lastIndex = i
      const m = pattern.exec(format) as RegExpExecArray
      i = m.index + m[0].length
      if (m[0] === '\\') {
        const piece =
          /^\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[^])?/.exec(format.slice(m.index))?.[0] ?? '\\'
        const done = backslashes(piece, false)
        out += done.text
        this.stop = done.stop
        i = m.index + piece.length
      } else if (m[4] === undefined) {
        if (m[0] === '%') {
          this.#complain('%: invalid format')
          this.status = 1
          this.stop = true
        } else out += m[0]
      } else out += this.#conversion({ flags: m[1] ?? '', width: m[2] ?? '', precision: m[3] ?? '', kind: m[4] })
    }
    return out
  }

  #conversion(spec: Spec): string {
    if (spec.kind === '%') return '%'
    if (spec.width === '*') {
      const width = this.#integer(this.#next())
      spec.width = String(Math.abs(Number(width)))
      if (width < 0n) spec.flags += '-'
    }
    if (spec.precision === '*') spec.precision = String(this.#integer(this.#next()))
    const { kind } = spec
    if ('diouxX'.includes(kind)) return this.#whole(spec)
    if ('eEfFgGaA'.includes(kind)) return this.#decimal(spec)
    if (kind === 'c') return pad((this.#next() ?? '').slice(0, 1), spec)
    if (kind === 'b') {
      const done = backslashes(this.#next() ?? '', true)
      this.stop = done.stop
      return pad(done.text, spec)
    }
    if (kind === 'q') return pad(quoted(this.#next() ?? ''), spec)
    if (kind === 's') {
      const text = this.#next() ?? ''
      return pad(spec.precision === '' ? text : text.slice(0, Math.max(0, Number(spec.precision))), spec)
    }
    this.#complain(`%${spec.flags}${spec.width}${kind}: invalid format`)
    this.status = 1
    this.stop = true
    return ''
  }

  #integer(word: string | undefined): bigint {
    if (word === undefined || word === '') return 0n
    if (/^["']/.test(word)) return BigInt(word.codePointAt(1) ?? 0)
    const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(word)
    if (!m || m[0].length < word.length) {
      this.#complain(
        this.#sys.gnu || this.#sys.proc.shell?.flavour === 'bash' ? `${word}: invalid number` : `invalid number '${word}'`,
      )
      this.status = 1
      // busybox takes a wrong number for 0, bash what it could read.
      if (!m || this.#sys.proc.shell?.flavour !== 'bash') return 0n
    }
    const digits = m[2] as string
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
    return m[1] === '-' ? -value : value
  }

  #whole(spec: Spec): string {
    let value = this.#integer(this.#next())
    const { kind } = spec
    if (kind !== 'd' && kind !== 'i' && value < 0n) value = BigInt.asUintN(64, value)
    const size = value < 0n ? -value : value
    let digits =
      kind === 'x'
        ? size.toString(16)
        : kind === 'X'
          ? size.toString(16).toUpperCase()
          : kind === 'o'
            ? size.toString(8)
            : size.toString()
    if (spec.precision !== '') digits = digits.padStart(Number(spec.precision), '0')
    const signed = kind === 'd' || kind === 'i'
    let sign = value < 0n ? '-' : signed && spec.flags.includes('+') ? '+' : signed && spec.flags.includes(' ') ? ' ' : ''
    if (spec.flags.includes('#') && size !== 0n) sign += kind === 'x' ? '0x' : kind === 'X' ? '0X' : kind === 'o' ? '0' : ''
    return padNumber(sign, digits, spec, spec.precision !== '')
  }

  #decimal(spec: Spec): string {
    const word = this.#next() ?? '0'
    const value = Number(word)
    if (Number.isNaN(value) && !/^[-+]?nan$/i.test(word)) {
      this.#complain(`invalid number '${word}'`)
      this.status = 1
    }
    return decimalText(Number.isNaN(value) ? 0 : value, spec)
  }
}

/** A number in C's `%e`, `%f` or `%g`. */
export function decimalText(value: number, spec: Spec): string {
  const size = Math.abs(value)
  const precision = spec.precision === '' ? 6 : Number(spec.precision)
  const exponent = (n: number): string => n.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
  let digits: string
  if (!Number.isFinite(size)) digits = Number.isNaN(size) ? 'nan' : 'inf'
  else if (/f/i.test(spec.kind)) digits = size.toFixed(Math.min(100, precision))
  else if (/e/i.test(spec.kind)) digits = exponent(size)
  else digits = general(size, precision || 1, spec.flags.includes('#'))
  if (/[EGF]/.test(spec.kind)) digits = digits.toUpperCase()
  const sign = value < 0 || Object.is(value, -0) ? '-' : spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : ''
  return padNumber(sign, digits, spec, false)
}

function general(size: number, precision: number, keep: boolean): string {
  if (size === 0) return '0'
  const exponent = Number(size.toExponential(precision - 1).split('e')[1])
  const text =
    exponent < -4 || exponent >= precision
      ? size.toExponential(precision - 1)
      : size.toFixed(Math.max(0, precision - 1 - exponent))
  const [mantissa = '', power] = text.split('e')
  const short = keep || !mantissa.includes('.') ? mantissa : mantissa.replace(/\.?0+$/, '')
  return power === undefined ? short : `${short}e${power[0]}${power.slice(1).padStart(2, '0')}`
}

function pad(text: string, spec: Spec): string {
  const width = Number(spec.width || 0)
  return spec.flags.includes('-') ? text.padEnd(width) : text.padStart(width)
}

function padNumber(sign: string, digits: string, spec: Spec, exact: boolean): string {
  const width = Number(spec.width || 0)
  if (spec.flags.includes('-')) return (sign + digits).padEnd(width)
  if (spec.flags.includes('0') && !exact) return sign + digits.padStart(width - sign.length, '0')
  return (sign + digits).padStart(width)
}

/** As bash's `%q` writes a word. */
function quoted(text: string): string {
  if (text === '') return "''"
  if (/[\n\t\x00-\x1f]/.test(text))
    return `$'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
  return text.replace(/[^\w@%+=:,./-]/g, '\\$&')
}

const MOST = 100_000

export function printfText(
  sys: Sys,
  args: readonly string[],
  complain: (message: string) => void,
): { text: string; status: number } {
  const [format = '', ...values] = args
  const printf = new Printf(sys, values, complain)
  let text = printf.once(format)
  for (let n = 0; printf.more && printf.used && !printf.stop && n < MOST; n++) {
    printf.used = false
    text += printf.once(format)
    if (!printf.used) break
  }
  return { text, status: printf.status }
}

export const echo = program({
  name: 'echo',
  run(sys) {
    const why = sys.write(1, echoText(sys.args, false))
    return why ? 1 : 0
  },
})

export const printf = program({
  name: 'printf',
  usage: 'FORMAT [ARG]...\n\nFormat and print ARG(s) according to FORMAT (a-la C printf)',
  run(sys) {
    if (sys.args.length === 0) return sys.misuse()
    const { text, status } = printfText(sys, sys.args, (message) => sys.err(`${sys.name}: ${message}\n`))
    sys.out(text)
    return status
  },
})

/** Bytes of a text, as numbers. */
export const bytes = (text: string): Uint8Array => bytesOf(text)
