import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const GROUP = 'admissionregistration.k8s.io/v1'

const about = (resources: string, operations = ['CREATE', 'UPDATE', 'DELETE']) => ({
  resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: [resources], operations }],
})

function policy(name: string, spec: object): AnyObject {
  const metadata = { name }
  return { apiVersion: GROUP, kind: 'ValidatingAdmissionPolicy', metadata, spec } as unknown as AnyObject
}
function binding(policyName: string, spec: object = {}): AnyObject {
  const metadata = { name: policyName }
  const whole = { policyName, validationActions: ['Deny'], ...spec }
  return { apiVersion: GROUP, kind: 'ValidatingAdmissionPolicyBinding', metadata, spec: whole } as unknown as AnyObject
}
const mutating = (name: string, spec: object): AnyObject[] =>
  [
    { apiVersion: GROUP, kind: 'MutatingAdmissionPolicy', metadata: { name }, spec },
    { apiVersion: GROUP, kind: 'MutatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name } },
  ] as unknown as AnyObject[]

const configMap = (name: string, data: object = {}, labels?: object): AnyObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(labels ? { labels } : {}) }, data }) as unknown as AnyObject

function withPolicy(spec: object, bindingSpec: object = {}): TestCluster {
  const cluster = new TestCluster({ nodes: 0 })
  cluster.create(policy('p', { matchConstraints: about('configmaps'), ...spec }))
  cluster.create(binding('p', bindingSpec))
  return cluster
}

const refusal = (cluster: TestCluster, object: AnyObject): string => {
  const answer = cluster.request('POST', cluster.path(object), object)
  return answer.status < 300 ? 'created' : `${answer.status} ${(answer.body as AnyObject)['message']}`
}

describe('validating policies', () => {
  const DENIED = `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request:`

  it('refuse, with what the expression said', () => {
    const cluster = withPolicy({ validations: [{ expression: "object.data.size != 'big'" }] })
    expect(refusal(cluster, configMap('a', { size: 'big' }))).toBe(`422 ${DENIED} failed expression: object.data.size != 'big'`)
    expect(refusal(cluster, configMap('b', { size: 'small' }))).toBe('created')
    expect(refusal(cluster, configMap('a'))).toContain('resulted in error: no such key: data')
  })

  it('ask with parameters from other objects', () => {
    const cluster = withPolicy(
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConditions: [{ name: 'not-itself', expression: "!object.metadata.name.startsWith('limits')" }],
        validations: [{ expression: 'int(object.data.size) <= int(params.data.most)', reason: 'Forbidden', message: 'too big' }],
      },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    )
    const missing = 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'
    expect(refusal(cluster, configMap('a', { size: '1' }))).toBe(`422 ${DENIED} ${missing}`)
    cluster.request('DELETE', `/apis/${GROUP}/validatingadmissionpolicybindings/p`)
    cluster.create(configMap('limits', { most: '3' }))
    cluster.create(binding('p', { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } }))
    expect(refusal(cluster, configMap('a', { size: '4' }))).toBe(`403 ${DENIED} too big`)
    expect(refusal(cluster, configMap('a', { size: '3' }))).toBe('created')
  })

  it('ask the authorizer, name variables and namespaces', () => {
    const cluster = withPolicy({
      variables: [
        {
          name: 'mayDelete',
          expression: "authorizer.group('').resource('configmaps').namespace('default').check('delete').allowed()",
        },
        { name: 'space', expression: 'namespaceObject.metadata.name' },
      ],
      validations: [{ expression: '!variables.mayDelete', messageExpression: "'not in ' + variables.space" }],
    })
    expect(refusal(cluster, configMap('a'))).toBe(`422 ${DENIED} not in default`)
  })

  it('let pass what fails when they are to ignore failures', () => {
    const cluster = withPolicy({ failurePolicy: 'Ignore', validations: [{ expression: 'object.data.x == "1"' }] })
    expect(refusal(cluster, configMap('a'))).toBe('created')
  })

  it('warn', () => {
    const cluster = withPolicy({ validations: [{ expression: 'false', message: 'hm' }] }, { validationActions: ['Warn'] })
    const answer = cluster.request('POST', cluster.path(configMap('a')), configMap('a'))
    expect([answer.status, answer.headers['warning']]).toEqual([
      201,
      `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p': hm"`,
    ])
  })

  it('are stopped by their budget', () => {
    const loop = "'x'.matches('x') && [1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, a + b > 0))"
    const validations = [{ expression: "object.data.all(a, object.data.all(b, object.data.all(c, a + b + c != '')))" }]
    const cluster = withPolicy({ validations: [...validations, { expression: loop }] })
    const data = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, '']))
    expect(refusal(cluster, configMap('a', data))).toContain('operation cancelled: actual cost limit exceeded')
  })

  it('have their expressions checked against the types they will meet', () => {
    const cluster = new TestCluster({ nodes: 0 })
    const deployments = {
      resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['CREATE'] }],
    }
    cluster.create(policy('p', { matchConstraints: deployments, validations: [{ expression: 'object.spec.replcas > 1' }] }))
    cluster.run(2)
    expect(cluster.get('validatingadmissionpolicies.admissionregistration.k8s.io', 'p')?.['status']).toEqual({
      observedGeneration: 1,
      typeChecking: {
        expressionWarnings: [
          {
            fieldRef: 'spec.validations[0].expression',
            warning:
              "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replcas'\n | object.spec.replcas > 1\n | ...........^\n",
          },
        ],
      },
    })
  })
})

