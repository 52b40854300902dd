/** Programs over bytes: checksums, base64, od, hexdump, xxd, strings. */
import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { bytesOf, textOf } from '#api/bytes.ts'
import { md5, sha1, sha256, sha512 } from '../hashes.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { sizeOf } from './text.ts'
import { cannotOpen, everything, inputs, parseArgs, whole, wrongOption } from './text-io.ts'

const sum = (name: string, digest: (bytes: Uint8Array) => string): Program =>
  program({
    name,
    usage: '[-c[sw]] [FILE]...\n\nPrint or check checksums',
    run(sys, data) {
      const parsed = parseArgs(sys.args, 'cswbt', '', { check: 'c', status: 's' })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const names = parsed.rest.length > 0 ? parsed.rest : ['-']
      data.status ??= 0
      for (data.k ??= 0; data.k < names.length; data.k++) {
        const file = names[data.k] as string
        const read = whole(sys, data, `f${data.k}`, file)
        if (read === undefined) return undefined
        if ('why' in read) {
          cannotOpen(sys, file, read.why)
          data.status = 1
        } else if (parsed.flags.has('c')) data.status = check(sys, read.text, digest, parsed.flags.has('s')) || data.status
        else sys.out(`${digest(bytesOf(read.text))}  ${file}\n`)
      }
      return data.status
    },
  })

function check(sys: Sys, list: string, digest: (bytes: Uint8Array) => string, quiet: boolean): number {
  let bad = 0
  let count = 0
  for (const line of list.split('\n')) {
    const m = /^([0-9a-f]+) [ *](.*)$/.exec(line)
    if (!m) continue
    count += 1
    const read = sys.text(m[2] as string)
    const same = !failed(read) && digest(bytesOf(read.text)) === m[1]
    if (failed(read)) cannotOpen(sys, m[2] as string, read)
    if (!same) bad += 1
    if (!quiet) sys.out(`${m[2]}: ${same ? 'OK' : 'FAILED'}\n`)
  }
  if (bad > 0 && !quiet) sys.err(`${sys.name}: WARNING: ${bad} of ${count} computed checksums did NOT match\n`)
  return bad > 0 ? 1 : 0
}

const base64 = program({
  name: 'base64',
  usage: '[-d] [-w COL] [FILE]\n\nBase64 encode or decode FILE to standard output',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'di', 'w', { decode: 'd', wrap: 'w', 'ignore-garbage': 'i' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const name = parsed.rest[0] ?? '-'
    const read = whole(sys, data, 'in', name)
    if (read === undefined) return undefined
    if ('why' in read) {
      cannotOpen(sys, name, read.why)
      return 1
    }
    if (parsed.flags.has('d')) {
      const bytes = decodeBytes(read.text.replace(/\s/g, ''))
      if (!bytes) return sys.fail(sys.gnu ? 'invalid input' : 'truncated input')
      sys.out(textOf(bytes))
      return 0
    }
    const text = encodeBytes(bytesOf(read.text))
    const width = Number(parsed.values['w'] ?? 76)
    if (width === 0) sys.out(text)
    else for (let i = 0; i < text.length; i += width) sys.out(`${text.slice(i, i + width)}\n`)
    return 0
  },
})

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0')

/** Lines of sixteen bytes; equal ones in a row become one `*`. */
function dump(sys: Sys, bytes: Uint8Array, per: number, line: (chunk: Uint8Array, at: number) => string, end: string): void {
  let last = ''
  let starred = false
  for (let at = 0; at < bytes.length; at += per) {
    const chunk = bytes.slice(at, at + per)
    const key = chunk.join(',')
    if (key === last && chunk.length === per) {
      if (!starred) sys.out('*\n')
      starred = true
      continue
    }
    last = key
    starred = false
    sys.out(line(chunk, at))
  }
  sys.out(end)
}

const printable = (chunk: Uint8Array): string =>
  [...chunk].map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
}

const od = program({
  name: 'od',
  usage: '[-abcdfhilovxs] [-t TYPE] [-A RADIX] [-N SIZE] [-j SKIP] [-S MINSTR] [-w WIDTH] [FILE]...',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'abcdfhilovxs', 'tANjw')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    data.at ??= inputs(parsed.rest)
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    let bytes = bytesOf(text).slice(Number(parsed.values['j'] ?? 0))
    if (parsed.values['N'] !== undefined) bytes = bytes.slice(0, sizeOf(parsed.values['N']))
    const radix = parsed.values['A'] ?? 'o'
    const offset = (n: number): string =>
      radix === 'n' ? '' : radix === 'x' ? hex(n, 6) : radix === 'd' ? String(n).padStart(7, '0') : n.toString(8).padStart(7, '0')
    const kind =
      parsed.values['t'] ??
      (parsed.flags.has('c')
        ? 'c'
        : parsed.flags.has('x')
          ? 'x2'
          : parsed.flags.has('b')
            ? 'o1'
            : parsed.flags.has('d')
              ? 'u2'
              : 'o2')
    dump(sys, bytes, 16, (chunk, at) => `${offset(at)}${cells(chunk, kind)}\n`, radix === 'n' ? '' : `${offset(bytes.length)}\n`)
    return data.at.status
  },
})

