/** `kubectl create service`, of every type. */
import { isPortName, isPortNumber } from '#api/names.ts'
import { type Command, type Context, command, KubectlError } from '../../command.ts'
import { generator } from './generator.ts'

/** `80`, `80:8080`, `80:http`; 0 lets the server choose. */
function portOf(text: string): { port: number; targetPort: number | string } {
  const [first = '', target] = text.split(':')
  const port = /^\d+$/.test(first) ? Number(first) : Number.NaN
  if (Number.isNaN(port)) throw new KubectlError(`strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`)
  if (port > 65535) throw new KubectlError(`strconv.ParseUint: parsing ${JSON.stringify(first)}: value out of range`)
  if (target === undefined) return { port, targetPort: port }
  const number = /^[+-]?\d+$/.test(target)
  const problems = number ? isPortNumber(Number(target)) : isPortName(target)
  if (problems.length > 0) throw new KubectlError(problems.join(','))
  return { port, targetPort: number ? Number(target) : target }
}

function makeService({ flags }: Context, name: string, type: string): ReturnType<Parameters<typeof generator>[0]['make']> {
  const clusterIP = flags.text('clusterip')
  const externalName = flags.text('external-name')
  if (!flags.has('tcp') && clusterIP !== 'None' && type !== 'ExternalName')
    throw new KubectlError('at least one tcp port specifier must be provided')
  if (type === 'ExternalName' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(externalName)) {
    throw new KubectlError(`invalid service external name ${externalName}`)
  }
  const nodePort = flags.has('node-port') ? flags.int('node-port') : 0
  const ports = flags
    .all('tcp')
    .map((tcp) => ({ name: tcp.replaceAll(':', '-'), protocol: 'TCP', ...portOf(tcp), ...(nodePort ? { nodePort } : {}) }))
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, labels: { app: name } },
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector: { app: name },
      ...(clusterIP ? { clusterIP } : {}),
      type,
      ...(externalName ? { externalName } : {}),
    },
    status: { loadBalancer: {} },
  }
}

const ofType = (type: string): Command =>
  generator({
    name: type.toLowerCase(),
    path: `create service ${type.toLowerCase()}`,
    failure: `failed to create ${type} service: `,
    make: (context, name) => makeService(context, name, type),
  })

export const service = command({
  name: 'service',
  subcommands: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'].map(ofType),
})