describe('mutating policies', () => {
  const once = { matchConstraints: about('configmaps', ['CREATE']), reinvocationPolicy: 'Never' }
  const json = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })
  const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } })

  it('apply configurations and patches, one after the other', () => {
    const cluster = new TestCluster({ nodes: 0 })
    const mutations = [
      apply("Object{metadata: Object.metadata{labels: {'team': 'a'}}}"),
      json("[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('x/y'), value: object.metadata.labels.team}]"),
    ]
    for (const object of mutating('m', { ...once, mutations })) cluster.create(object)
    expect(cluster.create(configMap('a')).metadata.labels).toEqual({ team: 'a', 'x/y': 'a' })
  })

  it('are asked again when a later one changed the object', () => {
    const cluster = new TestCluster({ nodes: 0 })
    const seen = json(
      "has(object.metadata.labels) && 'late' in object.metadata.labels ? [JSONPatch{op: 'add', path: '/metadata/labels/seen', value: 'yes'}] : []",
    )
    for (const object of mutating('a', { ...once, reinvocationPolicy: 'IfNeeded', mutations: [seen] })) cluster.create(object)
    const late = [apply("Object{metadata: Object.metadata{labels: {'late': 'yes'}}}")]
    for (const object of mutating('b', { ...once, mutations: late })) cluster.create(object)
    expect(cluster.create(configMap('a')).metadata.labels).toEqual({ late: 'yes', seen: 'yes' })
  })

  it('refuse the request when they fail', () => {
    const cluster = new TestCluster({ nodes: 0 })
    for (const object of mutating('m', { ...once, mutations: [json('[JSONPatch{op: "remove", path: "/data/x"}]')] }))
      cluster.create(object)
    expect(refusal(cluster, configMap('a'))).toContain(`policy 'm' with binding 'm' denied request: JSON Patch: remove operation`)
  })
})

describe('webhooks', () => {
  const hook = (failurePolicy: string): AnyObject =>
    ({
      apiVersion: GROUP,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'w' },
      webhooks: [
        {
          name: 'a.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy,
          rules: about('configmaps').resourceRules,
          clientConfig: { service: { namespace: 'default', name: 'gone' } },
          matchConditions: [{ name: 'some', expression: "object.metadata.name != 'free'" }],
        },
      ],
    }) as unknown as AnyObject

  it('that nobody answers stop the request, or let it pass', () => {
    const cluster = new TestCluster({ nodes: 0 })
    cluster.create(hook('Fail'))
    const words =
      'failed calling webhook "a.example.com": failed to call webhook: Post "https://gone.default.svc:443/?timeout=10s": service "gone" not found'
    expect(refusal(cluster, configMap('a'))).toBe(`500 Internal error occurred: ${words}`)
    expect(refusal(cluster, configMap('free'))).toBe('created')
    cluster.request('DELETE', `/apis/${GROUP}/validatingwebhookconfigurations/w`)
    cluster.create(hook('Ignore'))
    expect(refusal(cluster, configMap('a'))).toBe('created')
  })
})
