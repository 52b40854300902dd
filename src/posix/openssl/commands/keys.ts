/** Commands about keys: genrsa, genpkey, ecparam, and pkey, rsa and ec, which show and convert. */
import { decodeBytes } from '#api/base64.ts'
import { textOf } from '#api/bytes.ts'
import { bytesOfBig } from '#api/x509/big.ts'
import { type PrivateKey, type PublicKey, privatePem, publicInfo, publicOf, readPublicInfo } from '#api/x509/keys.ts'
import { toPem } from '#api/x509/pem.ts'
import { command, type Job } from '../command.ts'
import { curve, newEc, newKey, newRsa } from '../generate.ts'
import { Wrong } from '../options.ts'
import { serialHex } from '../serial.ts'
import { privateText, publicText } from '../text.ts'

const PASSWORDS = 'aes128 aes192 aes256 des3 camellia256'

function withoutPassword(job: Job): void {
  if (PASSWORDS.split(' ').some((name) => job.has(name)))
    throw new Wrong(`${job.name}: keys with a pass phrase are not supported here\n`)
}

const genrsa = command({
  name: 'genrsa',
  flags: `traditional verbose quiet F4 f4 ${PASSWORDS}`,
  values: 'out rand passout primes',
  run(job) {
    withoutPassword(job)
    const [bits = '2048'] = job.options.rest
    if (!/^\d+$/.test(bits)) throw new Wrong(`genrsa: Can't parse "${bits}" as a number\n`)
    const key = newRsa(job, Number(bits))
    job.write(privatePem(key, job.has('traditional') ? 'traditional' : 'PKCS #8'), true)
    return 0
  },
})

const genpkey = command({
  name: 'genpkey',
  flags: `quiet text ${PASSWORDS}`,
  values: 'algorithm pkeyopt out outform pass',
  run(job) {
    withoutPassword(job)
    const algorithm = job.value('algorithm')
    if (algorithm === undefined) throw new Wrong('genpkey: Use -help for summary.\n')
    const key = newKey(job, algorithm, undefined, algorithm.toUpperCase() === 'RSA')
    job.write(privatePem(key) + (job.has('text') ? privateText(key) : ''), true)
    return 0
  },
})

const PARAMETERS = toPem('EC PARAMETERS', [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])

const ecparam = command({
  name: 'ecparam',
  flags: 'genkey noout list_curves',
  values: 'name out',
  run(job) {
    if (job.has('list_curves')) {
      job.sys.out('  prime256v1: X9.62/SECG curve over a 256 bit prime field\n')
      return 0
    }
    const name = job.value('name')
    if (name === undefined) throw new Wrong('ecparam: Use -help for summary.\n')
    curve(job, name)
    const key = job.has('genkey') ? privatePem(newEc(job), 'traditional') : ''
    job.write((job.has('noout') ? '' : PARAMETERS) + key, true)
    return 0
  },
})

function publicFrom(job: Job, path: string | undefined): PublicKey {
  const bytes = job.pem('PUBLIC KEY', job.read(path, 'public key'))
  const key = bytes && readPublicInfo(bytes)
  if (!key) throw new Wrong(`Could not read public key from ${path ?? '<stdin>'}\n`)
  return key
}

export const modulus = (key: PublicKey): string =>
  key.kind === 'RSA' ? `Modulus=${serialHex(bytesOfBig(key.n))}\n` : 'Modulus=No modulus for this public key type\n'

function show(job: Job, open: PublicKey, secret: PrivateKey | null): number {
  let out = ''
  if (job.has('modulus')) out += modulus(open)
  const text = job.has('text') || job.has('text_pub')
  if (text)
    out +=
      secret && !job.has('text_pub') && !(job.has('pubout') && job.name === 'pkey') ? privateText(secret) : publicText(open, '')
  if (job.has('check')) {
    job.sys.out(job.name === 'rsa' ? 'RSA key ok\n' : 'Key is valid\n')
  }
  if (!job.has('noout')) {
    const isPublic = job.has('pubout') || secret === null
    if (job.name !== 'pkey') job.sys.err(`writing ${job.name.toUpperCase()} key\n`)
    const old = job.has('traditional') || (job.name === 'ec' && !isPublic)
    if (job.value('outform')?.toUpperCase() === 'DER') {
      const pem = isPublic
        ? toPem('PUBLIC KEY', publicInfo(open))
        : privatePem(secret as PrivateKey, old ? 'traditional' : 'PKCS #8')
      out += textOf(decodeBytes(pem.replace(/-----[^-]+-----|\s/g, '')) ?? new Uint8Array())
    } else
      out += isPublic ? toPem('PUBLIC KEY', publicInfo(open)) : privatePem(secret as PrivateKey, old ? 'traditional' : 'PKCS #8')
  }
  job.write(out, secret !== null && !job.has('pubout'))
  return 0
}

const shower = (name: 'pkey' | 'rsa' | 'ec') =>
  command({
    name,
    flags: `pubin pubout noout text text_pub check modulus traditional ${PASSWORDS}`,
    values: 'in out inform outform passin passout',
    run(job) {
      withoutPassword(job)
      if (name === 'ec') job.sys.err('read EC key\n')
      const path = job.value('in')
      const secret = job.has('pubin') ? null : job.key(path, name === 'pkey' ? 'key' : 'private key')
      const open = secret ? publicOf(secret) : publicFrom(job, path)
      if (name === 'rsa' && open.kind !== 'RSA') throw new Wrong('Not an RSA key\n')
      if (name === 'ec' && open.kind !== 'EC') throw new Wrong('unable to load Key\n')
      return show(job, open, secret)
    },
  })

export const keyCommands = [genrsa, genpkey, ecparam, shower('pkey'), shower('rsa'), shower('ec')]
