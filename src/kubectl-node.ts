/** kubectl's surroundings in Node: files, terminal, editor, and connections over HTTP with a kubeconfig's certificates. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { bytesOf, textOf } from '#api/bytes.ts'
import type { Transport } from '#api/request.ts'
import type { Connect, Target } from '#kubectl/config/connection.ts'
import { editorOf, editorTrouble, opening } from '#kubectl/editor.ts'
import { KubectlError, Unreachable } from '#kubectl/error.ts'
import type { Io } from '#kubectl/io.ts'
import { http } from '#transport/http.ts'
import { nodeSocket } from '#transport/node-socket.ts'
import { listen, serve } from './kubectl-ports.ts'

/** `key-data` in base64, or `key` as the name of a file. */
function pem(entry: Record<string, unknown>, key: string): Buffer | undefined {
  const data = entry[`${key}-data`]
  if (typeof data === 'string') return Buffer.from(data, 'base64')
  const file = entry[key]
  return typeof file === 'string' && file !== '' ? readFileSync(file) : undefined
}

const tlsOf = ({ cluster, user }: Target) => ({
  ca: pem(cluster, 'certificate-authority'),
  cert: pem(user, 'client-certificate'),
  key: pem(user, 'client-key'),
  rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
})

/** fetch with the cluster's authority and the user's certificate, which Node's own takes only from its environment. */
function fetchWith(tls: ReturnType<typeof tlsOf>): typeof globalThis.fetch {
  return (url, options = {}) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', body, signal } = options
      const address = new URL(String(url))
      const send = address.protocol === 'https:' ? secure : plain
      const length: Record<string, string> = body ? { 'content-length': String(Buffer.byteLength(body as string)) } : {}
      const headers: Record<string, string | string[]> = { ...length }
      for (const [name, value] of options.headers as [string, string][])
        headers[name] = name in headers ? [headers[name] ?? [], value].flat() : value
      const request = send(address, { ...tls, method, headers, ...(signal ? { signal } : {}) }, (answer) => {
        const status = answer.statusCode ?? 500
        const pairs = Object.entries(answer.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one): [string, string] => [name, one]),
        )
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
        resolve(new Response([204, 304].includes(status) ? null : stream, { status, headers: pairs }))
      })
      request.on('error', reject)
      request.end(body as string | undefined)
    })
}

export const connectOverHttp: Connect = (target) => {
  const { token, username, password } = target.user as Record<string, string | undefined>
  const basic = username === undefined ? undefined : Buffer.from(`${username}:${password ?? ''}`).toString('base64')
  const authorization = token ? `Bearer ${token}` : basic ? `Basic ${basic}` : ''
  const headers: Record<string, string> = authorization ? { authorization } : {}
  const tls = tlsOf(target)
  const server = target.server.replace(/\/$/, '')
  const transport = http({ server, headers, fetch: fetchWith(tls), socket: nodeSocket({ ...tls, headers }) })
  return { transport: worded(transport, server) }
}

/** A connection that fails is told in kubectl's words. */
function worded(transport: Transport, server: string): Transport {
  return {
    ...transport,
    async request(request) {
      try {
        return await transport.request(request)
      } catch (error) {
        const { code = '', message } = error as { code?: string; message: string }
        if (code === 'ECONNREFUSED') throw new Unreachable(server, request.path, request.method)
        throw new KubectlError(`Unable to connect to the server: ${tlsWords(code, message, server)}`, 1, true)
      }
    },
  }
}

