/** Small commands: rand, base64, dgst and the digests by name, version. */
import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { bytesOf, textOf } from '#api/bytes.ts'
import { hmac } from '#api/hmac.ts'
import { hex } from '#api/sha256.ts'
import { md5, sha1, sha256, sha512 } from '../../hashes.ts'
import { command, type Job } from '../command.ts'
import { numberOf, Wrong } from '../options.ts'

const VERSION = 'OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)\n'
const MOST_RANDOM = 1 << 20

const folded = (text: string): string => (text === '' ? '' : `${text.replace(/.{64}(?=.)/g, '$&\n')}\n`)

const rand = command({
  name: 'rand',
  flags: 'hex base64',
  values: 'out',
  run(job) {
    const [count, ...more] = job.options.rest
    if (more.length > 0 || (count === undefined && !job.has('hex') && !job.has('base64')))
      throw new Wrong('rand: Use -help for summary.\n')
    const bytes = Array.from({ length: Math.min(MOST_RANDOM, numberOf('rand', count ?? '0')) }, () => job.sys.kernel.random(256))
    const text = job.has('hex') ? `${hex(bytes).toLowerCase()}\n` : job.has('base64') ? folded(encodeBytes(bytes)) : null
    job.write(text ?? textOf(Uint8Array.from(bytes)))
    return 0
  },
})

function convert(job: Job): number {
  const text = job.read(job.value('in'), 'input')
  const whole = job.has('A') || job.has('a64')
  if (job.has('d')) job.write(textOf(decodeBytes(text.replace(/\s/g, '')) ?? new Uint8Array()))
  else job.write(whole ? encodeBytes(bytesOf(text)) : folded(encodeBytes(bytesOf(text))))
  return 0
}

const base64 = command({ name: 'base64', flags: 'd e A', values: 'in out', run: convert })
const enc = command({
  name: 'enc',
  flags: 'd e A base64 a',
  values: 'in out',
  run(job) {
    if (!job.has('base64') && !job.has('a')) throw new Wrong('enc: ciphers are not supported here, only -base64\n')
    return convert(job)
  },
})

const DIGESTS = { md5, sha1, sha256, sha512 } as const
type Digest = keyof typeof DIGESTS
const TITLES: Readonly<Record<Digest, string>> = { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA2-256', sha512: 'SHA2-512' }

function digest(job: Job, name: Digest): number {
  const key = job.value('hmac')
  if (key !== undefined && name !== 'sha256') throw new Wrong('dgst: -hmac is supported here with -sha256 only\n')
  let out = ''
  for (const path of job.options.rest.length > 0 ? job.options.rest : [undefined]) {
    if (path !== undefined && !job.exists(path)) throw new Wrong(`${path}: No such file or directory\n`)
    const bytes = bytesOf(job.read(path, 'input'))
    const sum = key === undefined ? DIGESTS[name](bytes) : hex(hmac([...bytesOf(key)], [...bytes])).toLowerCase()
    out += job.has('r') ? `${sum} *${path ?? 'stdin'}\n` : `${TITLES[name]}(${path ?? 'stdin'})= ${sum}\n`
  }
  job.write(out)
  return 0
}

const names = Object.keys(DIGESTS) as Digest[]
const dgst = command({
  name: 'dgst',
  flags: `r hex ${names.join(' ')}`,
  values: 'out hmac',
  run: (job) => digest(job, names.findLast((name) => job.has(name)) ?? 'sha256'),
})
const byName = names.map((name) => command({ name, flags: 'r hex', values: 'out hmac', run: (job) => digest(job, name) }))

const version = command({
  name: 'version',
  flags: 'a v',
  values: '',
  run(job) {
    job.sys.out(VERSION)
    return 0
  },
})

export const smallCommands = [rand, base64, enc, dgst, ...byName, version]
