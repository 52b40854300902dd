/**
 * Our kubectl as a program that costs nothing to start: a script tells this process who calls with what, and kubectl runs here, on a
 * cluster of this process whose clock goes on while a command waits. It reads and writes the caller's own streams (Linux' /proc).
 */
import { X509Certificate } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeFileSync, writeSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import path from 'node:path'
import type { UserInfo } from '../../src/api/request.ts'
import { Cluster } from '../../src/engine/index.ts'
import { enableYaml } from '../../src/engine/yaml.ts'
import type { Connect, Target } from '../../src/kubectl/config/connection.ts'
import type { Io } from '../../src/kubectl/io.ts'
import { kubectl, preloadKubectl } from '../../src/kubectl/kubectl.ts'
import { connectOverHttp, nodeIo, type Seat } from '../../src/kubectl-node.ts'
import { inProcess } from '../../src/transport/in-process.ts'
import { kubeconfigOf } from '../../src/transport/kubeconfig.ts'
import { Authority } from '../../src/transport/x509.ts'

/**
 * Tells who calls: process, folder, a few variables, words; each ends with a NUL. The answer is the exit status.
 * `printf` moves the shell's own output for a moment: the copies stay where they are.
 */
const CALL = `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/PORT 6<&0 7>&1 8>&2
printf '%s\\0' $$ "$PWD" "$HOME" "$KUBECONFIG" "$EDITOR" "$KUBE_EDITOR" "$PATH" "$KUBERC" "$KUBECTL_KUBERC" "$KUBECTL_APPLYSET" "$KUBECTL_EXTERNAL_DIFF" "$LIMIT" "$#" "$@" >&3
read -r status <&3
exit "$status"
`
/** Its seconds are the cluster's. */
const TIMEOUT = `#!/bin/sh
export LIMIT=$1
shift
exec "$@"
`
const NAMES = [
  'HOME',
  'KUBECONFIG',
  'EDITOR',
  'KUBE_EDITOR',
  'PATH',
  'KUBERC',
  'KUBECTL_KUBERC',
  'KUBECTL_APPLYSET',
  'KUBECTL_EXTERNAL_DIFF',
] as const

/** Starting a command takes a moment, in which the cluster lives on. */
const START_MS = 200
const IDLE_STEP_MS = 250

/** What a command printed, and how it ended. */
export interface Said {
  stdout: string
  stderr: string
  status: number
}

async function* nothing(): AsyncIterable<never> {}

interface Caller {
  process: string
  folder: string
  env: Record<string, string>
  limit: number
  words: string[]
}

export class Host {
  readonly cluster: Cluster
  readonly #authority = new Authority('kubernetes')
  readonly #server = createServer((socket) => this.#hear(socket))
  #timers: { at: number; wake(): void }[] = []
  /** Things that take real time, during which the cluster's clock stands. */
  #elsewhere = 0
  #calls = 0

  constructor(seed: string, addons: string[], descriptions: Record<string, Record<string, string>> | null) {
    enableYaml()
    this.cluster = new Cluster({
      authority: this.#authority.forCluster(),
      seed,
      epoch: Date.now() - 60_000,
      nodes: 3,
      scene: 'empty',
      addons,
    })
    this.cluster.server.descriptions = descriptions
    this.cluster.run(60_000)
  }

  /** Writes `kubectl`, `timeout` and a kubeconfig into the folders; resolves when calls are heard. */
  async open(bin: string, kubeconfig: string): Promise<void> {
    await preloadKubectl()
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const { port } = this.#server.address() as AddressInfo
    writeFileSync(path.join(bin, 'kubectl'), CALL.replace('PORT', String(port)), { mode: 0o755 })
    writeFileSync(path.join(bin, 'timeout'), TIMEOUT, { mode: 0o755 })
    writeFileSync(kubeconfig, kubeconfigOf(this.#authority, `https://127.0.0.1:${port}`))
  }

  stop(): void {
    this.#server.close()
  }

  #hear(socket: Socket): void {
    let heard = ''
    const listen = (chunk: Buffer): void => {
      heard += chunk.toString()
      const caller = callerOf(heard)
      if (!caller) return
      socket.off('data', listen)
      const abort = new AbortController()
      socket.on('close', () => abort.abort())
      socket.on('error', () => abort.abort())
      this.#serve(caller, abort).then((status) => void socket.end(`${status}\n`))
    }
    socket.on('data', listen)
  }

  async #serve(caller: Caller, abort: AbortController): Promise<number> {
    const [out, err] = [7, 8].map((fd) => openSync(`/proc/${caller.process}/fd/${fd}`, 'a')) as [number, number]
    const seat: Seat = {
      folder: caller.folder,
      env: caller.env,
      out: (bytes) => void write(out, bytes, abort),
      err: (bytes) => void write(err, bytes, abort),
      input: this.#reading(caller.process),
    }
    const status = await this.#run(caller.words, caller.limit, seat, abort)
    closeSync(out)
    closeSync(err)
    return status
  }

