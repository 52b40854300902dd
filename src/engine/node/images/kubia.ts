/** kubia, of "Kubernetes in Action": says which pod was hit; the unhealthy one fails after five requests. */
import { image } from '../image.ts'

export const kubia = image<{ hits: number }>({
  name: 'kubia',
  also: ['kubia-unhealthy'],
  sizeMb: 260,
  entrypoint: ['node', 'app.js'],
  start(host) {
    host.out('Kubia server starting...\n')
    return { hits: 0 }
  },
  listens: () => [8080],
  http(request, state, host) {
    host.out(`Received request from ${request.from ?? ''}\n`)
    const hits = state.hits + 1
    if (hits > 5 && host.repository.endsWith('kubia-unhealthy')) {
      return [{ status: 500, body: "I'm not well. Please restart me!" }, { hits }]
    }
    return [{ status: 200, body: `You've hit ${host.hostname}\n` }, { hits }]
  },
  memoryMi: () => 25,
})
