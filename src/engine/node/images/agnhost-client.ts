/** `agnhost inclusterclient`: asks the API server every now and then whether it is well, and notes a digest of the token it came with. */
import { encodeUrlBytes } from '#api/base64.ts'
import { bytesOf } from '#api/bytes.ts'
import { sha256 } from '#api/sha256.ts'
import type { Host } from '../programs/program.ts'
import { dashTime, flag } from '../web.ts'
import type { Subcommand } from './agnhost.ts'

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const POLL_SECONDS = 30

function note(host: Host, line: number, text: string, letter = 'I'): void {
  const t = dashTime(host.now)
  const ms = String(host.now % 1000).padStart(3, '0')
  host.out(`${letter}${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11)}.${ms}000       1 main.go:${line}] ${text}\n`, 'stderr')
}

const pause = (host: Host): number => Number(flag(host.argv, 'poll-interval') ?? POLL_SECONDS) * 1000

function poll(host: Host): void {
  note(host, 79, 'calling /healthz')
  const bearer = host.files.read(TOKEN)?.trim()
  const authorization = bearer ? `Bearer ${bearer}` : ''
  if (authorization) note(host, 96, `authz_header=${encodeUrlBytes(sha256([...bytesOf(`salt|${authorization}`)]))}`)
  else note(host, 98, 'authz_header=<empty>', 'E')
  const [name = '', port = '443'] = ['HOST', 'PORT'].map((part) => host.env[`KUBERNETES_SERVICE_${part}`])
  const headers: Record<string, string> = authorization ? { authorization } : {}
  const outcome = host.fetch(name, Number(port), { method: 'GET', path: '/healthz', headers })
  const wrong = !outcome.ok ? `Get "https://${name}:${port}/healthz": dial tcp ${name}:${port}: connect: ${outcome.why}` : ''
  if (outcome.ok && outcome.reply.status < 300) return
  note(host, 82, 'status=failed', 'E')
  note(host, 83, `error checking /healthz: ${outcome.ok ? outcome.reply.body.trim() : wrong}\n`, 'E')
}

export const inClusterClient: Subcommand = {
  start(host) {
    note(host, 61, 'started')
    if (host.files.read(TOKEN) === undefined || !host.env['KUBERNETES_SERVICE_HOST']) {
      host.out(`err: open ${TOKEN}: no such file or directory\n`, 'stderr')
      return host.exit(1)
    }
    host.wake(pause(host))
  },
  wake(state, host) {
    poll(host)
    host.wake(pause(host))
    return state
  },
}
