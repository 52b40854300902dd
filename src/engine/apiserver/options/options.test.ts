/** What a real 1.36.3 API server says to the options of queries. */
import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const APPLY = { 'content-type': 'application/apply-patch+yaml' }
const t = new TestCluster({ nodes: 0 })
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
t.request('POST', MAPS, map)

const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = t.request(method, path, body, headers)
  const said = (typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body) as AnyObject
  return `${answer.status} ${said['message'] ?? said.kind}`
}
const parsing = (text: string, why: string) => `400 strconv.ParseInt: parsing "${text}": ${why}`

describe('a timeout', () => {
  const refused = (text: string, why: string) => {
    const words = `400 invalid timeout specified in the request URL - time: ${why} "${text}"`
    for (const path of [`${MAPS}/a`, '/version', '/nowhere', '/healthz'])
      expect(ask('GET', `${path}?timeout=${text}`)).toBe(words)
  }

  it('that is no duration is refused on every path', () => {
    refused('abc', 'invalid duration')
    refused('10', 'missing unit in duration')
    refused('1s1', 'missing unit in duration')
    refused('1d', 'unknown unit "d" in duration')
    refused('99999999999h', 'invalid duration')
  })

  it('that no server can meet has run out, and the others are met', () => {
    expect(ask('GET', `${MAPS}?timeout=1us`)).toBe('504 Timeout: request did not complete within the allotted timeout')
    for (const text of ['', '32s', '0', '-1s', '1.5h']) expect(ask('GET', `${MAPS}?timeout=${text}`)).toBe('200 ConfigMapList')
  })

  it('of what takes long by nature is not looked at', () => {
    expect(t.cluster.watch({ method: 'GET', path: `${MAPS}?watch=1&timeout=abc` }).response.status).not.toBe(400)
  })
})

describe('options of a list', () => {
  it('are whole numbers of 64 bits, even when nothing is said', () => {
    for (const name of ['limit', 'timeoutSeconds']) {
      expect(ask('GET', `${MAPS}?${name}=`)).toBe(parsing('', 'invalid syntax'))
      expect(ask('GET', `${MAPS}?${name}=1.5`)).toBe(parsing('1.5', 'invalid syntax'))
      expect(ask('GET', `${MAPS}?${name}=9223372036854775808`)).toBe(parsing('9223372036854775808', 'value out of range'))
      expect(ask('GET', `${MAPS}?${name}=9223372036854775807`)).toBe('200 ConfigMapList')
    }
  })

  it('are read before they are put together: numbers, selectors, the rest', () => {
    expect(ask('GET', `${MAPS}?limit=x&labelSelector=a(&resourceVersionMatch=y`)).toBe(parsing('x', 'invalid syntax'))
    const words = "400 unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"
    expect(ask('GET', `${MAPS}?labelSelector=a(&resourceVersionMatch=y`)).toBe(words)
    expect(ask('DELETE', `${MAPS}?labelSelector=a(`, { propagationPolicy: 'x' })).toBe(words)
  })

  it('know resource versions of 64 bits', () => {
    const version = '99999999999999999999'
    const words = `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": value out of range`
    expect(ask('GET', `${MAPS}?resourceVersion=${version}`)).toBe(`400 invalid resource version: ${words}`)
    expect(ask('GET', `${MAPS}/a?resourceVersion=${version}`)).toBe(`500 ${words}`)
  })

  it('name no other object than the path does', () => {
    const path = '/api/v1/watch/namespaces/default/configmaps/a?fieldSelector=metadata.name=b'
    const { response } = t.cluster.server.watch({ method: 'GET', path, user: { name: 'admin', groups: ['system:masters'] } })
    expect((response.body as AnyObject)['message']).toBe("fieldSelector metadata.name doesn't match requested name")
  })
})

describe('options of a write', () => {
  it('say All or nothing of dry runs, in one complaint', () => {
    const words = (kind: string, values: string) =>
      `422 ${kind}.meta.k8s.io "" is invalid: dryRun: Unsupported value: ${values}: supported values: "All"`
    expect(ask('POST', `${MAPS}?dryRun=`, map)).toBe(words('CreateOptions', '[""]'))
    expect(ask('PUT', `${MAPS}/a?dryRun=x&dryRun=y`, map)).toBe(words('UpdateOptions', '["x","y"]'))
    expect(ask('DELETE', `${MAPS}/a?dryRun=x&dryRun=y`)).toBe(words('DeleteOptions', '["x","y"]'))
    expect(ask('PUT', `${MAPS}/a?dryRun=All&dryRun=All`, map)).toBe('200 ConfigMap')
  })

  it('are all looked at together', () => {
    const words =
      '422 PatchOptions.meta.k8s.io "" is invalid: [fieldManager: Required value: is required for apply patch, dryRun: Unsupported value: ["x"]: supported values: "All"]'
    expect(ask('PATCH', `${MAPS}/a?dryRun=x`, JSON.stringify(map), APPLY)).toBe(words)
  })

  it('take managers of 128 printable bytes', () => {
    const by = (manager: string) => ask('PUT', `${MAPS}/a?fieldManager=${manager}`, map)
    expect(by('x'.repeat(128))).toBe('200 ConfigMap')
    expect(by('x'.repeat(129))).toMatch(/fieldManager: Too long: may not be more than 128 bytes$/)
    expect(by('%C2%A0x')).toMatch(/Invalid value: "\\u00a0x": invalid character U\+00A0 \(at position 0\)$/)
    // An escape that is none is not heard.
    expect(by('%zz')).toBe('200 ConfigMap')
  })

  it('of a deletion are refused when they say nothing, but not where an object is meant', () => {
    const remove = (query: string) => ask('DELETE', `${MAPS}/a?dryRun=All&${query}`)
    expect(remove('gracePeriodSeconds=')).toBe(parsing('', 'invalid syntax'))
    expect(remove('gracePeriodSeconds=99999999999999999999')).toBe(parsing('99999999999999999999', 'value out of range'))
    expect(remove('propagationPolicy=')).toMatch(
      /^422 .* propagationPolicy: Unsupported value: "": supported values: "Foreground"/,
    )
    expect(remove('uid=&resourceVersion=')).toBe('200 Status')
  })
})
