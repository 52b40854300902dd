/** Links of a page that came through a proxy: those to the same host lead through the proxy again (util/proxy/transport.go). */

/** Attributes that hold addresses, by tag. */
const LINKS: Record<string, readonly string[]> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
}

const TAG = /<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)(\s*\/?)>/g
const ATTRIBUTE = /(\s+)([^\s=>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?/g

const URL_PARTS = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/i

/** An absolute path on the same host gets the proxy's path in front. */
export function rewriteLocation(link: string, host: string, prefix: string): string {
  const [, , linked = '', path = '', rest = ''] = URL_PARTS.exec(link) ?? []
  if ((linked !== '' && linked !== host) || !path.startsWith('/')) return link
  return path.startsWith(prefix) ? `${path}${rest}` : `${prefix}${path}${rest}`
}

export function rewriteLinks(html: string, host: string, prefix: string): string {
  return html.replace(TAG, (whole, tag: string, attributes: string, end: string) => {
    const names = LINKS[tag.toLowerCase()]
    if (!names) return whole
    const written = attributes.replace(ATTRIBUTE, (each, space: string, name: string, value?: string) => {
      if (value === undefined || !names.includes(name.toLowerCase())) return each
      const bare = /^["']/.test(value) ? value.slice(1, -1) : value
      return `${space}${name}="${rewriteLocation(bare, host, prefix)}"`
    })
    return `<${tag}${written}${end}>`
  })
}
