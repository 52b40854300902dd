/** Who writes what, as seen in the audit log of a real cluster: managers of fields, labels, and what is left unsaid. */
import { describe, expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment, pod, service, statefulSet } from './builders.ts'
import { TestCluster } from './test-cluster.ts'

interface Said {
  managers: string[]
  fields: string[]
}

function owners(object: AnyObject | undefined, subresource = ''): Said {
  const entries = (object?.metadata.managedFields ?? []).filter((entry) => (entry.subresource ?? '') === subresource)
  return {
    managers: entries.map(({ manager, operation, apiVersion }) => `${manager} ${operation} ${apiVersion}`),
    fields: entries.flatMap(({ fieldsV1 }) => Object.keys(fieldsV1 ?? {})),
  }
}

/** The calls of the kubelets and controllers that were refused. */
function refusals(cluster: TestCluster): string[] {
  const refused: string[] = []
  cluster.cluster.server.auditor = ({ verb, resource, name }, { status }) => {
    if (status >= 400 && verb !== 'get') refused.push(`${verb} ${resource?.plural} ${name} ${status}`)
  }
  return refused
}

describe('events', () => {
  test('of the scheduler are written in the words of events.k8s.io, those of the kubelet in those of core', () => {
    const cluster = new TestCluster()
    cluster.create(pod('web'))
    cluster.run(10)
    const [scheduled] = cluster.events('Scheduled')
    expect(owners(scheduled).managers).toEqual(['kube-scheduler Update events.k8s.io/v1'])
    expect(owners(scheduled).fields).toContain('f:note')
    expect(owners(cluster.events('Started')[0]).managers).toEqual(['kubelet Update v1'])
  })

  test('that many similar ones have become say no reporter', () => {
    const cluster = new TestCluster()
    cluster.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { pods: '0' } },
    } as AnyObject)
    cluster.run(1)
    cluster.create(deployment('web', 1))
    cluster.run(120)
    const combined = cluster.events('FailedCreate').filter((event) => event['message'].startsWith('(combined'))
    expect(combined.length).toBeGreaterThan(0)
    expect(combined.map((event) => event['reportingComponent'])).toEqual(combined.map(() => ''))
  })
})

describe('StatefulSets', () => {
  test('tell their revisions by a label of their own, and name a prefix for Pods that have a name', () => {
    const cluster = new TestCluster()
    cluster.create(statefulSet('db', 1))
    cluster.run(10)
    const [revision] = cluster.all('controllerrevisions.apps')
    expect(Object.keys(revision?.metadata.labels ?? {})).toEqual(['app', 'controller.kubernetes.io/hash'])
    expect(cluster.get('pods', 'db-0')?.metadata.generateName).toBe('db-')
  })
})

describe('the scale subresource', () => {
  test('leaves nobody owning replicas that are zero', () => {
    const cluster = new TestCluster()
    cluster.create(deployment('web', 1))
    cluster.run(10)
    const scale = (replicas: number) => {
      const [path, type] = [`${cluster.collection('deployments.apps')}/web/scale`, 'application/merge-patch+json']
      cluster.request('PATCH', path, { spec: { replicas } }, { 'content-type': type })
      return owners(cluster.get('deployments.apps', 'web'), 'scale').managers.length
    }
    expect(scale(2)).toBe(1)
    expect(scale(0)).toBe(0)
  })
})

describe('the kubelet', () => {
  test('writes no status of a Pod that is no longer there', () => {
    const cluster = new TestCluster()
    cluster.create(pod('web'))
    cluster.create(pod('stuck', 'nginx:nope'))
    cluster.run(10)
    const refused = refusals(cluster)
    cluster.delete('pods', 'web', '?gracePeriodSeconds=0')
    cluster.delete('pods', 'stuck')
    cluster.run(60)
    expect(cluster.pods()).toEqual([])
    expect(refused).toEqual([])
  })
})

describe('the scheduler', () => {
  test('tells where a Pod will go whose claims have to be bound first', () => {
    const cluster = new TestCluster()
    const [kind, apiVersion] = ['StorageClass', 'storage.k8s.io/v1']
    const lazy = { provisioner: 'example.com/none', volumeBindingMode: 'WaitForFirstConsumer' }
    cluster.create({ apiVersion, kind, metadata: { name: 'lazy' }, ...lazy } as AnyObject)
    const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'lazy', resources: { requests: { storage: '1Gi' } } }
    cluster.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec } as AnyObject)
    cluster.create(pod('db', 'nginx', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }))
    cluster.run(5)
    const db = cluster.get('pods', 'db')
    expect(db?.['status'].nominatedNodeName).toMatch(/^node-/)
    expect(db?.['spec'].nodeName).toBeUndefined()
    expect(owners(db, 'status').managers).toContain('kube-scheduler Update v1')
  })
})

describe('aggregated ClusterRoles', () => {
  test('have their rules applied by a manager of their own', () => {
    const cluster = new TestCluster()
    const [apiVersion, kind] = ['rbac.authorization.k8s.io/v1', 'ClusterRole']
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]
    cluster.create({ apiVersion, kind, metadata: { name: 'part', labels: { part: 'yes' } }, rules } as AnyObject)
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] }
    cluster.create({ apiVersion, kind, metadata: { name: 'whole' }, aggregationRule } as AnyObject)
    cluster.run(2)
    const whole = cluster.get('clusterroles.rbac.authorization.k8s.io', 'whole')
    expect(whole?.['rules']).toEqual(rules)
    expect(owners(whole).managers).toContain(`clusterrole-aggregation-controller Apply ${apiVersion}`)
  })
})

describe('Services', () => {
  test('take their Endpoints along when they go', () => {
    const cluster = new TestCluster()
    cluster.create(service('web', 'web'))
    cluster.run(2)
    expect(cluster.get('endpoints', 'web')).toBeDefined()
    cluster.delete('services', 'web')
    expect(cluster.get('endpoints', 'web')).toBeUndefined()
  })
})

describe('an eviction', () => {
  test('is charged to its budget by the API server itself', () => {
    const cluster = new TestCluster()
    const selector = { matchLabels: { app: 'web' } }
    cluster.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b' },
      spec: { maxUnavailable: 1, selector },
    } as AnyObject)
    cluster.create(deployment('web', 2))
    cluster.run(15)
    const [victim] = cluster.pods()
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: victim?.metadata.name } }
    cluster.request('POST', `${cluster.collection('pods')}/${victim?.metadata.name}/eviction`, body)
    const { managers } = owners(cluster.get('poddisruptionbudgets.policy', 'b'), 'status')
    expect(managers.every((each) => /^(kube-apiserver|kube-controller-manager) /.test(each))).toBe(true)
  })
})
