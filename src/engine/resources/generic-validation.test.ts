import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { World } from '../sim/world.ts'
import { genericResources } from './generic.ts'

const all = genericResources(new Set())
const world = new World({ seed: '1', epoch: Date.parse('2026-01-01T00:00:00Z') })
const hooks = { world, dryRun: false, warn() {}, read: () => undefined, readAll: () => [] }
const find = (plural: string, version = 'v1') =>
  all.find((r) => r.plural === plural && r.version === version) ?? expect.fail(plural)

function made(plural: string, object: object, version = 'v1'): AnyObject {
  const { defaults, prepareCreate, groupVersion } = find(plural, version)
  const named = { apiVersion: groupVersion, metadata: { name: 'a', namespace: 'default', uid: 'u' }, ...object } as AnyObject
  const filled = defaults?.(named) ?? named
  return prepareCreate?.(filled, hooks) ?? filled
}

/** What is wrong with a new object, as `field: message`. */
const wrong = (plural: string, object: object, version = 'v1'): string[] =>
  (find(plural, version).validate?.(made(plural, object, version), null, hooks) ?? []).map((e) => `${e.field}: ${e.message}`)

/** What is wrong with a change of the spec. */
function wrongChange(plural: string, spec: object, change: object, status?: object): string[] {
  const old = { ...made(plural, { spec }), ...(status ? { status } : {}) } as AnyObject
  const next = { ...old, spec: { ...old['spec'], ...change } }
  const { validate, prepareUpdate } = find(plural)
  return (validate?.(prepareUpdate?.(next, old, hooks) ?? next, old, hooks) ?? []).map((e) => `${e.field}: ${e.message}`)
}

const pods = (restartPolicy = 'Always') => ({
  metadata: { labels: { app: 'a' } },
  spec: { restartPolicy, containers: [{ name: 'c', image: 'c', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }] },
})
const selector = { matchLabels: { app: 'a' } }

describe('workloads', () => {
  it('refuses StatefulSets below nothing, and changes of what is fixed', () => {
    const spec = { selector, template: pods(), serviceName: 'a' }
    expect(wrong('statefulsets', { spec })).toEqual([])
    expect(wrong('statefulsets', { spec: { ...spec, replicas: -1, updateStrategy: { type: 'Often' } } })).toEqual([
      'spec.updateStrategy: Invalid value: {"Type":"Often","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ])
    expect(wrongChange('statefulsets', spec, { replicas: 3 })).toEqual([])
    expect(wrongChange('statefulsets', spec, { serviceName: 'b' })[0]).toMatch(/^spec: Forbidden: updates to statefulset spec/)
  })

  it('lets DaemonSets surge or lack Pods, not both', () => {
    const rolling = (rollingUpdate: object) => ({ selector, template: pods(), updateStrategy: { rollingUpdate } })
    expect(wrong('daemonsets', { spec: rolling({ maxUnavailable: '10%' }) })).toEqual([])
    expect(wrong('daemonsets', { spec: rolling({ maxSurge: 1 }) })).toEqual([
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    ])
  })

  it('asks Jobs how their Pods restart, and keeps their template', () => {
    expect(wrong('jobs', { spec: { template: pods() } })).toEqual([
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ])
    const spec = { template: pods('Never'), completions: 3, completionMode: 'Indexed' }
    expect(wrong('jobs', { spec })).toEqual([])
    expect(wrongChange('jobs', spec, { parallelism: 5, completions: 5 })).toEqual([])
    expect(wrongChange('jobs', spec, { completions: 5 })).toEqual([
      'spec.completions: Invalid value: 5: can only be modified in tandem with spec.parallelism',
    ])
    expect(wrongChange('jobs', spec, { completionMode: 'NonIndexed' })).toEqual([
      'spec.completionMode: Invalid value: "NonIndexed": field is immutable',
    ])
  })

  it('lets a suspended Job move, and an unsuspended one not', () => {
    const change = (suspend: boolean): string[] => {
      const old = made('jobs', { spec: { template: pods('Never'), suspend } })
      const { template } = old['spec']
      const next = {
        ...old,
        spec: { ...old['spec'], template: { ...template, spec: { ...template.spec, nodeSelector: { disk: 'ssd' } } } },
      }
      return (find('jobs').validate?.(next as AnyObject, old, hooks) ?? []).map(({ field }) => field)
    }
    expect(change(true)).toEqual([])
    expect(change(false)).toEqual(['spec.template'])
  })

  it('reads the schedules and time zones of CronJobs', () => {
    const spec = (more: object) => ({ spec: { schedule: '@daily', jobTemplate: { spec: { template: pods('Never') } }, ...more } })
    expect(wrong('cronjobs', spec({ timeZone: 'Europe/Vienna' }))).toEqual([])
    expect(wrong('cronjobs', spec({ schedule: 'TZ=UTC @daily', timeZone: 'Local' }))).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC @daily": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ])
  })
})

describe('storage', () => {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } }

  it('lets bound claims grow and nothing else', () => {
    const bound = { phase: 'Bound', capacity: { storage: '2Gi' } }
    const size = (storage: string) => ({ resources: { requests: { storage } } })
    expect(wrongChange('persistentvolumeclaims', claim, size('3Gi'), bound)).toEqual([])
    expect(wrongChange('persistentvolumeclaims', claim, size('1Gi'), bound)).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ])
    expect(wrongChange('persistentvolumeclaims', claim, size('3Gi'))[0]).toMatch(/^spec: Forbidden: spec is immutable after/)
  })

  it('gives volumes one source each, that stays', () => {
    const volume = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } }
    expect(wrong('persistentvolumes', { spec: volume })).toEqual([])
    expect(wrong('persistentvolumes', { spec: { ...volume, nfs: { server: 'a', path: '/a' } } })).toEqual([
      'spec.nfs: Forbidden: may not specify more than 1 volume type',
    ])
    const found = wrongChange('persistentvolumes', volume, { hostPath: { path: '/other' } })
    expect(found.join('\n')).toContain('+  "Path": "/other"')
  })
})

