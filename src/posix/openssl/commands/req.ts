/** `openssl req`: asks for a certificate, or signs one itself (`-x509`); shows what a request asks for. */

import { type Extension, isSignedWith, keyOf } from '#api/x509/certificate.ts'
import { type PrivateKey, privatePem, publicInfo, publicOf } from '#api/x509/keys.ts'
import { toPem } from '#api/x509/pem.ts'
import { command, type Job, Later } from '../command.ts'
import { type Config, pairsOf, readConfig, USUAL } from '../config.ts'
import { lastOfEach, makeExtension } from '../extensions.ts'
import { newKey } from '../generate.ts'
import { type NamePair, nameOf, nameText, readSubject, typeOf } from '../names.ts'
import { numberOf, Wrong } from '../options.ts'
import { keyIdOf, makeCertificate, makeRequest, readRequestBytes } from '../sign.ts'
import { type Request, requestText } from '../text.ts'
import { modulus } from './keys.ts'

const INTRODUCTION = `You are about to be asked to enter information that will be incorporated
into your certificate request.
What you are about to enter is what is called a Distinguished Name or a DN.
There are quite a few fields but you can leave some blank
For some fields there will be a default value,
If you enter '.', the field will be left blank.
-----
`
const EXTRA = "\nPlease enter the following 'extra' attributes\nto be sent with your certificate request\n"
const DAYS = 30
const SERIAL_BITS = 158

/** The key that signs: one that is there, or a new one, which is written down. */
function keyFor(job: Job, config: Config): PrivateKey {
  const path = job.value('key')
  if (path !== undefined && !job.has('newkey')) return job.key(path)
  const [algorithm = 'rsa', size] = (job.value('newkey') ?? 'rsa').split(':')
  const request = config.get('req')
  const bits = size ?? request?.get('default_bits')
  if (!job.has('nodes') && !job.has('noenc') && request?.get('encrypt_key') !== 'no')
    throw new Wrong('req: keys with a pass phrase are not supported here: add -nodes\n')
  const key = newKey(job, algorithm, bits === undefined ? undefined : numberOf('req', bits), algorithm.toUpperCase() === 'RSA')
  if (!job.data.told) job.sys.err('-----\n')
  job.data.told = true
  job.write(privatePem(key), true, job.value('keyout') ?? request?.get('default_keyfile') ?? 'privkey.pem')
  return key
}

/** One question and its answer; waits for the line. */
function ask(job: Job, question: string, usual: string): string {
  const { data, sys } = job
  data.answers ??= []
  const answers: string[] = data.answers
  const at: number = (data.asked ??= 0)
  if (at < answers.length) {
    data.asked += 1
    return answers[at] as string
  }
  if (data.pending !== at) sys.err(`${question} [${usual}]:`)
  data.pending = at
  const line = sys.line(0)
  if (line === undefined) throw new Later()
  if (line === null) throw new Wrong('Error making certificate request\n')
  const text = line.replace(/\r?\n$/, '')
  const answer = text === '.' ? '' : text === '' ? usual : text
  answers.push(answer)
  data.asked += 1
  return answer
}

function asked(job: Job, config: Config): { subject: NamePair[]; challenge: string } {
  const { data } = job
  data.asked = 0
  const section = config.get(config.get('req')?.get('distinguished_name') ?? '')
  if (!section) throw new Wrong('Error: No objects specified in config file\n')
  if (!data.introduced) job.sys.err(INTRODUCTION)
  data.introduced = true
  const of = (name: string, what: string) => section.get(`${name}_${what}`)
  const subject: NamePair[] = []
  for (const [name, question] of section) {
    const type = name.replace(/^\d+\./, '')
    if (/_(?:default|min|max)$/.test(name) || !typeOf(type)) continue
    const text = ask(job, question, of(name, 'default') ?? '')
    const [most, least] = [Number(of(name, 'max') ?? Infinity), Number(of(name, 'min') ?? 0)]
    if (text.length > most || (text !== '' && text.length < least)) {
      const why = text.length > most ? `long, must be at most ${most}` : `short, must be at least ${least}`
      job.sys.err(`String too ${why} bytes long\n`)
      data.answers.pop()
      data.asked -= 1
      delete data.pending
      return asked(job, config)
    }
    subject.push([type, text])
  }
  if (subject.every(([, text]) => text === ''))
    throw new Wrong('Error: No objects specified in config file\nError making certificate request\n')
  const attributes = job.has('x509') ? undefined : config.get(config.get('req')?.get('attributes') ?? '')
  if (!attributes) return { subject, challenge: '' }
  if (!data.more) job.sys.err(EXTRA)
  data.more = true
  const [challenge = ''] = [...attributes].filter(([name]) => !name.includes('_')).map(([, question]) => ask(job, question, ''))
  return { subject, challenge }
}

