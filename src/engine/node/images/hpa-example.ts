/** The web server of kubernetes.io's autoscaling walkthrough: every request costs it a good deal of CPU. */
import { image } from '../image.ts'
import { accessLine } from '../web.ts'

export const hpaExample = image<null>({
  name: 'hpa-example',
  also: ['php-apache'],
  tags: /^latest$/,
  sizeMb: 180,
  command: ['apache2-foreground'],
  start(host) {
    host.out('AH00163: Apache/2.4.10 (Debian) PHP/5.6.14 configured -- resuming normal operations\n', 'stderr')
    return null
  },
  listens: () => [80],
  http(request, state, host) {
    const reply = { status: 200, body: 'OK!', headers: { 'content-type': 'text/html; charset=UTF-8' }, ms: 8 }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 12,
  cpuMsPerRequest: 8,
})
