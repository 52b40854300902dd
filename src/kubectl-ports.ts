/** Ports of this machine for kubectl under Node: plain connections, and a server of HTTP. */
import { createServer as createWebServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { bytesOf, textOf } from '#api/bytes.ts'
import { KubectlError } from '#kubectl/error.ts'
import type { Caller, Io } from '#kubectl/io.ts'

/** Sockets of this machine; errors in the system's words. */
export function listen(host: string, port: number, come: (caller: Caller) => void): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    come({
      input: textsOf(socket),
      write: (text) => void (socket.writable && socket.write(bytesOf(text))),
      end: () => void socket.end(),
    })
  })
  const stop = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return new Promise((resolve, reject) => {
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => reject(new Error(`bind: ${BINDS[code] ?? code}`)))
    server.listen({ host, port }, () => resolve({ port: (server.address() as AddressInfo).port, stop }))
  })
}

const BINDS: Record<string, string> = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
}

async function* textsOf(socket: Socket): AsyncIterable<string> {
  try {
    for await (const chunk of socket) yield textOf(chunk as Buffer)
  } catch {
    // The caller went away in the middle: that is an end as well.
  }
}

export const serve: NonNullable<Io['serve']> = (where, answer) => {
  const server = createWebServer((incoming, outgoing) => {
    void bodyOf(incoming).then((body) => {
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
      answer(
        { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers, body },
        {
          head: (status, told) => void outgoing.writeHead(status, told).flushHeaders(),
          write: (text) => void outgoing.write(bytesOf(text)),
          end: () => void outgoing.end(),
          onGone: (see) => void outgoing.on('close', see),
        },
      )
    })
  })
  const stop = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return new Promise((resolve, reject) => {
    const shown = 'socket' in where ? where.socket : `${where.host}:${where.port}`
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) =>
      reject(new KubectlError(`listen ${'socket' in where ? 'unix' : 'tcp'} ${shown}: bind: ${BINDS[code] ?? code}`)),
    )
    server.listen('socket' in where ? { path: where.socket } : where, () => {
      const address = server.address() as AddressInfo | string
      resolve({ address: typeof address === 'string' ? address : `${address.address}:${address.port}`, stop })
    })
  })
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