function subjectFor(job: Job, config: Config): { subject: NamePair[]; challenge: string } {
  const given = job.value('subj')
  if (given !== undefined) return { subject: readSubject('req', given, (line) => job.sys.err(line)), challenge: '' }
  if (config.get('req')?.get('prompt') !== 'no') return asked(job, config)
  const section = config.get(config.get('req')?.get('distinguished_name') ?? '')
  return { subject: pairsOf(section).filter(([type]) => typeOf(type)), challenge: '' }
}

function extensionsFor(job: Job, config: Config, key: PrivateKey, name: readonly number[]): Extension[] {
  const wanted = job.value(job.has('x509') ? 'extensions' : 'reqexts') ?? job.value('extensions')
  const section = wanted ?? config.get('req')?.get(job.has('x509') ? 'x509_extensions' : 'req_extensions')
  if (section !== undefined && !config.has(section))
    throw new Wrong(`Error checking ${job.has('x509') ? 'x509' : 'request'} extension section ${section}\n`)
  const id = keyIdOf(Uint8Array.from(publicInfo(publicOf(key))))
  const about = { keyId: id, issuerKeyId: id, issuerName: name, issuerSerial: [0] }
  const lines = [
    ...(section === undefined ? [] : (config.get(section) ?? new Map())),
    ...job.options.all('addext').map((each): [string, string] => {
      const cut = each.indexOf('=')
      return [each.slice(0, cut).trim(), each.slice(cut + 1).trim()]
    }),
  ]
  return lastOfEach(lines.map(([type, line]) => makeExtension(type, line, config, about)))
}

function make(job: Job): number {
  const path = job.value('config')
  const config = readConfig(path === undefined ? USUAL : job.read(path, 'configuration'))
  const key = keyFor(job, config)
  const { subject, challenge } = subjectFor(job, config)
  const name = nameOf(subject)
  const extensions = extensionsFor(job, config, key, name)
  if (job.has('noout')) return 0
  if (!job.has('x509')) {
    const bytes = makeRequest(name, key, extensions, challenge)
    const request = readRequestBytes(Uint8Array.from(bytes))
    if (job.has('text') && request) job.write(requestText(request) + toPem('CERTIFICATE REQUEST', bytes))
    else job.write(toPem('CERTIFICATE REQUEST', bytes))
    return 0
  }
  const serial = job.value('set_serial')
  const info = publicInfo(publicOf(key))
  const number = serial === undefined ? job.random(SERIAL_BITS) : BigInt(serial)
  const days = numberOf('req', job.value('days') ?? String(DAYS))
  const issue = { issuer: name, subject: name, from: job.sys.now, days, publicInfo: info, extensions }
  job.write(toPem('CERTIFICATE', makeCertificate({ ...issue, serial: serialBytes(number) }, key)))
  return 0
}

export const serialBytes = (value: bigint): number[] => {
  const digits = value.toString(16)
  return (digits.padStart(digits.length + (digits.length & 1), '0').match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))
}

export function requestIn(job: Job, path: string | undefined): { request: Request; bytes: Uint8Array } {
  const text = job.read(path, 'certificate request')
  const bytes = job.pem('CERTIFICATE REQUEST', text) ?? job.pem('NEW CERTIFICATE REQUEST', text)
  const request = bytes && readRequestBytes(bytes)
  if (!bytes || !request)
    throw new Wrong(
      'Unable to load X509 request\n40B75F81187F0000:error:0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:760:Expecting: CERTIFICATE REQUEST\n',
    )
  return { request, bytes }
}

function show(job: Job): number {
  const { request, bytes } = requestIn(job, job.value('in'))
  if (job.has('verify')) {
    const ok = isSignedWith(request, keyOf(request))
    job.sys.err(`Certificate request self-signature ${ok ? 'verify OK' : 'verify failure'}\n`)
    if (!ok) return 1
  }
  let out = ''
  if (job.has('text')) out += requestText(request)
  const key = keyOf(request)
  if (job.has('pubkey')) out += toPem('PUBLIC KEY', [...request.publicInfo])
  if (job.has('subject')) out += `subject=${nameText(request.subject, job.value('nameopt')) ?? ''}\n`
  if (job.has('modulus') && key) out += modulus(key)
  if (!job.has('noout')) out += toPem('CERTIFICATE REQUEST', [...bytes])
  job.write(out)
  return 0
}

export const req = command({
  name: 'req',
  flags: 'new nodes noenc x509 text noout verify subject pubkey modulus batch sha256 utf8 verbose',
  values: 'in out key keyout newkey pkeyopt subj config days addext extensions reqexts set_serial nameopt inform outform',
  run: (job) => (job.has('new') || job.has('newkey') || job.has('x509') ? make(job) : show(job)),
})
