/** Names of signers, such as `example.com/signer-name` (core validation, ValidateSignerName). */
import { goQuote, invalid, required, tooLong } from '#api/field-error.ts'
import { isDns1123Label, isDns1123Subdomain, type NameRule } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'

const MAX_DOMAIN = 253
/** A label, a dot and a subdomain fit. */
const MAX_PATH = 63 + 1 + 253

/** What is wrong with the first label that something is wrong with. */
function labels(found: Found, path: string, text: string, rule: NameRule): void {
  for (const label of text.split('.')) {
    const wrong = rule(label)
    if (wrong.length === 0) continue
    const told = wrong.map((why) => `validating label ${goQuote(label)}: ${why}`)
    return flag(found, path, text, told)
  }
}

export function signerName(found: Found, path: string, name: string): void {
  if (name === '') {
    found.push(required(path))
    return
  }
  const [domain = '', rest = '', ...more] = name.split('/')
  if (!name.includes('/') || more.length > 0) {
    found.push(invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"))
    return
  }
  if (domain.length > MAX_DOMAIN) found.push(tooLong(path, MAX_DOMAIN))
  labels(found, path, domain, isDns1123Label)
  if (!domain.includes('.')) {
    found.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'))
  }
  labels(found, path, rest, isDns1123Subdomain)
  if (rest.length > MAX_PATH) found.push(tooLong(path, MAX_PATH))
}
