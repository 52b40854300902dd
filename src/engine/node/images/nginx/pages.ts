/** What nginx says itself: its error pages, redirects, and lists of folders. */
import { page } from '../../../machinery/forwarder.ts'
import type { HttpReply } from '../../../machinery/http.ts'

const REASONS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Authorization Required',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Time-out',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
  507: 'Insufficient Storage',
}

/** A page for a status that has one; others have no body. */
export function pageFor(status: number, server: string): HttpReply {
  const title = REASONS[status]
  return title ? page(status, title, server) : { status, body: '', headers: {} }
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
