/** `openssl x509`: shows certificates, and signs requests as an authority does (`-req`). */
import { formatTime } from '#api/time.ts'
import { type Certificate, type Extension, isSignedWith, keyOf, readCertificate } from '#api/x509/certificate.ts'
import { type PrivateKey, publicInfo, publicOf, readPublicInfo, sameKey } from '#api/x509/keys.ts'
import { toPem } from '#api/x509/pem.ts'
import { md5, sha1, sha256, sha512 } from '../../hashes.ts'
import { command, type Job } from '../command.ts'
import { type Config, readConfig } from '../config.ts'
import { extensionText, idOf, lastOfEach, makeExtension } from '../extensions.ts'
import { nameText, oneLine } from '../names.ts'
import { numberOf, Wrong } from '../options.ts'
import { serialHex } from '../serial.ts'
import { keyIdOf, makeCertificate } from '../sign.ts'
import { certificateText, timeText } from '../text.ts'
import { modulus } from './keys.ts'
import { requestIn, serialBytes } from './req.ts'

const DAYS = 30
const SERIAL_BITS = 159
const DIGESTS = { md5, sha1, sha256, sha512 } as const
const COLONS = /..(?=.)/g

export function certificateIn(job: Job, path: string | undefined, what = 'certificate'): Certificate {
  const certificate = readCertificate(job.read(path, what))
  if (!certificate) throw new Wrong(`Could not read ${what} from ${path ?? '<stdin>'}\nUnable to load ${what}\n`)
  return certificate
}

/** What one option prints; null: it is about something else. */
function part(job: Job, certificate: Certificate, option: string, value: string): string | null {
  const dated = (ms: number): string => (job.value('dateopt') === 'iso_8601' ? formatTime(ms).replace('T', ' ') : timeText(ms))
  const key = keyOf(certificate)
  switch (option) {
    case 'text':
      return certificateText(certificate)
    case 'subject':
    case 'issuer':
      return `${option}=${nameText(certificate[option], job.value('nameopt')) ?? oneLine(certificate[option])}\n`
    case 'serial':
      return `serial=${serialHex(certificate.serial)}\n`
    case 'startdate':
      return `notBefore=${dated(certificate.from)}\n`
    case 'enddate':
      return `notAfter=${dated(certificate.until)}\n`
    case 'dates':
      return `notBefore=${dated(certificate.from)}\nnotAfter=${dated(certificate.until)}\n`
    case 'fingerprint': {
      const name = job.options.given.findLast(([each]) => each in DIGESTS)?.[0] as keyof typeof DIGESTS | undefined
      const digest = DIGESTS[name ?? 'sha1'](certificate.whole).toUpperCase().replace(COLONS, '$&:')
      return `${name ?? 'SHA1'} Fingerprint=${digest}\n`
    }
    case 'pubkey':
      return toPem('PUBLIC KEY', [...certificate.publicInfo])
    case 'modulus':
      return key ? modulus(key) : null
    case 'ext': {
      const found = extensionsNamed(certificate, value)
      if (found === '') job.sys.err('No extensions in certificate\n')
      return found
    }
    case 'checkend': {
      const ends = certificate.until < job.sys.now + numberOf('x509', value) * 1000
      job.data.status = ends ? 1 : 0
      return `Certificate will ${ends ? '' : 'not '}expire\n`
    }
    default:
      return null
  }
}

function extensionsNamed({ extensions }: Certificate, names: string): string {
  const ids = names.split(',').map((name) => idOf(name) ?? name)
  return extensions
    .filter(({ id }) => ids.includes(id))
    .map((each) => extensionText(each, ''))
    .join('')
}

function show(job: Job, certificate: Certificate): number {
  let out = ''
  for (const [option, value] of job.options.given) out += part(job, certificate, option, value) ?? ''
  if (!job.has('noout')) out += toPem('CERTIFICATE', [...certificate.whole])
  job.write(out)
  return job.data.status ?? 0
}

/** The authority's next number: what its file says, or one by chance, which the file then holds. */
function serialFor(job: Job, ca: string): readonly number[] {
  const given = job.value('set_serial')
  if (given !== undefined) return serialBytes(BigInt(given))
  const path = job.value('CAserial') ?? ca.replace(/\.[^./]*$|$/, '.srl')
  let number: bigint
  if (job.exists(path)) number = BigInt(`0x${job.read(path, 'serial number').trim() || '0'}`) + 1n
  else if (job.has('CAcreateserial') || job.value('CAserial') === undefined) number = job.random(SERIAL_BITS)
  else throw new Wrong(`${path}: No such file or directory\n`)
  if (job.has('CAcreateserial') || job.exists(path)) job.write(`${serialHex(serialBytes(number))}\n`, false, path)
  return serialBytes(number)
}

