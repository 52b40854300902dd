/** `gzip`, `gunzip` and `zcat`. */
import { gunzipSync, gzipSync } from 'fflate'
import { bytesOf, textOf } from '#api/bytes.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { cannotOpen, parseArgs, whole, wrongOption } from './text-io.ts'

/** Bytes of a file that begin a gzip member; as text, the second is none of UTF-8's. */
const MAGIC = '\x1f\udc8b'
export const zipped = (text: string): boolean => text.startsWith(MAGIC)

export const zip = (sys: Sys, text: string, name = '', level = 6): string =>
  textOf(
    gzipSync(bytesOf(text), {
      // Zero would be taken for now.
      mtime: Math.max(1000, sys.now),
      level: level as 6,
      ...(name ? { filename: name } : {}),
    }),
  )

/** Null: it is none, or broken. */
export function unzip(text: string): string | null {
  if (!zipped(text)) return null
  try {
    return textOf(gunzipSync(bytesOf(text)))
  } catch {
    return null
  }
}

const LONG = {
  decompress: 'd',
  uncompress: 'd',
  stdout: 'c',
  'to-stdout': 'c',
  force: 'f',
  keep: 'k',
  quiet: 'q',
  verbose: 'v',
  test: 't',
  fast: '1',
  best: '9',
  'no-name': 'n',
}

/** The name a file has afterwards; null: it cannot be told. */
function nameAfter(name: string, back: boolean): string | null {
  if (!back) return `${name}.gz`
  const m = /^(.+)\.(gz|tgz|Z)$/.exec(name)
  return m ? `${m[1]}${m[2] === 'tgz' ? '.tar' : ''}` : null
}

interface Options {
  back: boolean
  flags: Set<string>
  level: number
}

/** What comes of one file's text; null: something was wrong, and said. */
function made(sys: Sys, name: string, text: string, { back, flags, level }: Options): string | null {
  if (!back) return zip(sys, text, name === '-' || flags.has('n') ? '' : (name.split('/').pop() as string), level)
  const out = unzip(text)
  if (out !== null) return out
  const shown = name === '-' ? 'stdin' : name
  if (sys.gnu) sys.fail(zipped(text) ? `${shown}: unexpected end of file` : `${shown}: not in gzip format`)
  else sys.fail(zipped(text) ? 'corrupted data' : 'invalid magic')
  return null
}

function one(sys: Sys, name: string, text: string, options: Options): number {
  const { back, flags } = options
  const toOut = name === '-' || flags.has('c')
  const target = toOut || flags.has('t') ? '' : nameAfter(name, back)
  if (target === null) return sys.fail(sys.gnu ? `${name}: unknown suffix -- ignored` : `${name}: unknown suffix - ignored`, 2)
  if (!back && target && /\.gz$/.test(name) && sys.gnu)
    return sys.fail(`${name} already has .gz suffix -- unchanged`, flags.has('f') ? 0 : 2)
  if (!back && toOut && sys.isTty(1) && !flags.has('f'))
    return sys.fail(
      sys.gnu
        ? 'compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h'
        : 'compressed data not written to a terminal, use -f to force it',
    )
  if (target && sys.exists(target) && !flags.has('f'))
    return sys.fail(
      sys.gnu ? `${target} already exists;\tnot overwritten` : `can't open '${target}': File exists`,
      sys.gnu ? 2 : 1,
    )
  const out = made(sys, name, text, options)
  if (out === null) return 1
  if (flags.has('t')) return 0
  if (toOut) {
    sys.out(out)
    return 0
  }
  const why = sys.put(target as string, out)
  if (why) return sys.fail(`${target}: ${why}`)
  const place = sys.at(name)
  if (typeof place !== 'string') {
    const { mode, mtime, uid, gid } = place.node
    sys.change(target as string, { mode, mtime, ...(sys.proc.uid === 0 ? { uid, gid } : {}) })
  }
  if (!flags.has('k')) sys.unlink(name)
  return 0
}

const zipper = (name: string, usage: string): Program =>
  program({
    name,
    usage,
    run(sys, data) {
      const parsed = parseArgs(sys.args, 'cdfkqvtn123456789', '', LONG)
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const { flags } = parsed
      if (name === 'zcat') flags.add('c')
      const back = name !== 'gzip' || flags.has('d') || flags.has('t')
      const level = Number([...flags].find((flag) => /\d/.test(flag)) ?? 6)
      const names = parsed.rest.length > 0 ? parsed.rest : ['-']
      data.status ??= 0
      for (data.k ??= 0; data.k < names.length; data.k++) {
        const file = names[data.k] as string
        const read = whole(sys, data, `f${data.k}`, file)
        if (read === undefined) return undefined
        if ('why' in read) {
          cannotOpen(sys, file, read.why)
          data.status = 1
        } else data.status = one(sys, file, read.text, { back, flags, level }) || data.status
        // What is done need not be kept.
        data[`f${data.k}`] = null
      }
      return data.status
    },
  })

export const zippers: readonly Program[] = [
  zipper(
    'gzip',
    '[-cfkdt123456789] [FILE]...\n\nCompress FILEs (or stdin)\n\n\t-1..9\tCompression level\n\t-d\tDecompress\n\t-c\tWrite to stdout\n\t-f\tForce\n\t-k\tKeep input files\n\t-t\tTest integrity',
  ),
  zipper(
    'gunzip',
    '[-cfkt] [FILE]...\n\nDecompress FILEs (or stdin)\n\n\t-c\tWrite to stdout\n\t-f\tForce\n\t-k\tKeep input files\n\t-t\tTest integrity',
  ),
  zipper('zcat', '[FILE]...\n\nDecompress to stdout'),
]
