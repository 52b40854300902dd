/** Connect: subresources with an answer of their own (binding, eviction, token, log), and discovery's documents. */
import { stage } from '../stage.ts'

export const documents = stage({
  name: 'documents',
  step(call, server) {
    return call.resource ? 'on' : { reply: server.document(call) }
  },
})

export const connect = stage({
  name: 'connect',
  step(call, server) {
    const handle = call.subresource ? call.subresource.handle : call.verb === 'create' ? call.resource?.handle : undefined
    return handle ? { reply: handle(call, server) } : 'on'
  },
})
