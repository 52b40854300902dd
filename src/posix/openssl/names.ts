/** Names in certificates, as openssl reads and writes them. */
import { utf8 } from '#api/base64.ts'
import { type Der, oid, sequence, tlv } from '#api/x509/der.ts'
import { nameParts } from '#api/x509/names.ts'
import { Wrong } from './options.ts'

/** Short name, long name, identifier. */
const TYPES: readonly (readonly [short: string, long: string, id: string])[] = [
  ['C', 'countryName', '2.5.4.6'],
  ['ST', 'stateOrProvinceName', '2.5.4.8'],
  ['L', 'localityName', '2.5.4.7'],
  ['O', 'organizationName', '2.5.4.10'],
  ['OU', 'organizationalUnitName', '2.5.4.11'],
  ['CN', 'commonName', '2.5.4.3'],
  ['emailAddress', 'emailAddress', '1.2.840.113549.1.9.1'],
  ['serialNumber', 'serialNumber', '2.5.4.5'],
  ['street', 'streetAddress', '2.5.4.9'],
  ['title', 'title', '2.5.4.12'],
  ['postalCode', 'postalCode', '2.5.4.17'],
  ['SN', 'surname', '2.5.4.4'],
  ['GN', 'givenName', '2.5.4.42'],
  ['dnQualifier', 'dnQualifier', '2.5.4.46'],
  ['DC', 'domainComponent', '0.9.2342.19200300.100.1.25'],
  ['UID', 'userId', '0.9.2342.19200300.100.1.1'],
]
const PRINTABLE = ['C', 'serialNumber', 'dnQualifier']
const IA5 = ['emailAddress', 'DC']

export const typeOf = (word: string) => TYPES.find(([short, long, id]) => word === short || word === long || word === id)
const shortOf = (id: string): string => typeOf(id)?.[0] ?? id

export type NamePair = [type: string, text: string]

/** The name of these pairs; those without a text are left out. */
export const nameOf = (pairs: readonly NamePair[]): number[] =>
  sequence(
    ...pairs.flatMap(([word, text]) => {
      const found = typeOf(word)
      if (!found || text === '') return []
      const [short, , id] = found
      const tag = PRINTABLE.includes(short) ? 0x13 : IA5.includes(short) ? 0x16 : 0x0c
      return [tlv(0x31, sequence(oid(id), tlv(tag, utf8(text))))]
    }),
  )

/** `/CN=jane/O=dev`, with backslashes before what is meant by itself. `warn` hears of unknown types. */
export function readSubject(command: string, text: string, warn: (line: string) => void): NamePair[] {
  if (!text.startsWith('/')) {
    throw new Wrong(
      `${command}: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text}'\n`,
    )
  }
  const parts = text.slice(1).match(/(?:\\[^]|[^\\/])+/g) ?? []
  return parts.flatMap((part): NamePair[] => {
    const [, type = '', value] = /^([^=]*)=([^]*)$/.exec(part) ?? []
    if (value === undefined) throw new Wrong(`${command}: Missing '=' at end of hash string '${part}'\n`)
    if (!typeOf(type)) {
      warn(`${command} warning: Skipping unknown subject name attribute "${type}"\n`)
      return []
    }
    const plain = value.replace(/\\([^])/g, '$1')
    if (plain === '') warn(`${command} warning: No value provided for subject name attribute "${type}", skipped\n`)
    return [[type, plain]]
  })
}

const quoted = (text: string): string => {
  const escaped = text.replace(/["\\]/g, '\\$&')
  return /[,+<>;]|^[ #]| $/.test(text) ? `"${escaped}"` : escaped
}

/** `CN = jane, O = dev`. */
export const oneLine = (name: Der): string =>
  nameParts(name)
    .map(([id, text]) => `${shortOf(id)} = ${quoted(text)}`)
    .join(', ')

/** As `-nameopt` asks for it; null: a form that is not known here. */
export function nameText(name: Der, form: string | undefined): string | null {
  const pairs = nameParts(name).map(([id, text]): NamePair => [shortOf(id), text])
  if (form === undefined || form === 'oneline') return oneLine(name)
  if (form === 'compat') return pairs.map(([type, text]) => `/${type}=${text.replaceAll('/', '\\/')}`).join('')
  if (form.toUpperCase() !== 'RFC2253') return null
  return pairs
    .reverse()
    .map(([type, text]) => `${type}=${text.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&')}`)
    .join(',')
}
