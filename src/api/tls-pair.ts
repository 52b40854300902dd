/** What is wrong with a certificate and its key, as far as their PEM armour shows: what is inside is not looked at. */

/** crypto/tls X509KeyPair's words; null when nothing is. */
export function pairProblem(certificate: string, key: string): string | null {
  const blocks = (text: string) => [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] as string)
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