function tlsWords(code: string, message: string, server: string): string {
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${new URL(server).hostname}: no such host`
  return message
}

/** What a kubectl has around it: this process's own, unless somebody runs it for another. */
export interface Seat {
  folder: string
  env: NodeJS.ProcessEnv
  out(bytes: Uint8Array): void
  err(bytes: Uint8Array): void
  input: AsyncIterable<unknown>
}

const ownSeat = (): Seat => ({
  folder: process.cwd(),
  env: process.env,
  out: (bytes) => void process.stdout.write(bytes),
  err: (bytes) => void process.stderr.write(bytes),
  input: process.stdin,
})

async function* inputOf({ input }: Seat): AsyncIterable<string> {
  for await (const chunk of input) yield textOf(chunk as Buffer)
}

async function allOf(seat: Seat): Promise<string> {
  let all = ''
  for await (const text of inputOf(seat)) all += text
  return all
}

const NOT_FOUND = 127

/** Runs a program in this one's place: with its own streams, or with those of the seat. */
function runProgram(seat: Seat, own: boolean, [file = '', ...words]: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const { folder: cwd, env } = seat
    const child = spawn(file, words, { cwd, env, stdio: own ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
    child.stdout?.on('data', (bytes: Uint8Array) => seat.out(bytes))
    child.stderr?.on('data', (bytes: Uint8Array) => seat.err(bytes))
    child.on('error', () => done(NOT_FOUND))
    child.on('close', (code) => done(code ?? 1))
  })
}

/** KUBE_EDITOR, EDITOR, or vi, on a file of its own. */
async function edit(seat: Seat, own: boolean, text: string, name: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubectl-edit-'))
  const file = path.join(folder, name)
  writeFileSync(file, bytesOf(text))
  const editor = editorOf(seat.env, '/bin/bash')
  try {
    const status = await runProgram(seat, own, opening(editor, file))
    if (status !== 0) throw editorTrouble(editor, editor.shell || status !== NOT_FOUND)
    return textOf(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Null where nothing is, below a file as well. */
function statOf(file: string): Stats | null {
  try {
    return statSync(file)
  } catch {
    return null
  }
}

function kindOf(file: string): 'program' | 'file' | null {
  const found = statOf(file)
  if (!found || found.isDirectory()) return null
  return found.mode & 0o111 ? 'program' : 'file'
}

/** `open x: no such file or directory`, as Go words it. */
function reading<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOENT') throw new Error(`open ${name}: no such file or directory`)
    if (code === 'ENOTDIR') throw new Error(`open ${name}: not a directory`)
    if (code === 'EISDIR') throw new Error(`read ${name}: is a directory`)
    if (code === 'EACCES') throw new Error(`open ${name}: permission denied`)
    throw error
  }
}

const terminal = () => ({
  size: () => ({ columns: process.stdout.columns, rows: process.stdout.rows }),
  onResize(see: () => void) {
    process.stdout.on('resize', see)
    return () => void process.stdout.off('resize', see)
  },
  raw: (on: boolean) => void process.stdin.setRawMode(on),
})

export function nodeIo(signal: AbortSignal, seat = ownSeat()): Io {
  const own = seat.input === process.stdin
  const at = (name: string): string => path.resolve(seat.folder, name)
  return {
    out: (text) => seat.out(bytesOf(text)),
    err: (text) => seat.err(bytesOf(text)),
    stdin: () => allOf(seat),
    input: () => inputOf(seat),
    ...(own && process.stdin.isTTY && process.stdout.isTTY ? { tty: terminal() } : {}),
    read: async (name) => textOf(reading(name, () => readFileSync(at(name)))),
    list: async (name) => (statOf(at(name))?.isDirectory() ? readdirSync(at(name)) : null),
    async write(name, text) {
      mkdirSync(path.dirname(at(name)), { recursive: true })
      writeFileSync(at(name), bytesOf(text))
    },
    remove: async (name) => rmSync(at(name), { recursive: true, force: true }),
    edit: (text, name) => edit(seat, own, text, name),
    programs: { kind: async (name) => kindOf(at(name)), run: (argv) => runProgram(seat, own, argv) },
    fetch,
    listen,
    serve,
    env: (name) => seat.env[name],
    now: () => Date.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, Math.min(ms, 2 ** 31 - 1))),
    signal,
  }
}

async function fetch(url: string): Promise<string> {
  const answer = await globalThis.fetch(url).catch(() => null)
  if (!answer) throw new Error(`unable to read URL "${url}"`)
  if (!answer.ok)
    throw new Error(
      `unable to read URL "${url}", server reported ${answer.status} ${answer.statusText}, status code=${answer.status}`,
    )
  return answer.text()
}
