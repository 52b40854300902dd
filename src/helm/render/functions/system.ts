/** sprig's functions on paths, addresses, versions, and chance. */
import { fn, type GoFunction, GoObject, type Value } from '#gotemplate/index.ts'
import { compareVersions, parseRange, parseVersion, type Version, versionText } from '../../chart/semver.ts'
import { base64 } from './hashes.ts'

/** Go's path.Clean. */
function cleaned(path: string): string {
  if (path === '') return '.'
  const rooted = path.startsWith('/')
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (part !== '..' || !rooted) out.push(part)
  }
  return (rooted ? '/' : '') + out.join('/') || '.'
}
const base = (path: string): string => (path === '' ? '.' : path.replace(/\/+$/, '').split('/').at(-1) || '/')
const dir = (path: string): string => cleaned(path.slice(0, path.lastIndexOf('/') + 1))
const ext = (path: string): string => /\.[^./]*$/.exec(path)?.[0] ?? ''

const paths: Record<string, GoFunction> = {
  base: fn(['string'], base),
  dir: fn(['string'], dir),
  clean: fn(['string'], cleaned),
  ext: fn(['string'], ext),
  isAbs: fn(['string'], (path: string) => path.startsWith('/')),
}

function urlParse(text: string): Record<string, Value> {
  const found = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text)
  if (!found) throw new Error(`unable to parse url: parse ${JSON.stringify(text)}`)
  const [, scheme = '', userinfo = '', host = '', path = '', query = '', fragment = ''] = found
  const opaque = scheme && !text.slice(scheme.length + 1).startsWith('/') ? path : ''
  const hostname = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
  return {
    scheme: scheme.toLowerCase(),
    host,
    hostname,
    path: opaque ? '' : decodeURIComponent(path),
    query,
    opaque,
    fragment,
    userinfo,
  }
}
function urlJoin(parts: Record<string, string>): string {
  const { scheme = '', host = '', path = '', query = '', opaque = '', fragment = '', userinfo = '' } = parts
  const authority = host || userinfo ? `//${userinfo && `${userinfo}@`}${host}` : ''
  return `${scheme && `${scheme}:`}${opaque || authority + (path && authority && !path.startsWith('/') ? `/${path}` : path)}${query && `?${query}`}${fragment && `#${fragment}`}`
}

function versionObject(version: Version): GoObject {
  const { major, minor, patch, prerelease, metadata, original } = version
  return new GoObject('*semver.Version', {
    fields: {
      Major: BigInt(major),
      Minor: BigInt(minor),
      Patch: BigInt(patch),
      Prerelease: prerelease,
      Metadata: metadata,
      Original: original,
    },
    methods: {
      String: fn([], () => versionText(version)),
      Compare: fn(['any'], (other: Value) => BigInt(Math.sign(compareVersions(version, parseVersion(String(other)) ?? version)))),
    },
  })
}
function version(text: string): Version {
  const parsed = parseVersion(text)
  if (!parsed) throw new Error('Invalid Semantic Version')
  return parsed
}

const ALPHA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')

const refused = (what: string) =>
  fn(['...any'], () => {
    throw new Error(`${what} is not available in this helm`)
  })

/** A PEM block of random bytes in the form of a key or certificate; it proves nothing, here or elsewhere. */
function block(kind: string, bytes: () => string): string {
  const lines = base64(bytes()).match(/.{1,64}/g) as string[]
  return `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----\n`
}

export function system(random: () => number): Record<string, GoFunction> {
  const below = (n: number): number => Math.floor(random() * n)
  const word = (count: bigint, alphabet: string): string =>
    Array.from({ length: Math.max(0, Number(count)) }, () => alphabet[below(alphabet.length)]).join('')
  const bytes = (count: number): string => word(BigInt(count), ASCII)
  const certificate = (): GoObject =>
    new GoObject('sprig.certificate', {
      fields: { Cert: block('CERTIFICATE', () => bytes(600)), Key: block('RSA PRIVATE KEY', () => bytes(900)) },
    })
  const certificates = Object.fromEntries(
    ['genCA', 'genCAWithKey', 'genSelfSignedCert', 'genSelfSignedCertWithKey', 'genSignedCert', 'genSignedCertWithKey'].map(
      (name) => [name, fn(['...any'], certificate)],
    ),
  )
  return {
    ...paths,
    ...Object.fromEntries(Object.entries(paths).map(([name, one]) => [`os${name[0]?.toUpperCase()}${name.slice(1)}`, one])),
    urlParse: fn(['string'], urlParse),
    urlJoin: fn(['map'], urlJoin),
    getHostByName: fn(['string'], () => ''),
    semver: fn(['string'], (text: string) => versionObject(version(text))),
    semverCompare: fn(['string', 'string'], (range: string, text: string) => parseRange(range)(version(text))),
    randAlphaNum: fn(['int'], (count: bigint) => word(count, ALPHA + DIGITS)),
    randAlpha: fn(['int'], (count: bigint) => word(count, ALPHA)),
    randNumeric: fn(['int'], (count: bigint) => word(count, DIGITS)),
    randAscii: fn(['int'], (count: bigint) => word(count, ASCII)),
    randBytes: fn(['int'], (count: bigint) => base64(word(count, ASCII))),
    randInt: fn(['int', 'int'], (from: bigint, to: bigint) => from + BigInt(below(Number(to - from)))),
    shuffle: fn(['string'], (text: string) => {
      const out = [...text]
      for (let i = out.length - 1; i > 0; i--) {
        const k = below(i + 1)
        ;[out[i], out[k]] = [out[k] as string, out[i] as string]
      }
      return out.join('')
    }),
    uuidv4: fn([], () => {
      const hex = word(32n, '0123456789abcdef')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[below(4)]}${hex.slice(17, 20)}-${hex.slice(20)}`
    }),
    genPrivateKey: fn(['string'], (kind: string) =>
      block(kind === 'rsa' ? 'RSA PRIVATE KEY' : kind === 'dsa' ? 'DSA PRIVATE KEY' : 'EC PRIVATE KEY', () => bytes(900)),
    ),
    buildCustomCert: fn(
      ['string', 'string'],
      (cert: string, key: string) => new GoObject('sprig.certificate', { fields: { Cert: cert, Key: key } }),
    ),
    ...certificates,
    bcrypt: refused('bcrypt'),
    htpasswd: refused('htpasswd'),
    derivePassword: refused('derivePassword'),
    encryptAES: refused('encryptAES'),
    decryptAES: refused('decryptAES'),
  }
}
