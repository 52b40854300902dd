import { beforeEach, describe, expect, it } from 'vitest'
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { ROOT } from './root-certificate.ts'
import { pod } from './testing/builders.ts'
import { TestCluster } from './testing/test-cluster.ts'

const CA = encodeText(ROOT.certificate)
let t: TestCluster

/** agnhost as a server of webhooks, behind a Service on port 8443. */
function serve(command: string): void {
  const args = [command, '--port=8444', '--sidecar-image=busybox:1.36']
  const containers = [
    { name: 'hook', image: 'registry.k8s.io/e2e-test-images/agnhost:2.59', args, ports: [{ containerPort: 8444 }] },
  ]
  t.create({ ...pod('hook', '', { containers }), metadata: { name: 'hook', labels: { app: 'hook' } } })
  t.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hook' },
    spec: { selector: { app: 'hook' }, ports: [{ port: 8443, targetPort: 8444 }] },
  } as unknown as AnyObject)
  t.run(10)
}

const at = (path: string, caBundle = CA) => ({ service: { namespace: 'default', name: 'hook', port: 8443, path }, caBundle })

function register(kind: 'Validating' | 'Mutating', path: string, resources: string[], more: Record<string, unknown> = {}): void {
  const rules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources }]
  const webhook = {
    name: 'hook.example.com',
    rules,
    clientConfig: at(path),
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  }
  t.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: 'hook' },
    webhooks: [webhook],
  } as unknown as AnyObject)
  t.run(1)
}

const map = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): AnyObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(labels ? { labels } : {}) }, data }) as unknown as AnyObject
const refusal = (object: AnyObject): string => {
  try {
    t.create(object)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('webhooks that pods answer', () => {
  beforeEach(() => {
    t = new TestCluster()
    serve('webhook')
  })

  it('refuse in their own words', () => {
    register('Validating', '/configmaps', ['configmaps'])
    expect(refusal(map('bad', { 'webhook-e2e-test': 'webhook-disallow' }))).toBe(
      'admission webhook "hook.example.com" denied the request: the configmap contains unwanted key and value',
    )
    expect(refusal(map('good'))).toBe('')
  })

  it('change objects', () => {
    register('Mutating', '/add-label', ['configmaps'])
    expect(t.create(map('plain')).metadata.labels).toEqual({ 'added-label': 'yes' })
  })

  it('are given up after their time, and what then happens is said by the policy', () => {
    register('Validating', '/always-allow-delay-5s', ['configmaps'], { timeoutSeconds: 1 })
    expect(refusal(map('late'))).toBe(
      'Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://hook.default.svc:8443/always-allow-delay-5s?timeout=1s": context deadline exceeded',
    )
    t.request('DELETE', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/hook')
    register('Validating', '/always-allow-delay-5s', ['configmaps'], { timeoutSeconds: 1, failurePolicy: 'Ignore' })
    expect(refusal(map('late'))).toBe('')
  })

  it('are not believed without a certificate that is known, and not heard when their pod is gone', () => {
    register('Validating', '/configmaps', ['configmaps'], { clientConfig: { ...at('/configmaps'), caBundle: undefined } })
    expect(refusal(map('x'))).toMatch(/x509: certificate signed by unknown authority$/)
    t.delete('pods', 'hook', '?gracePeriodSeconds=0')
    t.run(5)
    expect(refusal(map('x'))).toMatch(/connect: connection refused$/)
  })

  it('decide who may attach to a pod', () => {
    const containers = [{ name: 'container1', image: 'nginx:1.27' }]
    t.create(pod('to-be-attached-pod', '', { containers }))
    t.run(10)
    register('Validating', '/pods/attach', ['pods/attach'])
    const path = '/api/v1/namespaces/default/pods/to-be-attached-pod/attach'
    const answer = t.request('POST', `${path}?container=container1&stdin=true&stdout=true`)
    expect((answer.body as AnyObject)['message']).toBe(
      'admission webhook "hook.example.com" denied the request: attaching to pod \'to-be-attached-pod\' is not allowed',
    )
    expect((t.request('POST', `${path}?container=container1&stdout=true`).body as AnyObject)['message']).toBe(
      'Upgrade request required',
    )
  })
})

it('conversion webhooks are asked when an object is read in another version', () => {
  t = new TestCluster()
  serve('crd-conversion-webhook')
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const versions = ['v1', 'v2'].map((name) => ({ name, served: true, storage: name === 'v1', schema }))
  const names = { plural: 'e2e-tests', singular: 'e2e-test', kind: 'E2eTest' }
  const conversion = { strategy: 'Webhook', webhook: { clientConfig: at('/crdconvert'), conversionReviewVersions: ['v1'] } }
  const spec = { group: 'stable.example.com', scope: 'Namespaced', names, versions, conversion }
  t.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'e2e-tests.stable.example.com' },
    spec,
  } as unknown as AnyObject)
  t.run(10)
  const path = (version: string) => `/apis/stable.example.com/${version}/namespaces/default/e2e-tests`
  t.request('POST', path('v1'), {
    apiVersion: 'stable.example.com/v1',
    kind: 'E2eTest',
    metadata: { name: 'one' },
    hostPort: 'localhost:8080',
  })
  expect(t.request('GET', `${path('v2')}/one`).body).toMatchObject({
    apiVersion: 'stable.example.com/v2',
    host: 'localhost',
    port: '8080',
  })
  t.request('POST', path('v2'), {
    apiVersion: 'stable.example.com/v2',
    kind: 'E2eTest',
    metadata: { name: 'two' },
    host: 'web',
    port: '80',
  })
  expect(t.request('GET', `${path('v1')}/two`).body).toMatchObject({ apiVersion: 'stable.example.com/v1', hostPort: 'web:80' })
})
