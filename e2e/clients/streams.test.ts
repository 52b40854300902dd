/** Commands, consoles, ports and logs of containers, through the clients that speak WebSocket: the official JavaScript one, and ours. */
import { type AddressInfo, createServer } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import { Attach, CoreV1Api, Exec, KubeConfig, Log, PortForward, type V1Pod, type V1Status } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiResponse, Transport } from '../../src/api/request.ts'
import { http } from '../../src/transport/http.ts'
import { nodeSocket } from '../../src/transport/node-socket.ts'
import { type Bridge, startBridge } from './bridge.ts'

const namespace = 'default'
let bridge: Bridge
let config: KubeConfig

const pod = (name: string, container: object): V1Pod => ({
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'busybox:1.36', ...container }] },
})

/** Somewhere to write to, and what has been written. */
function sink(): Writable & { bytes(): Buffer; text(): string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return Object.assign(stream, { bytes: () => Buffer.concat(chunks), text: () => Buffer.concat(chunks).toString() })
}

async function eventually(check: () => boolean): Promise<void> {
  for (let left = 200; !check(); left--) {
    if (left === 0) throw new Error('it did not come to pass')
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

describe('streams', () => {
  beforeAll(async () => {
    bridge = await startBridge('--speed', '4')
    config = new KubeConfig()
    config.loadFromFile(bridge.kubeconfig)
    const core = config.makeApiClient(CoreV1Api)
    await core.createNamespacedPod({ namespace, body: pod('web', { image: 'nginx:1.27' }) })
    await core.createNamespacedPod({
      namespace,
      body: pod('talk', { stdin: true, command: ['sh', '-c', 'read a; echo "got $a"; sleep 1000'] }),
    })
    const done = pod('done', { command: ['sleep', '1000'] })
    const initContainers = [{ name: 'first', image: 'busybox:1.36', command: ['true'] }]
    await core.createNamespacedPod({ namespace, body: { ...done, spec: { containers: [], ...done.spec, initContainers } } })
    for (const name of ['web', 'talk', 'done'])
      for (let ready = false; !ready; ) {
        const { status } = await core.readNamespacedPod({ name, namespace })
        ready = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
        await new Promise((wake) => setTimeout(wake, 50))
      }
  })
  afterAll(async () => {
    expect(await bridge.stop()).toBe(0)
  })

  it('runs a command, and says how it ended', async () => {
    const [out, err] = [sink(), sink()]
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 5']
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config).exec(namespace, 'web', 'main', command, out, err, null, false, resolve).catch(reject)
    })
    expect([out.text(), err.text()]).toEqual(['out\n', 'err\n'])
    expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ message: '5' }] } })
  })

  it('feeds a command, byte for byte', async () => {
    const [out, input] = [sink(), new PassThrough()]
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7) % 256))
    const ended = new Promise<V1Status>((resolve, reject) => {
      new Exec(config).exec(namespace, 'web', 'main', ['cat'], out, null, input, false, resolve).catch(reject)
    })
    input.end(bytes)
    expect(await ended).toMatchObject({ status: 'Success' })
    expect(out.bytes().equals(bytes)).toBe(true)
  })

  it('attaches to process 1', async () => {
    const [out, input] = [sink(), new PassThrough()]
    const socket = await new Attach(config).attach(namespace, 'talk', 'main', out, null, input, false)
    input.write('it\n')
    await eventually(() => out.text() === 'got it\n')
    socket.close()
  })

  it('forwards a port', async () => {
    const forward = new PortForward(config)
    const server = createServer((socket) => void forward.portForward(namespace, 'web', [80], socket, null, socket))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const page = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(await page.text()).toContain('Welcome to nginx!')
    server.close()
  })

  it('follows a log', async () => {
    const out = sink()
    const abort = await new Log(config).log(namespace, 'talk', 'main', out, { follow: true })
    await eventually(() => out.text() === 'got it\n')
    abort.abort()
  })

  /** As our kubectl under Node has it. */
  function ours(): Transport {
    const { caData, server } = config.getCurrentCluster() as { caData: string; server: string }
    const { certData, keyData } = config.getCurrentUser() as { certData: string; keyData: string }
    const [ca, cert, key] = [caData, certData, keyData].map((text) => Buffer.from(text, 'base64'))
    return http({ server, socket: nodeSocket({ ca, cert, key }) })
  }

  it('does the same for our own transport', async () => {
    const transport = ours()
    const seen: unknown[] = []
    const path = `/api/v1/namespaces/${namespace}/pods/web/exec?command=cat&stdin=true&stdout=true`
    const ended = new Promise<void>((onEnd) => {
      const stream = transport.stream?.(
        { method: 'GET', path },
        { onOpen: ({ status }) => seen.push(status), onData: (channel, data) => seen.push(channel, data), onEnd },
      )
      stream?.send(0, 'gr\u00fc\u00df \udc80')
      stream?.close(0)
    })
    await ended
    expect(seen).toEqual([101, 1, 'gr\u00fc\u00df \udc80', 3, '{"metadata":{},"status":"Success"}'])
  })

  it('tells our own transport why there is no stream', async () => {
    const path = `/api/v1/namespaces/${namespace}/pods/done/exec?command=ls&container=first&stdout=true`
    const answer = await new Promise<ApiResponse>((onOpen) => {
      ours().stream?.({ method: 'GET', path }, { onOpen, onData() {} })
    })
    expect([answer.status, answer.body]).toEqual([500, 'container not found ("first")'])
  })
})
