/** openssl's configuration files: sections of `name = value`, with variables. */

export type Config = ReadonlyMap<string, ReadonlyMap<string, string>>

const DEFAULT = 'default'

/** One line each: comments and line ends are gone, a backslash at the end joins two. */
const linesOf = (text: string): string[] =>
  text
    .replace(/\\\n/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|[^\\])#.*$/, '$1').trim())
    .filter(Boolean)

export function readConfig(text: string): Config {
  const sections = new Map<string, Map<string, string>>([[DEFAULT, new Map()]])
  let here = sections.get(DEFAULT) as Map<string, string>
  for (const line of linesOf(text)) {
    const [, name] = /^\[\s*([^\]]*?)\s*\]$/.exec(line) ?? []
    if (name !== undefined) {
      here = sections.get(name) ?? new Map()
      sections.set(name, here)
      continue
    }
    const cut = line.indexOf('=')
    if (cut < 0) continue
    const of = (variable: string): string => here.get(variable) ?? sections.get(DEFAULT)?.get(variable) ?? ''
    const value = line
      .slice(cut + 1)
      .trim()
      .replace(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (_all, a, b, c) => of(a ?? b ?? c))
    here.set(line.slice(0, cut).trim(), unquoted(value))
  }
  return sections
}

/** Quotes hold a text together and go, wherever they stand. */
const unquoted = (value: string): string => value.replace(/"([^"]*)"|'([^']*)'/g, (_all, a, b) => a ?? b).replace(/\\(.)/g, '$1')

/** The numbered ones of a section (`DNS.1`, `0.organizationName`) under their plain names. */
export const pairsOf = (section: ReadonlyMap<string, string> | undefined): [string, string][] =>
  [...(section ?? [])].map(([name, value]) => [name.replace(/^\d+\./, '').replace(/\.\d+$/, ''), value])

/** What Debian's own file says of requests: the questions, and what a self-signed certificate gets. */
export const USUAL = `
[ req ]
default_bits = 2048
distinguished_name = req_distinguished_name
attributes = req_attributes
x509_extensions = v3_ca
[ req_distinguished_name ]
countryName = Country Name (2 letter code)
countryName_default = AU
countryName_min = 2
countryName_max = 2
stateOrProvinceName = State or Province Name (full name)
stateOrProvinceName_default = Some-State
localityName = Locality Name (eg, city)
0.organizationName = Organization Name (eg, company)
0.organizationName_default = Internet Widgits Pty Ltd
organizationalUnitName = Organizational Unit Name (eg, section)
commonName = Common Name (e.g. server FQDN or YOUR name)
commonName_max = 64
emailAddress = Email Address
emailAddress_max = 64
[ req_attributes ]
challengePassword = A challenge password
unstructuredName = An optional company name
[ v3_ca ]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always,issuer
basicConstraints = critical,CA:true
[ v3_req ]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment
[ usr_cert ]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
`