function cells(chunk: Uint8Array, kind: string): string {
  if (kind === 'c' || kind === 'a')
    return [...chunk]
      .map((b) => ` ${(NAMED[b] ?? (b >= 32 && b < 127 ? String.fromCharCode(b) : b.toString(8).padStart(3, '0'))).padStart(3)}`)
      .join('')
  const size = Number(/\d/.exec(kind)?.[0] ?? 4)
  let out = ''
  for (let i = 0; i < chunk.length; i += size) {
    let n = 0n
    for (let k = size - 1; k >= 0; k--) n = (n << 8n) | BigInt(chunk[i + k] ?? 0)
    if (kind.startsWith('x')) out += ` ${n.toString(16).padStart(size * 2, '0')}`
    else if (kind.startsWith('o')) out += ` ${n.toString(8).padStart(Math.ceil((size * 8) / 3), '0')}`
    else if (kind.startsWith('d'))
      out += ` ${BigInt.asIntN(size * 8, n)
        .toString()
        .padStart([0, 4, 6, 0, 11, 0, 0, 0, 20][size] ?? 11)}`
    else out += ` ${n.toString().padStart([0, 3, 5, 0, 10, 0, 0, 0, 20][size] ?? 10)}`
  }
  return out
}

const hexdump = program({
  name: 'hexdump',
  also: ['hd'],
  usage: '[-bcdoxCv] [-e FMT] [-f FMT_FILE] [-n LEN] [-s OFS] [FILE]...',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'bcdoxCv', 'efns')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    data.at ??= inputs(parsed.rest)
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    let bytes = bytesOf(text).slice(Number(parsed.values['s'] ?? 0))
    if (parsed.values['n'] !== undefined) bytes = bytes.slice(0, Number(parsed.values['n']))
    if (parsed.flags.has('C') || sys.name === 'hd') {
      const half = (part: Uint8Array): string => [...part].map((b) => hex(b, 2)).join(' ')
      dump(
        sys,
        bytes,
        16,
        (chunk, at) =>
          `${hex(at, 8)}  ${`${half(chunk.slice(0, 8))}${chunk.length > 8 ? `  ${half(chunk.slice(8))}` : ''}`.padEnd(50)}|${printable(chunk)}|\n`,
        bytes.length > 0 ? `${hex(bytes.length, 8)}\n` : '',
      )
      return data.at.status
    }
    dump(
      sys,
      bytes,
      16,
      (chunk, at) => {
        let out = hex(at, 7)
        for (let i = 0; i < chunk.length; i += 2) out += ` ${hex((chunk[i] as number) | ((chunk[i + 1] ?? 0) << 8), 4)}`
        return `${sys.gnu ? out : out.padEnd(47)}\n`
      },
      bytes.length > 0 ? `${hex(bytes.length, 7)}\n` : '',
    )
    return data.at.status
  },
})

const xxd = program({
  name: 'xxd',
  usage: '[-pr] [-g N] [-c N] [-l LEN] [-s OFS] [-o OFS] [FILE]',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'pri', 'gclso')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    data.at ??= inputs(parsed.rest.slice(0, 1))
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    if (parsed.flags.has('r')) {
      const digits = parsed.flags.has('p')
        ? text.replace(/\s/g, '')
        : text.replace(/^\w+: (.*?) {2}.*$/gm, '$1').replace(/\s/g, '')
      sys.out(textOf(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))))
      return 0
    }
    let bytes = bytesOf(text)
    if (parsed.values['l'] !== undefined) bytes = bytes.slice(0, Number(parsed.values['l']))
    if (parsed.flags.has('p')) {
      const all = [...bytes].map((b) => hex(b, 2)).join('')
      for (let i = 0; i < all.length; i += 60) sys.out(`${all.slice(i, i + 60)}\n`)
      return 0
    }
    const per = Number(parsed.values['c'] ?? 16)
    for (let at = 0; at < bytes.length; at += per) {
      const chunk = bytes.slice(at, at + per)
      let body = ''
      for (let i = 0; i < per; i += 2)
        body += `${i < chunk.length ? hex(chunk[i] as number, 2) : '  '}${i + 1 < chunk.length ? hex(chunk[i + 1] as number, 2) : '  '} `
      sys.out(`${hex(at, 8)}: ${body} ${printable(chunk)}\n`)
    }
    return 0
  },
})

const strings = program({
  name: 'strings',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'afo', 'n')
    data.at ??= inputs(parsed.rest)
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    const least = Number(parsed.values['n'] ?? 4)
    for (const found of text.match(/[\x20-\x7e\t]+/g) ?? []) if (found.length >= least) sys.out(`${found}\n`)
    return data.at.status
  },
})

export const byteApplets: readonly Program[] = [
  sum('md5sum', md5),
  sum('sha1sum', sha1),
  sum('sha256sum', sha256),
  sum('sha512sum', sha512),
  base64,
  od,
  hexdump,
  xxd,
  strings,
]
