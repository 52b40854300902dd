/** Single answers of a real 1.36.3 API server that random requests were compared with. */
import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const NS = '/api/v1/namespaces/default'
const APPLY = { 'content-type': 'application/apply-patch+yaml' }
const MERGE = { 'content-type': 'application/merge-patch+json' }
const JSON_PATCH = { 'content-type': 'application/json-patch+json' }
const t = new TestCluster({ nodes: 0 })
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  const { status, body: said } = t.request(method, path, body, headers)
  return { status, object: said as AnyObject, message: (said as AnyObject)['message'] as string | undefined }
}
const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } })

describe('owners of fields', () => {
  it('are forgotten when a client says that there are none, or takes the last away', () => {
    const reset = (name: string, body: unknown, headers: Record<string, string>) => {
      ask('POST', `${NS}/configmaps?fieldManager=m`, map(name))
      return ask('PATCH', `${NS}/configmaps/${name}`, body, headers).object.metadata.managedFields
    }
    expect(reset('a', { metadata: { managedFields: [] } }, MERGE)).toBeUndefined()
    expect(reset('b', [{ op: 'replace', path: '/metadata/managedFields', value: [] }], JSON_PATCH)).toBeUndefined()
    expect(reset('c', [{ op: 'remove', path: '/metadata/managedFields/0' }], JSON_PATCH)).toBeUndefined()
    expect(reset('d', { metadata: { managedFields: null } }, MERGE)).toHaveLength(1)
  })

  it('are nobody where an item of a list has no key', () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'keyless' }, secrets: [{ name: 'x' }] }
    expect(ask('POST', `${NS}/serviceaccounts`, account).object.metadata.managedFields).toHaveLength(1)
    const { object } = ask('PATCH', `${NS}/serviceaccounts/keyless`, [{ op: 'remove', path: '/secrets/0/name' }], JSON_PATCH)
    expect(object.metadata.managedFields).toBeUndefined()
  })
})

it('what is applied loses the upper half of numbers that its type does not hold', () => {
  const spec = {
    suspend: true,
    parallelism: 2 ** 31,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } },
  }
  const job = JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'big' }, spec })
  const { status, message } = ask('PATCH', '/apis/batch/v1/namespaces/default/jobs/big?fieldManager=m', job, APPLY)
  expect([status, message]).toEqual([
    422,
    expect.stringContaining('spec.parallelism: Invalid value: -2147483648: must be greater'),
  ])
})

describe('a deletion', () => {
  it('names the group of what it was not meant for', () => {
    const set = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'd' } }
    const labels = { a: 'b' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x' }] } }
    ask('POST', '/apis/apps/v1/namespaces/default/daemonsets', { ...set, spec: { selector: { matchLabels: labels }, template } })
    const { message } = ask('DELETE', '/apis/apps/v1/namespaces/default/daemonsets/d?uid=x')
    expect(message).toMatch(
      /^Operation cannot be fulfilled on DaemonSet.apps "d": the UID in the precondition \(x\) does not match/,
    )
  })

  it('of a namespace is looked at before the store is', () => {
    const { message } = ask('DELETE', `${NS}?resourceVersion=1`)
    expect(message).toMatch(
      /^Operation cannot be fulfilled on namespaces "default": Precondition failed: ResourceVersion in precondition: 1, /,
    )
  })

  it('that goes on is accepted, when it was asked for in the old way', () => {
    ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } })
    expect(ask('DELETE', '/api/v1/namespaces/going?dryRun=All&orphanDependents=false').status).toBe(202)
    expect(ask('DELETE', '/api/v1/namespaces/going?dryRun=All').status).toBe(200)
  })
})

it('a Service that nobody stands behind is unavailable, without details', () => {
  ask('POST', `${NS}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'empty' },
    spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
  })
  t.run(2)
  const message = 'no endpoints available for service "empty"'
  const expected = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'ServiceUnavailable',
    code: 503,
  }
  expect(ask('GET', `${NS}/services/empty/proxy/`).object).toEqual(expected)
})

describe('roads into pods', () => {
  it('are told of numbers that are none before anybody looks for the pod', () => {
    expect(ask('GET', `${NS}/pods/nix/log?tailLines=99999999999999999999`).message).toBe(
      'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    )
    expect(ask('POST', `${NS}/pods/nix/portforward?ports=abc`).message).toBe(
      'cannot convert to []int32: strconv.ParseUint: parsing "abc": invalid syntax',
    )
  })
})

it('a Pod template drops what is behind a feature gate that is off', () => {
  const spec = { schedulingGroup: { podGroupName: 'x' }, containers: [{ name: 'c', image: 'x' }] }
  const body = { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'gated' }, template: { spec } }
  expect(ask('POST', `${NS}/podtemplates`, body).object['template'].spec).not.toHaveProperty('schedulingGroup')
})

it('whole numbers keep all their digits as far as a double has them, and the largest int64 is itself', () => {
  const grace = (seconds: string) => {
    const body = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"terminationGracePeriodSeconds":${seconds},"containers":[{"name":"c","image":"x"}],"securityContext":{"runAsUser":${seconds}}}}`
    return ask('POST', `${NS}/pods?dryRun=All`, body, { 'content-type': 'application/json' }).message
  }
  expect(grace('9223372036854775807')).toContain('Invalid value: 9223372036854775807: must be between 0 and 2147483647')
  expect(grace('1152921504606846976')).toContain('Invalid value: 1152921504606846976: must be')
  expect(grace('9223372036854775808')).toContain('cannot unmarshal number 9223372036854775808 into Go struct field')
})

describe('what is only asked for', () => {
  it('warns of fields that nobody knows', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'evicted' },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    }
    ask('POST', `${NS}/pods`, pod)
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'evicted' }, bogus: 1 }
    const { headers } = t.request('POST', `${NS}/pods/evicted/eviction?dryRun=All`, eviction)
    expect(headers['warning']).toBe('299 - "unknown field \\"bogus\\""')
  })

  it('cannot be rehearsed where it leads into a pod', () => {
    expect(ask('DELETE', `${NS}/pods/nix/proxy?dryRun=All`).message).toBe('dryRun is not supported')
  })

  it('may have the largest grace there is', () => {
    ask('POST', `${NS}/configmaps`, map('graceful'))
    const options = '{"gracePeriodSeconds":9223372036854775807,"dryRun":["All"]}'
    expect(ask('DELETE', `${NS}/configmaps/graceful`, options, { 'content-type': 'application/json' }).status).toBe(200)
  })
})

it('an empty list that Go always prints is none once stored, and in a dry run', () => {
  const role = (name: string) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules: [] })
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles'
  for (const query of ['?dryRun=All', '']) {
    const { object } = ask('POST', `${roles}${query}`, role('idle'))
    expect([object['rules'], object.metadata.managedFields?.[0]?.fieldsV1]).toEqual([null, { 'f:rules': {} }])
  }
})