  /** A call that no shell stands around: nothing has to be started for it. */
  async call(words: readonly string[], folder: string, env: Record<string, string>): Promise<Said> {
    const said: Said = { stdout: '', stderr: '', status: 0 }
    const seat: Seat = {
      folder,
      env: { ...env, PWD: folder },
      out: (bytes) => void (said.stdout += Buffer.from(bytes).toString()),
      err: (bytes) => void (said.stderr += Buffer.from(bytes).toString()),
      input: nothing(),
    }
    said.status = await this.#run(words, 0, seat, new AbortController())
    return said
  }

  async #run(words: readonly string[], limit: number, seat: Seat, abort: AbortController): Promise<number> {
    this.#calls += 1
    if (this.#calls === 1) this.cluster.run(START_MS)
    const own = nodeIo(abort.signal, seat)
    const { programs, edit } = own
    const outside: Partial<Io> = {
      ...(programs ? { programs: { ...programs, run: (argv) => this.#outside(programs.run(argv)) } } : {}),
      ...(edit ? { edit: (text, name) => this.#outside(edit(text, name)) } : {}),
    }
    const io: Io = {
      ...own,
      ...outside,
      now: () => this.cluster.world.now,
      sleep: (ms: number) => this.#sleep(ms),
    }
    const session = { connect: this.#connect(), transport: inProcess(this.cluster), namespace: 'default' }
    let limited = false
    if (limit > 0) {
      void this.#sleep(limit * 1000).then(() => {
        limited = true
        abort.abort()
      })
    }
    let status: number | undefined
    void kubectl(words, session, io).then((ended) => (status = ended))
    while (status === undefined && !limited) {
      await new Promise((next) => setImmediate(next))
      if (this.#elsewhere === 0) this.#tick()
    }
    this.#calls -= 1
    return limited ? 124 : (status as number)
  }

  /** Something that takes real time. */
  #outside<T>(work: Promise<T>): Promise<T> {
    this.#elsewhere += 1
    return work.finally(() => void (this.#elsewhere -= 1))
  }

  async *#reading(process: string): AsyncIterable<unknown> {
    this.#elsewhere += 1
    try {
      yield* createReadStream(`/proc/${process}/fd/6`)
    } finally {
      this.#elsewhere -= 1
    }
  }

  /** The bridge's address means this cluster; any other is asked over HTTP. */
  #connect(): Connect {
    const { port } = this.#server.address() as AddressInfo
    return (target) => {
      const { transport, ...more } = connectOverHttp(target)
      if (target.server !== `https://127.0.0.1:${port}`) {
        const request = async (asked: Parameters<typeof transport.request>[0]) => {
          this.#elsewhere += 1
          return transport.request(asked).finally(() => void (this.#elsewhere -= 1))
        }
        return { ...more, transport: { ...transport, request } }
      }
      const { token } = target.user as { token?: string }
      // As over TLS, a certificate counts before a token.
      if (target.user['client-certificate-data']) return { transport: inProcess(this.cluster), user: certified(target) }
      return { transport: inProcess(this.cluster), ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) }
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#timers.push({ at: this.cluster.world.now + ms, wake }))
  }

  /** The least that can happen: the next due entry, or the next timer. */
  #tick(): void {
    const { world } = this.cluster
    const due = world.nextDue()?.at ?? Number.POSITIVE_INFINITY
    const next = Math.min(due, world.now + IDLE_STEP_MS, ...this.#timers.map(({ at }) => at))
    if (due <= next) world.step()
    else world.skipTo(next)
    const awake = this.#timers.filter(({ at }) => at <= world.now)
    this.#timers = this.#timers.filter(({ at }) => at > world.now)
    for (const { wake } of awake) wake()
  }
}

/** Whom a client certificate makes of a caller, as the bridge has it. */
function certified({ user }: Target): UserInfo {
  const certificate = new X509Certificate(Buffer.from(String(user['client-certificate-data']), 'base64'))
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  return {
    name: 'kubernetes-admin',
    groups: ['system:masters', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  }
}

/** What a caller told, once all of it is here. */
function callerOf(heard: string): Caller | null {
  const [process = '', folder = '', ...more] = heard.split('\0')
  const values = more.slice(0, NAMES.length)
  const [limit = '', count = ''] = more.slice(NAMES.length)
  const words = more.slice(NAMES.length + 2, -1)
  if (count === '' || more.length < NAMES.length + 3 || words.length < Number(count)) return null
  const env = Object.fromEntries(NAMES.flatMap((name, i) => (values[i] ? [[name, values[i]]] : [])))
  return { process, folder, env: { ...env, PWD: folder, LC_ALL: 'C.UTF-8' }, limit: Number(limit), words }
}

/** A reader that has gone ends the command, as SIGPIPE would. */
function write(fd: number, bytes: Uint8Array, abort: AbortController): void {
  for (let at = 0; at < bytes.length && !abort.signal.aborted; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'EAGAIN') abort.abort()
    }
  }
}
