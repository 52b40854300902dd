/**
 * nginx beside a real one (1.22): what `nginx -t` said of a hundred configurations, and what it answered to a hundred requests.
 * `recorded.json` is what the real one said; its version is masked, for the image here is a later one.
 */
import { expect, test } from 'vitest'
import type { HttpOutcome, HttpRequest } from '../../../machinery/http.ts'
import type { Host } from '../../programs/program.ts'
import { daemon } from './daemon.ts'
import type { NginxState } from './index.ts'
import recorded from './recorded.json' with { type: 'json' }
import { MIME_TYPES } from './usual.ts'

const FILES: Record<string, string> = {
  ...recorded.files,
  '/etc/nginx/mime.types': MIME_TYPES,
  '/srv/nginx.conf': recorded.serve,
}

/** A machine with these files, on which two servers listen that say what they were asked. */
function hostWith(files: Record<string, string>, argv: string[]): Host {
  const folders = new Set(
    Object.keys(files).flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))),
  )
  folders.add('/srv/www/empty')
  const bare = (path: string): string => path.replace(/\/+$/, '')
  const host: Partial<Host> = {
    now: 0,
    user: 0,
    argv,
    mainArgv: ['sh'],
    env: {},
    podIp: '127.0.0.1',
    hostname: 'h',
    served: 0,
    files: {
      read: (path) => files[path.replace(/\/+/g, '/')],
      unreadable: (path) => (path in files ? '' : 'No such file or directory'),
      makeDirectory: () => 'Read-only file system',
      write: () => '',
      stat: () => 'No such file or directory',
      isDirectory: (path) => folders.has(bare(path)),
      list: (path) =>
        folders.has(bare(path))
          ? Object.keys(files)
              .filter((file) => file.startsWith(`${bare(path)}/`) && !file.slice(bare(path).length + 1).includes('/'))
              .map((file) => file.slice(bare(path).length + 1))
          : undefined,
    },
    out: () => {},
    resolve: (name) => (name === 'localhost' ? ['127.0.0.1'] : []),
    random: () => 1,
    untouched: () => true,
    run: () => ({ output: '', code: 0 }),
    exit: () => {},
    fetch: backend,
  }
  return host as Host
}

const TOLD = ['connection', 'host', 'x-a', 'x-b', 'x-forwarded-for', 'x-real-ip']

function backend(_host: string, port: number, { method, path, headers = {}, body = '' }: HttpRequest): HttpOutcome {
  if (port !== 9101 && port !== 9102) return { ok: false, why: 'connection refused' }
  const told = TOLD.filter((name) => headers[name] !== undefined).map((name) => `${name}=${headers[name]}`)
  const status = path.includes('missing') ? 404 : path.includes('redir') ? 302 : path.includes('boom') ? 500 : 200
  return {
    ok: true,
    reply: {
      status,
      body: `${port === 9101 ? 'A' : 'B'} ${method} ${path} ${told.join(' ')} ${body}\n`,
      headers: {
        'content-type': 'text/x-back',
        'x-powered': 'py',
        ...(status === 302 ? { location: 'http://127.0.0.1:9101/base/there' } : {}),
      },
    },
  }
}

/** Lines for the error log go to whoever asked as well: the recorded ones are told once. */
const once = (said: string): string =>
  said
    .replace(/^\d\S+ \S+ (\[\w+\]) \d+#\d+: /gm, 'nginx: $1 ')
    .split('\n')
    .filter((line, i, all) => line !== all[i - 1])
    .join('\n')

test('of each configuration it says what the real one says', () => {
  for (const { text, said } of recorded.configurations) {
    const host = hostWith({ ...FILES, FILE: text }, ['nginx', '-t', '-c', 'FILE'])
    expect({ text, said: once(daemon.test(host).out) }).toEqual({ text, said })
  }
})

test('each request is answered as the real one answers it', () => {
  const host = hostWith(FILES, ['nginx', '-c', '/srv/nginx.conf', '-g', 'daemon off;'])
  const state = daemon.start(host) as NginxState
  for (const { port, method, path, headers, body = '', answer } of recorded.requests) {
    const sent = { host: `127.0.0.1:${port}`, 'user-agent': 'curl/7.88.1', ...(headers as Record<string, string>) }
    const reply = daemon.http({ method, path, headers: sent, body, from: '127.0.0.1' }, state, host, port)
    const { server: _, ...told } = reply.headers ?? {}
    const text = reply.body.replace(/nginx\/1\.\d+\.\d+/g, 'nginx/VERSION').replace(/\d\d-\w{3}-\d{4} \d\d:\d\d/g, 'WHEN')
    const own = {
      status: reply.status,
      headers: told,
      body: method === 'HEAD' ? '' : path === '/two' ? text.replace(/^[AB]/, '?') : text,
    }
    expect({ method, path, answer: own }).toEqual({ method, path, answer })
  }
})
