/** A WebSocket client for Node: with the certificates of a kubeconfig, which the platform's own cannot take. */
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request as plain, type RequestOptions } from 'node:http'
import { request as secure } from 'node:https'
import type { Duplex } from 'node:stream'
import type { SocketLike } from './http-stream.ts'
import { closeFrame, FrameReader, frame } from './websocket.ts'

/** `options`: certificates and headers for the request. */
export const nodeSocket =
  (options: RequestOptions & { ca?: Buffer | undefined; cert?: Buffer | undefined; key?: Buffer | undefined }) =>
  (address: string, protocols: string[], headers: Readonly<Record<string, string>> = {}): SocketLike =>
    new NodeSocket(address, protocols, options, headers)

class NodeSocket implements SocketLike {
  binaryType = 'arraybuffer'
  onopen: (() => void) | null = null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: ((error: unknown) => void) | null = null
  protocol = ''
  refusal?: Response
  #socket: Duplex | null = null
  readonly #abort = new AbortController()

  constructor(address: string, protocols: string[], options: RequestOptions, more: Readonly<Record<string, string>>) {
    const url = new URL(address.replace(/^ws/, 'http'))
    const headers = {
      ...options.headers,
      ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value.split('\n')])),
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': protocols.join(', '),
    }
    const send = url.protocol === 'https:' ? secure : plain
    const request = send(url, { ...options, method: 'GET', headers, signal: this.#abort.signal })
    request.on('upgrade', (answer, socket, head) =>
      this.#opened(String(answer.headers['sec-websocket-protocol'] ?? ''), socket, head),
    )
    request.on('response', (answer) => this.#refused(answer))
    request.on('error', (error) => this.onerror?.(error))
    request.end()
  }

  #refused(answer: IncomingMessage): void {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('close', () => {
      const { statusCode = 0, headers } = answer
      const told = { status: statusCode, headers: { 'content-type': headers['content-type'] ?? 'text/plain' } }
      if (statusCode >= 400) this.refusal = new Response(Buffer.concat(chunks), told)
      this.onclose?.()
    })
  }

  #opened(protocol: string, socket: Duplex, head: Buffer): void {
    this.protocol = protocol
    this.#socket = socket
    const reader = new FrameReader()
    const take = (bytes: Buffer): void => {
      for (const { type, data } of reader.push(bytes)) {
        if (type === 'ping') socket.write(frame('pong', data, randomBytes(4)))
        else if (type === 'close') this.close()
        else if (type !== 'pong') this.onmessage?.({ data: data.buffer as ArrayBuffer })
      }
    }
    socket.on('data', take)
    socket.on('error', (error) => this.onerror?.(error))
    socket.on('close', () => this.onclose?.())
    this.onopen?.()
    if (head.length > 0) take(head)
  }

  send(data: Uint8Array): void {
    this.#socket?.write(frame('binary', data, randomBytes(4)))
  }
  close(): void {
    if (this.#socket) this.#socket.end(closeFrame(1000, randomBytes(4)))
    else this.#abort.abort()
  }
}
