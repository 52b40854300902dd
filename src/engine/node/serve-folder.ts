/** What busybox's httpd answers: the files below its home. */
import type { Sys } from '#posix/sys.ts'
import type { HttpRequest } from '../machinery/http.ts'

export function serveFolder(sys: Sys, home: string, request: HttpRequest): { status: number; body: string } {
  const path = decodeURIComponent(request.path.split('?')[0] ?? '/').replaceAll('..', '')
  const read = sys.text(`${home}${path.endsWith('/') ? `${path}index.html` : path}`)
  return typeof read === 'string'
    ? {
        status: 404,
        body: '<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n',
      }
    : { status: 200, body: read.text }
}
