/** Connect: subresources with an answer of their own (binding, eviction, token, log), and discovery's documents. */
import type { AnyObject } from '#api/meta.ts'
import { badRequest } from '#api/status.ts'
import { reviewConnect } from '../admission/index.ts'
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { shownAs, warningHeader } from './respond.ts'
import { isTrue } from './route.ts'

export const documents = stage({
  name: 'documents',
  step(call, server) {
    return call.resource ? 'on' : { reply: server.document(call) }
  },
})

const FLAGS = ['stdin', 'stdout', 'stderr', 'tty']

/** What a connection asks for, as an object of its own kind: what admission is shown. */
function optionsOf({ query, request }: Call, kind: string): AnyObject {
  const options: Record<string, unknown> = { kind, apiVersion: 'v1', metadata: {} }
  if (kind.endsWith('ProxyOptions')) options['path'] = request.path.split('/proxy')[1]?.split('?')[0] ?? ''
  for (const name of FLAGS) if (isTrue(query.get(name))) options[name] = true
  const container = query.get('container')
  if (container) options['container'] = container
  const command = query.getAll('command')
  if (command.length > 0) options['command'] = command
  const ports = query.getAll('ports').flatMap((list) => list.split(','))
  if (ports.length > 0) options['ports'] = ports.map(Number)
  return options as unknown as AnyObject
}

const CONNECTIONS = /^(Pod|Service|Node)(Exec|Attach|PortForward|Proxy)Options$/

/** Roads into Pods and Services are admitted as connections. */
function admitConnection(call: Call, server: ApiServer): void {
  const { resource, subresource } = call
  const kind = subresource?.kind
  if (resource && kind && CONNECTIONS.test(kind)) {
    if (call.query.has('dryRun')) throw badRequest('dryRun is not supported')
    reviewConnect(call, resource, optionsOf(call, kind), server)
  }
}

export const connect = stage({
  name: 'connect',
  step(call, server) {
    const handle = call.subresource ? call.subresource.handle : call.verb === 'create' ? call.resource?.handle : undefined
    if (!handle) return 'on'
    admitConnection(call, server)
    const answer = handle(call, server)
    const warned = call.warnings.length > 0 ? { ...answer, headers: { ...answer.headers, ...warningHeader(call) } } : answer
    return { reply: shownAs(call, server, warned) }
  },
})
