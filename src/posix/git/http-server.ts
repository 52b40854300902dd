/** A web server with git's `http-backend` behind it: repositories below one folder, for fetch and push. */
import { unzip } from '../applets/gzip.ts'
import type { Answer, Asked } from '../program.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { ConfigFile } from './config.ts'
import { isRepo } from './repo.ts'
import { storeOf } from './store.ts'
import { Served, type Service } from './wire/serve.ts'

const ROOT = '/var/lib/git'
const PORT = 80
const FRESH = { 'cache-control': 'no-cache, max-age=0, must-revalidate' }

const page = (status: number, title: string): Answer => ({
  status,
  body: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  headers: { 'content-type': 'text/html' },
})

/** Who may give: nobody, unless it is said of all repositories or of this one. */
function takes(sys: Sys, dir: string): boolean {
  const files = ['/etc/gitconfig', `${dir}/config`].map((path) => new ConfigFile(storeOf(sys), path))
  return files.flatMap((file) => file.all()).findLast(([key]) => key === 'http.receivepack')?.[1] === 'true'
}

const SERVICES: readonly string[] = ['git-upload-pack', 'git-receive-pack']

function answer(sys: Sys, { method, path, headers = {}, body = '' }: Asked): Answer {
  const [bare = '', query = ''] = path.split('?')
  const m = /^\/(.+?)\/(HEAD|info\/refs|git-upload-pack|git-receive-pack)$/.exec(decodeURIComponent(bare))
  const dir = `${ROOT}/${m?.[1]}`
  if (!m || dir.includes('..') || !isRepo(sys, dir)) return page(404, 'Not Found')
  const store = storeOf(sys)
  if (m[2] === 'HEAD') return { status: 200, body: store.read(`${dir}/HEAD`) ?? '', headers: { 'content-type': 'text/plain' } }
  const asked = m[2] === 'info/refs' ? (/(?:^|&)service=([^&]*)/.exec(query)?.[1] ?? '') : (m[2] as string)
  if (!SERVICES.includes(asked)) return page(403, 'Forbidden')
  const service = asked as Service
  if (service === 'git-receive-pack' && !takes(sys, dir)) return page(403, 'Forbidden')
  const served = new Served(store, dir)
  if (m[2] === 'info/refs')
    return {
      status: 200,
      body: served.advertise(service),
      headers: { ...FRESH, 'content-type': `application/x-${service}-advertisement` },
    }
  if (method !== 'POST') return page(405, 'Method Not Allowed')
  const sent = headers['content-encoding'] === 'gzip' ? (unzip(body) ?? '') : body
  return {
    status: 200,
    body: served.answer(service, sent),
    headers: { ...FRESH, 'content-type': `application/x-${service}-result` },
  }
}

export const gitHttp: Program = program({
  name: 'git-http',
  run(sys, data) {
    if (!data.listens) {
      if (sys.kernel.state.listeners.some(({ port }) => port === PORT))
        return sys.fail('bind() to 0.0.0.0:80 failed (98: Address already in use)')
      sys.kernel.state.listeners.push({ port: PORT, pid: sys.proc.pid })
      data.listens = true
    }
    return sys.forever()
  },
  http(sys, _data, request) {
    const reply = answer(sys, request)
    const agent = request.headers?.['user-agent'] ?? '-'
    sys.out(`${request.from ?? '127.0.0.1'} "${request.method} ${request.path} HTTP/1.1" ${reply.status} "${agent}"\n`)
    return reply
  },
})
