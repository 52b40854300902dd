/** The escapes of Go templates: for HTML, for JavaScript, and for a URL's query. */

const HTML: Record<string, string> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\ufffd' }

export const htmlEscaped = (text: string): string => text.replace(/["'&<>\0]/g, (c) => HTML[c] as string)

const JS: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

export const jsEscaped = (text: string): string =>
  text.replace(/[\\'"<>&=]|[^\x20-\x7f]/gu, (c) => {
    const code = c.codePointAt(0) as number
    const known = JS[c]
    if (known) return known
    return code >= 0x80 && /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(c) ? c : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })

export const queryEscaped = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
