/** A cluster to look at: whatever would write is refused, as the API server would refuse it. */
import type { Transport } from '#api/request.ts'
import { failure } from '#api/status.ts'

const LOOKS = /^(?:GET|HEAD|OPTIONS)$/

export function readOnly<T extends Transport>(transport: T): Transport {
  const { simulation } = transport
  return {
    request: async (request) =>
      LOOKS.test(request.method)
        ? transport.request(request)
        : {
            status: 403,
            headers: { 'content-type': 'application/json' },
            body: failure(403, 'Forbidden', 'this sandbox is read-only'),
          },
    watch: (request, handlers) => transport.watch(request, handlers),
    ...(simulation
      ? { simulation: { ...simulation, fault: async () => Promise.reject(new Error('this sandbox is read-only')) } }
      : {}),
  }
}
