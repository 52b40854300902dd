import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ApiRequest } from '#api/request.ts'
import { TestCluster } from '../../testing/test-cluster.ts'
import { enableYaml } from '../../yaml.ts'

interface Exchange {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
  status: number
  type?: string
  warning?: string
  answer: unknown
}

/** What a real 1.36.3 API server answered, request by request, with what chance and the clock chose hidden; one list is one story. */
const recorded: Record<string, Exchange[]> = JSON.parse(readFileSync(new URL('exchanges.json', import.meta.url), 'utf8'))

describe('answers of a real API server', () => {
  enableYaml()
  const t = new TestCluster()

  it.each(Object.keys(recorded))('%s', (story) => {
    t.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: story } })
    t.run(1)
    const known: Record<string, string> = {}
    for (const one of recorded[story] as Exchange[]) {
      const { method, body } = one
      const path = one.path.replace(/\$(\w+)/g, (whole, name: string) => known[name] ?? whole)
      const headers = { 'user-agent': 'corpus/1.0', accept: 'application/json', ...typeOf(body), ...one.headers }
      const { status, type, warning, answer, version } = ask({ method, path, headers, body })
      if (version && one.path.includes('$') === false && method === 'POST') known['rv'] = version
      const expected = { status: one.status, type: one.type, warning: one.warning, answer: one.answer }
      expect({ asked: `${method} ${path}`, status, type, warning, answer }).toEqual({ asked: `${method} ${path}`, ...expected })
    }
  })

  function ask(request: ApiRequest) {
    const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
    const watches = /[?&]watch=1/.test(request.path) ? t.cluster.server.watch({ ...request, user }) : null
    const { status, headers, body } = watches?.response ?? t.cluster.request(request)
    const sent = watches?.session ? watches.session.take() : body
    watches?.session?.stop()
    const version = (body as { metadata?: { resourceVersion?: string } } | null)?.metadata?.resourceVersion
    return { status, type: headers['content-type'], warning: headers['warning'], answer: plain(sent), version }
  }
})

const typeOf = (body: string | undefined): Record<string, string> => {
  if (!body) return {}
  return { 'content-type': /^\s*[[{]/.test(body) ? 'application/json' : 'application/yaml' }
}

/** An answer without what chance and the clock choose, its owners in an order of their own. */
function plain(body: unknown): unknown {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const hidden = (text ?? '')
    .replace(/(kube-api-access-)[a-z0-9]{5}/g, '$1<rand>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/(resourceVersion[\\"]*: ?[\\"]*)\d+/g, '$1<rv>')
    .replace(/(current: |old resource version: |\()\d+\b/g, '$1<rv>')
    .replace(/("?continue"?: ?)"[^"]+"/g, '$1"<continue>"')
  try {
    return JSON.parse(hidden, (key, value) => (key === 'managedFields' && Array.isArray(value) ? value.map(entry).sort() : value))
  } catch {
    return hidden
  }
}

const entry = (value: unknown): string => JSON.stringify(value)
