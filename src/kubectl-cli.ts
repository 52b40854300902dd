/** Entry: our kubectl in Node, over HTTP, against the server of a kubeconfig: `npm run kubectl -- get pods`. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import path from 'node:path'
import { Readable } from 'node:stream'
import { parse } from 'yaml'
import { kubectl } from '#kubectl/kubectl.ts'
import { http } from '#transport/http.ts'
import { nodeSocket } from '#transport/node-socket.ts'

interface Kubeconfig {
  'current-context'?: string
  contexts?: { name: string; context: { cluster: string; user?: string; namespace?: string } }[]
  clusters?: { name: string; cluster: Record<string, string> & { server: string; 'insecure-skip-tls-verify'?: boolean } }[]
  users?: { name: string; user?: Record<string, string> }[]
}

/** `--kubeconfig`, else KUBECONFIG, else `kubeconfig` in this folder. */
function kubeconfig(words: readonly string[]): Kubeconfig {
  const at = words.findIndex((word) => word === '--kubeconfig' || word.startsWith('--kubeconfig='))
  const given = at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1])
  const file = given ?? process.env['KUBECONFIG'] ?? 'kubeconfig'
  if (!existsSync(file)) throw new Error(`error: there is no kubeconfig ${file}; npm run bridge makes one`)
  return parse(readFileSync(file, 'utf8')) as Kubeconfig
}

/** `key-data` in base64, or `key` as the name of a file. */
function pem(entry: Record<string, unknown> | undefined, key: string): Buffer | undefined {
  const data = entry?.[`${key}-data`]
  if (typeof data === 'string') return Buffer.from(data, 'base64')
  const file = entry?.[key]
  return typeof file === 'string' ? readFileSync(file) : undefined
}

const tlsOf = (cluster: Record<string, unknown>, user: Record<string, unknown> | undefined) => ({
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
      const headers = { ...(options.headers as Record<string, string>), ...length }
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

function directory(name: string): string[] | null {
  return existsSync(name) && statSync(name).isDirectory() ? readdirSync(name) : null
}

async function stdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function main(words: readonly string[]): Promise<number> {
  const config = kubeconfig(words)
  const asked = words[words.indexOf('--context') + 1]
  const contextName = words.includes('--context') ? asked : config['current-context']
  const context = config.contexts?.find(({ name }) => name === contextName)?.context
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster
  if (!cluster) throw new Error(`error: context ${JSON.stringify(contextName ?? '')} does not exist`)
  const { server } = cluster
  const user = config.users?.find(({ name }) => name === context?.user)?.user
  const token = user?.['token']
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const tls = tlsOf(cluster, user)
  const transport = http({
    server: server.replace(/\/$/, ''),
    headers,
    fetch: fetchWith(tls),
    socket: nodeSocket({ ...tls, headers }),
  })
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  return kubectl(
    words,
    { transport, namespace: context?.namespace ?? 'default', serverAddress: server, contextName: contextName ?? '' },
    {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      stdin,
      read: async (name) => readFileSync(path.resolve(name), 'utf8'),
      list: async (name) => directory(name),
      now: () => Date.now(),
      sleep: (ms) => new Promise((wake) => setTimeout(wake, Math.min(ms, 2 ** 31 - 1)).unref()),
      signal: abort.signal,
    },
  )
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
