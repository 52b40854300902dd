/** `kubectl port-forward`: ports of one's own machine that lead to a Pod, each connection a stream of the API server. */
import type { Container, Pod, Service } from '#api/kinds.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import type { Caller } from '../io.ts'
import { logHead } from '../klog.ts'
import { attachablePod } from '../pod-choice.ts'
import { findObjects, resourceOf } from '../targets.ts'

interface Forward {
  local: number
  remote: number
}

export const portForward = command({
  name: 'port-forward',
  completes: 'pods',
  async run(context) {
    const { args, flags, io } = context
    if (args.length < 2) throw usageError('port-forward', 'TYPE/NAME and list of ports are required for port-forward')
    if (!io.listen)
      throw new KubectlError(
        'kubectl port-forward is not supported here: there are no ports of your own machine; "kubectl exec" with curl or wget reaches the Pod',
      )
    const [word = '', ...ports] = args
    const [found] = await findObjects(context, word.includes('/') ? [word] : ['pods', word], { strict: true, known: true })
    if (!found) throw new KubectlError('no objects passed to port-forward')
    const pod = await attachablePod(context, found.object, flags.ms('pod-running-timeout'))
    const service = found.object.kind === 'Service' ? (found.object as unknown as Service) : null
    const forwards = ports.map((port) => (service ? throughService(port, service, pod) : toPod(port, pod)))
    if (pod.status?.phase !== 'Running')
      throw new KubectlError(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`)
    return forward(context, pod, forwards)
  },
})

function split(text: string): { local: string; remote: string } {
  const parts = text.split(':')
  return parts.length === 2
    ? { local: parts[0] as string, remote: parts[1] as string }
    : { local: parts[0] as string, remote: parts[0] as string }
}

function toPod(text: string, pod: Pod): Forward {
  const { local, remote } = split(text)
  if (remote === '') throw new KubectlError('remote port cannot be empty')
  const known = portsOf(pod).filter((port) => port.name === remote || String(port.containerPort) === remote)
  if (known.length > 0 && known.every((port) => port.protocol === 'UDP')) throw udp(remote)
  if (isNumber(remote)) return numbers(text, local, remote)
  const named = known[0]
  if (!named) throw new KubectlError(`Pod '${pod.metadata.name}' does not have a named port '${remote}'`)
  return numbers(text, local === remote ? String(named.containerPort) : local, String(named.containerPort))
}

function throughService(text: string, service: Service, pod: Pod): Forward {
  const { local, remote } = split(text)
  const name = service.metadata.name
  const ports = (service.spec?.ports ?? []).filter((port) => port.name === remote || String(port.port) === remote)
  const port = ports[0]
  if (!port) {
    if (isNumber(remote)) throw new KubectlError(`Service ${name} does not have a service port ${remote}`)
    throw new KubectlError(`Service '${name}' does not have a named port '${remote}'`)
  }
  if (ports.every(({ protocol }) => protocol === 'UDP')) throw udp(remote)
  const target = service.spec?.clusterIP === 'None' ? port.port : (port.targetPort ?? port.port)
  const named = portsOf(pod).find((one) => one.name === target)
  if (typeof target === 'string' && !named)
    throw new KubectlError(`Pod '${pod.metadata.name}' does not have a named port '${target}'`)
  const number = String(named?.containerPort ?? target)
  return numbers(text, local === remote && !isNumber(remote) ? String(port.port) : local, number)
}

const udp = (port: string): KubectlError => new KubectlError(`UDP protocol is not supported for ${port}`)
const isNumber = (text: string): boolean => /^\d+$/.test(text)
const portsOf = ({ spec }: Pod): NonNullable<Container['ports']> =>
  [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports)

/** No local port means any. */
function numbers(text: string, local: string, remote: string): Forward {
  for (const [what, value] of [
    ['local', local],
    ['remote', remote],
  ] as const) {
    if (value === '' && what === 'local') continue
    if (!isNumber(value))
      throw new KubectlError(
        `error parsing ${what} port '${value}': strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`,
      )
    if (Number(value) > 65_535)
      throw new KubectlError(
        `error parsing ${what} port '${value}': strconv.ParseUint: parsing ${JSON.stringify(value)}: value out of range`,
      )
  }
  if (Number(remote) === 0) throw new KubectlError(`remote port must be > 0`)
  if (text.split(':').length > 2) throw new KubectlError(`invalid port format '${text}'`)
  return { local: Number(local || 0), remote: Number(remote) }
}

/** `localhost` means both of its addresses, of which one is enough. */
function hostsOf({ flags }: Context): { host: string; must: boolean }[] {
  const addresses = flags.has('address') ? flags.all('address') : ['localhost']
  const local = ['127.0.0.1', '::1'].map((host) => ({ host, must: false }))
  return addresses.flatMap((host) => (host === 'localhost' ? local : [{ host, must: true }]))
}

async function forward(context: Context, pod: Pod, forwards: readonly Forward[]): Promise<number> {
  const { io } = context
  const stops: (() => void)[] = []
  let lost: (why: KubectlError) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    lost = reject
    io.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    for (const one of forwards) stops.push(...(await listen(context, pod, one, (why) => lost(why))))
    await ended
    return 0
  } finally {
    for (const stop of stops) stop()
  }
}

async function listen(
  context: Context,
  pod: Pod,
  { local, remote }: Forward,
  lost: (why: KubectlError) => void,
): Promise<(() => void)[]> {
  const { io } = context
  const stops: (() => void)[] = []
  const wrong: string[] = []
  let number = local
  for (const { host, must } of hostsOf(context)) {
    const shown = host.includes(':') ? `[${host}]` : host
    try {
      const { port, stop } = await (io.listen as NonNullable<typeof io.listen>)(host, number, (caller) => {
        io.out(`Handling connection for ${number}\n`)
        void connect(context, pod, remote, number, caller, lost)
      })
      number = port
      stops.push(stop)
      io.out(`Forwarding from ${shown}:${port} -> ${remote}\n`)
    } catch (error) {
      const why = `unable to create listener: Error listen tcp${host.includes(':') ? 6 : 4} ${shown}:${number}: ${error instanceof Error ? error.message : error}`
      if (must)
        throw new KubectlError(
          `unable to listen on port ${number}: Listeners failed to create with the following errors: [${why}]`,
        )
      wrong.push(why)
    }
  }
  if (stops.length > 0) return stops
  io.err(`Unable to listen on port ${local}: Listeners failed to create with the following errors: [${wrong.join(' ')}]\n`)
  throw new KubectlError(`unable to listen on any of the requested ports: [{${local} ${remote}}]`)
}

/** One connection: channel 0 carries it, channel 1 says what went wrong. */
async function connect(
  context: Context,
  pod: Pod,
  remote: number,
  local: number,
  caller: Caller,
  lost: (why: KubectlError) => void,
): Promise<void> {
  const { client, io } = context
  const { name, namespace = '' } = pod.metadata
  const path = client.path(await resourceOf(context, 'pods'), namespace, name, 'portforward', { ports: String(remote) })
  let wrong = ''
  let over = false
  const stream = client.stream('POST', path, {
    onOpen({ status, body }) {
      if (status >= 400)
        wrong = typeof body === 'string' ? body : String((body as { message?: string } | null)?.message ?? status)
    },
    onData(channel, data) {
      if (channel === 0) caller.write(data)
      else wrong += data
    },
    onClose(channel) {
      if (channel === 0) caller.end()
    },
    onEnd() {
      over = true
      caller.end()
      if (wrong === '') return
      io.err(
        `${logHead('E', 'portforward.go:424', io.now())} "Unhandled Error" err="an error occurred forwarding ${local} -> ${remote}: error forwarding port ${remote} to pod ${name}, uid : ${wrong.replaceAll('"', '\\"')}"\n`,
      )
      lost(new KubectlError('lost connection to pod'))
    },
  })
  if (!stream) return caller.end()
  io.signal.addEventListener('abort', () => stream.stop(), { once: true })
  for await (const data of caller.input) if (!over) stream.send(0, data)
  if (!over) stream.close(0)
  // Before version 5 of the channels an input has no end: the caller's leaving is one.
  if (!over) void io.sleep(LINGER_MS).then(() => over || stream.stop())
}

/** What is still on its way back after a caller has said all. */
const LINGER_MS = 10_000
