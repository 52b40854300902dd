/** The guestbook's frontend: a page on port 80. */
import { image } from '../image.ts'
import { accessLine } from '../web.ts'

const PAGE = '<html>\n  <head>\n    <title>Guestbook</title>\n  </head>\n  <body>\n    <h2>Guestbook</h2>\n  </body>\n</html>\n'

export const guestbookFrontend = image<null>({
  name: 'gb-frontend',
  sizeMb: 120,
  entrypoint: ['docker-php-entrypoint'],
  command: ['apache2-foreground'],
  listens: () => [80],
  http(request, state, host) {
    const reply = { status: 200, body: PAGE, headers: { 'content-type': 'text/html' } }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 10,
})
