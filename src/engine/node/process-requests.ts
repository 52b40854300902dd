/** Requests for a process of a container's kernel that listens by itself: busybox's httpd, nc. */
import type { Kernel } from '#posix/kernel.ts'
import type { Proc } from '#posix/state.ts'
import { Sys } from '#posix/sys.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'

/** What it answers; `run` lets it act. */
export function askProcess(kernel: Kernel, proc: Proc, port: number, request: HttpRequest, run: () => void): HttpOutcome {
  const http = request.transport === undefined ? kernel.programs[proc.program]?.http : undefined
  if (http) {
    const reply = http(new Sys(kernel, proc), proc.data, request)
    run()
    return { ok: true, reply }
  }
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
  const input =
    request.transport === 'TCP'
      ? (request.body ?? '')
      : `${request.method} ${request.path} HTTP/1.1\r\n${headers.join('')}\r\n${request.body ?? ''}`
  const { state } = kernel
  const about = { id: ++state.serial, port, from: request.from ?? '', pid: proc.pid }
  const connection = { ...about, input, output: '', ended: false, closed: false }
  state.connections.push(connection)
  kernel.wake(`port:${port}`)
  run()
  state.connections = state.connections.filter((c) => c !== connection)
  if (request.transport === 'TCP') return { ok: true, reply: { status: 200, body: connection.output } }
  const m = /^HTTP\/1\.[01] (\d+)[^\n]*\n(?:[^\n]+\n)*?\r?\n([^]*)$/.exec(connection.output)
  return { ok: true, reply: m ? { status: Number(m[1]), body: m[2] as string } : { status: 200, body: connection.output } }
}
