/** serve_hostname: tells the name of its Pod to whoever asks on port 9376. */
import { image } from '../image.ts'
import { flag, slashTime } from '../web.ts'

const portOf = (argv: readonly string[]): number => Number(flag(argv, 'port') ?? 9376)

export const serveHostname = image<null>({
  name: 'serve_hostname',
  also: ['serve-hostname', 'serve_hostname-amd64'],
  sizeMb: 5,
  entrypoint: ['/serve_hostname'],
  shell: false,
  start(host) {
    host.out(`${slashTime(host.now)} Serving on port ${portOf(host.argv)}.\n`, 'stderr')
    return null
  },
  listens: (_state, host) => [portOf(host.argv)],
  http: (_request, state, host) => [{ status: 200, body: host.hostname }, state],
  memoryMi: () => 2,
})
