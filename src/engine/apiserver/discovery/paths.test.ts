/** Paths that are no resources, asked as an administrator and as nobody; what a real 1.36.3 API server answers. */
import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const t = new TestCluster({ nodes: 0 })
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') => t.request(method, path, undefined, headers)
const NOBODY = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
const anonymously = (path: string) => t.cluster.request({ method: 'GET', path, user: NOBODY })
const NOT_FOUND = { status: 404, body: '404 page not found\n' }

describe('health', () => {
  it('is asked at paths that end where they end', () => {
    for (const path of ['/livez/', '/readyz/ping/', '/healthz/nix', '/healthz/poststarthook'])
      expect(ask(path)).toMatchObject(NOT_FOUND)
    expect(ask('/readyz/shutdown')).toMatchObject({ status: 200, body: 'ok' })
  })

  it('names what it cannot leave out in order', () => {
    const words = 'warn: some health checks cannot be excluded: no matches for "a\\"b","nax","nix"\n'
    expect(ask('/livez?verbose&exclude=nix&exclude=nax&exclude=a"b').body).toContain(words)
  })

  it('can be asked by anybody, one by one only by those who may', () => {
    expect(anonymously('/livez?verbose').status).toBe(200)
    const { status, headers, body } = anonymously('/livez/ping')
    expect([status, headers['x-content-type-options']]).toEqual([403, 'nosniff'])
    expect((body as AnyObject)['message']).toBe('forbidden: User "system:anonymous" cannot get path "/livez/ping"')
  })

  it('is counted', () => {
    expect(ask('/metrics/slis').body).toMatch(/^kubernetes_healthcheck\{name="etcd",type="livez"\} 1$/m)
    expect(ask('/metrics/slis', {}, 'DELETE').body).toBe('metrics reset\n')
    expect(ask('/metrics/')).toMatchObject(NOT_FOUND)
  })
})

describe('pages about the server itself', () => {
  const STATUSZ = 'application/json;v=v1beta1;g=config.k8s.io;as=Statusz'

  it('are text for people and objects for those who name them', () => {
    expect(ask('/statusz', { accept: 'text/plain' }).body).toMatch(
      /^\napiserver statusz\nWarning: .*\n\nStarted: \w{3} \w{3} .* UTC \d{4}\nUp: 0 hr/,
    )
    const { headers, body } = ask('/statusz', { accept: STATUSZ })
    expect(headers['content-type']).toBe('application/json;g=config.k8s.io;v=v1beta1;as=Statusz')
    expect(JSON.parse(String(body))).toMatchObject({ kind: 'Statusz', binaryVersion: '1.36.3', emulationVersion: '1.36' })
    expect(ask('/flagz', { accept: '*/*' }).body).toContain('\nauthorization-mode: [Node,RBAC]\n')
  })

  it('are refused to those who take anything else', () => {
    const words = 'only the following media types are accepted: application/json, application/yaml, text/plain'
    for (const path of ['/statusz', '/flagz']) {
      expect(ask(path, { accept: 'application/json' })).toMatchObject({ status: 406, body: { message: words } })
    }
  })

  it('tell what priority and fairness holds, and what can be set', () => {
    const lines = String(ask('/debug/api_priority_and_fairness/dump_priority_levels').body).split('\n')
    expect(lines[0]).toMatch(/^PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, /)
    expect(lines.map((line) => line.split(',')[0])).toContain('workload-low')
    expect(ask('/debug/flags/v')).toMatchObject({ status: 406, body: 'unsupported http method\n' })
    expect(ask('/debug/pprof/')).toMatchObject(NOT_FOUND)
  })
})

describe('a path', () => {
  it('is what its escapes stand for', () => {
    expect(ask('/%76ersion').status).toBe(200)
  })

  it('with nothing between two slashes is none', () => {
    for (const path of ['/apis//', '/index.html/']) expect(ask(path)).toMatchObject(NOT_FOUND)
  })

  it('that watches nothing is not understood, whoever asks', () => {
    const words = 'failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch'
    expect(anonymously('/api/v1/watch')).toMatchObject({
      status: 500,
      body: `Internal Server Error: "/api/v1/watch": ${words}\n`,
    })
  })
})