interface Authority {
  key: PrivateKey
  name: readonly number[]
  keyId: readonly number[]
  serial: readonly number[]
  certificate: Certificate | null
}

function authorityFor(job: Job, subject: readonly number[]): Authority {
  const ca = job.value('CA')
  if (ca === undefined) {
    const path = job.value('signkey') ?? job.value('key')
    if (path === undefined) throw new Wrong('We need a private key to sign with, use -key or -CAkey or -CA with private key\n')
    const key = job.key(path)
    const keyId = keyIdOf(Uint8Array.from(publicInfo(publicOf(key))))
    return { key, name: subject, keyId, serial: serialBytes(job.random(SERIAL_BITS)), certificate: null }
  }
  const certificate = certificateIn(job, ca, 'CA certificate')
  const key = job.key(job.value('CAkey') ?? ca, 'CA private key')
  const open = readPublicInfo(certificate.publicInfo)
  if (!open || !sameKey(open, publicOf(key)))
    throw new Wrong(
      `CA certificate and CA private key do not match\n${job.trace('05800074', 'x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:403:')}`,
    )
  const keyId = keyIdOf(certificate.publicInfo)
  return { key, name: [...certificate.subject.whole], keyId, serial: serialFor(job, ca), certificate }
}

/** The section of `-extfile` that tells the extensions. */
function sectionFor(job: Job): { config: Config; section: string } | null {
  const path = job.value('extfile')
  if (path === undefined) return null
  const config = readConfig(job.read(path, 'extensions'))
  const section = job.value('extensions') ?? config.get('default')?.get('extensions') ?? 'default'
  if (!config.has(section)) throw new Wrong(`Error checking extension section ${section}\n`)
  return { config, section }
}

function extensionsFor(job: Job, { keyId, certificate }: Authority, info: Uint8Array, asked: readonly Extension[]): Extension[] {
  const copied = /^copy(?:all)?$/.test(job.value('copy_extensions') ?? '') ? asked : []
  const found = sectionFor(job)
  if (!found && copied.length === 0) return []
  const { config, section } = found ?? { config: readConfig(''), section: 'default' }
  const about = {
    keyId: keyIdOf(info),
    issuerKeyId: keyId,
    issuerName: certificate ? [...certificate.issuer.whole] : [],
    issuerSerial: certificate ? [...certificate.serial] : [0],
  }
  const make = (name: string, line: string): Extension => makeExtension(name, line, config, about)
  const lines = [...(config.get(section) ?? [])].filter(([name]) => section !== 'default' || idOf(name))
  const own = lastOfEach([...copied, ...lines.map(([name, line]) => make(name, line))])
  const usual = [make('subjectKeyIdentifier', 'hash'), make('authorityKeyIdentifier', 'keyid')]
  return [...own, ...usual.filter(({ id }) => !own.some((each) => each.id === id))]
}

function sign(job: Job): number {
  sectionFor(job)
  const { request } = requestIn(job, job.value('in'))
  const ok = isSignedWith(request, keyOf(request))
  if (!job.data.told) {
    job.sys.err(
      ok
        ? `Certificate request self-signature ok\nsubject=${oneLine(request.subject)}\n`
        : 'Certificate request self-signature did not match the contents\n',
    )
  }
  job.data.told = true
  if (!ok) return 1
  const subject = [...request.subject.whole]
  const authority = authorityFor(job, subject)
  const bytes = makeCertificate(
    {
      serial: authority.serial,
      issuer: authority.name,
      subject,
      from: job.sys.now,
      days: numberOf('x509', job.value('days') ?? String(DAYS)),
      publicInfo: [...request.publicInfo],
      extensions: extensionsFor(job, authority, request.publicInfo, request.extensions),
    },
    authority.key,
  )
  const made = readCertificate(toPem('CERTIFICATE', bytes))
  return made ? show(job, made) : 1
}

export const x509 = command({
  name: 'x509',
  flags: `req noout text subject issuer serial startdate enddate dates fingerprint pubkey modulus CAcreateserial ${Object.keys(DIGESTS).join(' ')}`,
  values:
    'in out inform outform ext checkend days CA CAkey CAserial set_serial signkey key extfile extensions copy_extensions nameopt dateopt',
  run: (job) => (job.has('req') ? sign(job) : show(job, certificateIn(job, job.value('in')))),
})
