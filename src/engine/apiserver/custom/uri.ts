/** Whether a text is a URI as a request may name it (Go's url.ParseRequestURI). */

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/
const CONTROL = /[\p{Cc} ]/u
const ESCAPE = /%(?![0-9a-fA-F]{2})/

export function parseRequestUri(text: string): boolean {
  if (text === '' || /[\p{Cc}]/u.test(text)) return false
  if (text === '*') return true
  const scheme = SCHEME.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length)
  if (scheme === '' && text.startsWith(':')) return false
  if (!rest.startsWith('/')) return scheme !== '' && rest !== ''
  if (ESCAPE.test(rest.split('?')[0] as string)) return false
  if (scheme === '' || !rest.startsWith('//')) return true
  const authority = rest.slice(2).split(/[/?]/)[0] as string
  return !CONTROL.test(authority) && /^([^@]*@)?(\[[^\]]*\]|[^:]*)(:\d*)?$/.test(authority)
}