describe('networking', () => {
  it('wants a way in for an Ingress, and whole paths', () => {
    expect(wrong('ingresses', { spec: {} })).toEqual([
      'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
    ])
    const backend = { service: { name: 'a', port: { number: 80 } } }
    const paths = [{ path: 'x', pathType: 'Prefix', backend }]
    expect(wrong('ingresses', { spec: { rules: [{ http: { paths } }] } })).toEqual([
      'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
    ])
  })

  it('wants peers and blocks that make sense in a NetworkPolicy', () => {
    const ipBlock = { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '11.0.0.0/16'] }
    expect(wrong('networkpolicies', { spec: { podSelector: {}, ingress: [{ from: [{}, { ipBlock }] }] } })).toEqual([
      'spec.ingress[0].from[0]: Required value: must specify a peer',
      'spec.ingress[0].from[1].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ])
  })

  it('lets a second family join the ranges of a ServiceCIDR', () => {
    expect(wrongChange('servicecidrs', { cidrs: ['10.0.0.0/16'] }, { cidrs: ['10.0.0.0/16', 'fd00::/64'] })).toEqual([])
    expect(wrongChange('servicecidrs', { cidrs: ['10.0.0.0/16'] }, { cidrs: ['10.1.0.0/16'] })).toEqual([
      'spec.cidrs[0]: Invalid value: "10.1.0.0/16": field is immutable',
    ])
  })
})

describe('policies', () => {
  it('knows what quotas can count, and in which scopes', () => {
    expect(wrong('resourcequotas', { spec: { hard: { pods: '3', 'count/jobs.batch': '2' } } })).toEqual([])
    expect(wrong('resourcequotas', { spec: { hard: { cpu: '1' }, scopes: ['BestEffort'] } })).toEqual([
      'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
    ])
    expect(wrongChange('resourcequotas', { hard: { pods: '1' } }, { scopes: ['Terminating'] })).toEqual([
      'spec.scopes: Invalid value: ["Terminating"]: field is immutable',
    ])
  })

  it('keeps the bounds of a LimitRange in order', () => {
    const limits = [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }]
    expect(wrong('limitranges', { spec: { limits } })).toContain(
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    )
  })

  it('keeps the bounds of an autoscaler in order, in both versions', () => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }
    const spec = { scaleTargetRef, minReplicas: 3, maxReplicas: 2 }
    const words = ['spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`']
    expect(wrong('horizontalpodautoscalers', { spec })).toEqual(words)
    expect(wrong('horizontalpodautoscalers', { spec }, 'v2')).toEqual(words)
  })

  it('deals no more hands than a priority level has queues', () => {
    const limitResponse = { type: 'Queue', queuing: { queues: 4, handSize: 8 } }
    expect(wrong('prioritylevelconfigurations', { spec: { type: 'Limited', limited: { limitResponse } } })).toEqual([
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (4)',
    ])
  })
})

describe('certificate requests', () => {
  it('note who asked, whatever the client says', () => {
    const user = { name: 'ada', groups: ['devs'] }
    const sent = { metadata: { name: 'a' }, spec: { username: 'root', request: 'eA==' } } as unknown as AnyObject
    const kept = find('certificatesigningrequests').prepareCreate?.(sent, { ...hooks, user })
    expect(kept).toMatchObject({ spec: { username: 'ada', groups: ['devs'], request: 'eA==' }, status: {} })
  })

  it('are approved by their own road only, with the time', () => {
    const { subresources = [], validateStatus } = find('certificatesigningrequests')
    const approval = subresources.find(({ name }) => name === 'approval')
    const old = { metadata: { name: 'a' }, spec: { request: 'eA==' }, status: {} } as unknown as AnyObject
    const sent = { ...old, status: { conditions: [{ type: 'Approved', status: 'True' }] } } as AnyObject
    const next = approval?.prepare?.(sent, old, hooks) ?? expect.fail('no approval')
    expect(next['status'].conditions[0]).toMatchObject({ type: 'Approved', lastUpdateTime: '2026-01-01T00:00:00Z' })
    const added = 'Forbidden: updates may not add a condition of type "Approved"'
    expect(approval?.validate?.(next, old, hooks).map((e) => e.message)).not.toContain(added)
    expect(validateStatus?.(next, old, hooks).map((e) => e.message)).toContain(added)
  })
})

describe('nodes of CSI', () => {
  it('may have no drivers; those they have are named once, and known by an id', () => {
    expect(wrong('csinodes', { spec: { drivers: null } })).toEqual([])
    const drivers = [
      { name: 'x', nodeID: '' },
      { name: 'x', nodeID: 'z', allocatable: { count: -1 } },
    ]
    expect(wrong('csinodes', { spec: { drivers } })).toEqual([
      'spec.drivers[0].nodeID: Required value',
      'spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
      'spec.drivers[1].name: Duplicate value: "x"',
    ])
  })
})
