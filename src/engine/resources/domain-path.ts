/** Paths with a domain in front, such as `acme.io/foo` (apimachinery IsDomainPrefixedPath). */
import { invalid, required } from '#api/field-error.ts'
import { isDns1123Subdomain, regexProblem } from '#api/names.ts'
import { type Found, flag } from './pod/checks.ts'

const PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"
const PATH_SHAPE = new RegExp(`^${PATH}$`)

export function domainPrefixedPath(found: Found, path: string, text: string): void {
  if (text === '') {
    found.push(required(path))
    return
  }
  const cut = text.indexOf('/')
  if (cut <= 0 || cut === text.length - 1) {
    found.push(invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")'))
    return
  }
  const [host, rest] = [text.slice(0, cut), text.slice(cut + 1)]
  flag(found, path, host, isDns1123Subdomain(host))
  if (!PATH_SHAPE.test(rest)) found.push(invalid(path, rest, regexProblem('Invalid path', PATH)))
}
