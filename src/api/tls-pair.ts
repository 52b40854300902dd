/** What is wrong with a certificate and its key, as far as their PEM armour shows: what is inside is not looked at. */

const BLOCK = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t\r]*\n((?:[^\n]*\n)*?)-----END \1-----/gm
const HEADER = /^[^\n]*:[^\n]*\n/gm
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The types of the blocks that can be read: whole, and base64 between their headers and their end (encoding/pem). */
const blocks = (text: string): string[] =>
  [...text.matchAll(BLOCK)]
    .filter(([, , body = '']) => BASE64.test(body.replace(HEADER, '').replace(/\s/g, '')))
    .map(([, type]) => type as string)

/** crypto/tls X509KeyPair's words; null when nothing is. */
export function pairProblem(certificate: string, key: string): string | null {
  if (!blocks(certificate).includes('CERTIFICATE')) return absent('certificate', blocks(certificate))
  const isKey = (type: string) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY')
  return blocks(key).some(isKey) ? null : absent('key', blocks(key))
}

function absent(what: 'certificate' | 'key', found: string[]): string {
  if (found.length === 0) return `tls: failed to find any PEM data in ${what} input`
  if (what === 'key' && found.includes('CERTIFICATE')) {
    return 'tls: found a certificate rather than a key in the PEM for the private key'
  }
  if (what === 'certificate' && found.length === 1 && found[0]?.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
  }
  const types = found.join(' ')
  return what === 'certificate'
    ? `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types}]`
    : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types}]`
}
