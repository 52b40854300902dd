/** httpd: Apache on port 80. */
import { image } from '../image.ts'
import { accessLine, clfTime, serveFile } from '../web.ts'

const NOT_FOUND =
  '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n'

export const httpd = image<null>({
  name: 'httpd',
  also: ['apache'],
  sizeMb: 46,
  system: 'debian',
  extras: ['bash', 'getent'],
  command: ['httpd-foreground'],
  words: ['apache2-foreground', 'httpd'],
  env: { HTTPD_PREFIX: '/usr/local/apache2', HTTPD_VERSION: '2.4.65' },
  files: { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n' },
  start(host) {
    host.out(
      `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${host.podIp}. Set the 'ServerName' directive globally to suppress this message\n`,
      'stderr',
    )
    host.out(
      `[${clfTime(host.now)}] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- resuming normal operations\n`,
      'stderr',
    )
    return null
  },
  listens: () => [80],
  http(request, state, host) {
    const found = serveFile('/usr/local/apache2/htdocs', request, host, NOT_FOUND, NOT_FOUND)
    const reply = { ...found, headers: { ...found.headers, server: 'Apache/2.4.65 (Unix)' } }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 8,
})
