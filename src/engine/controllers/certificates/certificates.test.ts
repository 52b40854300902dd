import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeText, encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { ROOT } from '../../root-certificate.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io'
const CLIENT = 'kubernetes.io/kube-apiserver-client'

/** O=students, CN=learner. */
const LEARNER = `-----BEGIN CERTIFICATE REQUEST-----
MIHgMIGHAgEAMCUxETAPBgNVBAoMCHN0dWRlbnRzMRAwDgYDVQQDDAdsZWFybmVy
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtSr1LDd+SIHX1TKnH4Juf0FPlPes
JmDt9hXEhow0zxfA4cpTv7rSCwZtgdYOqfvfmLBARA1zzgcmJlZogdIWIKAAMAoG
CCqGSM49BAMCA0gAMEUCIHA/h92anEvYKPu1X+NYscwjNl05DiiQSd4S/SaslWkL
AiEA745p3zGi/ln/Yk/+ZxorRuk2a9JOFCYRhX/C+5Ct3lg=
-----END CERTIFICATE REQUEST-----
`

function request(usages: string[], more: object = {}, signerName = CLIENT): AnyObject {
  const spec = { request: encodeText(LEARNER), signerName, usages, ...more }
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'r' },
    spec,
  } as unknown as AnyObject
}

function approved(object: AnyObject): TestCluster {
  const cluster = new TestCluster({ nodes: 0 })
  const created = cluster.create(object)
  const conditions = [{ type: 'Approved', status: 'True', reason: 'ByHand' }]
  cluster.request('PUT', `${cluster.path(object)}/r/approval`, { ...created, status: { conditions } })
  return cluster.run(5)
}

const statusOf = (cluster: TestCluster) => cluster.get(REQUESTS, 'r')?.['status']

describe('certificate signing requests', () => {
  it('that are approved are signed by the cluster', () => {
    const certificate = decodeText(
      statusOf(approved(request(['client auth', 'digital signature'], { expirationSeconds: 86_400 }))).certificate,
    )
    if (!certificate) throw new Error('it has no certificate')
    const read = new X509Certificate(certificate)
    expect(read.subject).toBe('O=students\nCN=learner')
    expect(read.verify(new X509Certificate(ROOT.certificate).publicKey)).toBe(true)
    expect(Date.parse(read.validTo) - Date.parse(read.validFrom)).toBe(86_400_000)
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(execFileSync('openssl', ['x509', '-noout', '-text'], { input: certificate, encoding: 'utf8' })).toContain(
      'Digital Signature',
    )
  })

  it('are signed alike in the same world', () => {
    const once = () => statusOf(approved(request(['client auth']))).certificate
    expect(once()).toBe(once())
  })

  it('fail when their signer does not sign such', () => {
    const [, failure] = statusOf(approved(request(['server auth']))).conditions
    expect(failure).toMatchObject({
      type: 'Failed',
      reason: 'SignerValidationFailure',
      message: 'invalid usage for client certificate: server auth',
    })
  })

  it('are cleaned up an hour after they were issued', () => {
    const cluster = approved(request(['client auth']))
    cluster.run(2.1 * 3600)
    expect(cluster.get(REQUESTS, 'r')).toBeUndefined()
  })

  it('may be approved by those only who may approve for their signer', () => {
    const cluster = new TestCluster({ nodes: 0 })
    const created = cluster.create(request(['client auth']))
    const rules = [{ apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] }]
    cluster.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'half' },
      rules,
    } as never)
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'half' }
    const subjects = [{ kind: 'User', name: 'ada', apiGroup: 'rbac.authorization.k8s.io' }]
    cluster.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'half' },
      roleRef,
      subjects,
    } as never)
    const body = { ...created, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'x' }] } }
    const answer = cluster.cluster.request({
      method: 'PUT',
      path: `${cluster.path(created)}/r/approval`,
      body,
      user: { name: 'ada', groups: ['system:authenticated'] },
    })
    expect((answer.body as AnyObject)['message']).toBe(
      `certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "${CLIENT}"`,
    )
  })
})
