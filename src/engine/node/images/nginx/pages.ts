/** What nginx says itself: its error pages, redirects, and lists of folders. */
import type { HttpReply } from '../../../machinery/http.ts'

const REASONS: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently',
  302: '302 Found',
  303: '303 See Other',
  307: '307 Temporary Redirect',
  308: '308 Permanent Redirect',
  400: '400 Bad Request',
  401: '401 Authorization Required',
  402: '402 Payment Required',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Not Allowed',
  406: '406 Not Acceptable',
  408: '408 Request Time-out',
  409: '409 Conflict',
  410: '410 Gone',
  411: '411 Length Required',
  412: '412 Precondition Failed',
  413: '413 Request Entity Too Large',
  414: '414 Request-URI Too Large',
  415: '415 Unsupported Media Type',
  416: '416 Requested Range Not Satisfiable',
  421: '421 Misdirected Request',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  501: '501 Not Implemented',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
  505: '505 HTTP Version Not Supported',
  507: '507 Insufficient Storage',
}

/** A page for a status that has one; others have no body. */
export function pageFor(status: number, server: string): HttpReply {
  const title = REASONS[status]
  if (!title) return { status, body: '', headers: {} }
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`
  return { status, body, headers: { 'content-type': 'text/html' } }
}

export function folderList(
  path: string,
  names: readonly { name: string; folder: boolean; size: number }[],
  when: string,
): string {
  const lines = names.map(({ name, folder, size }) => {
    const shown = folder ? `${name}/` : name
    const gap = ' '.repeat(Math.max(1, 51 - shown.length))
    return `<a href="${encodeURI(shown)}">${shown.length > 50 ? `${shown.slice(0, 47)}..&gt;` : shown}</a>${gap}${when}  ${(folder ? '-' : String(size)).padStart(18)}\r\n`
  })
  return `<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`
}
