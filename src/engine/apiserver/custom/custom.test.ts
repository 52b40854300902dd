/** Custom resources, from their definition to their end, as clients see them. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../../cluster.ts'
import { boat, boats, boatVersion, definition, GROUP } from '../../testing/custom.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const BOATS = `/apis/${GROUP}/v1/namespaces/default/boats`
const MERGE = { 'content-type': 'application/merge-patch+json' }
const APPLY = { 'content-type': 'application/apply-patch+yaml' }

let cluster: TestCluster
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): any => {
  const answer = cluster.request(method, path, body, headers)
  const json = typeof answer.body === 'string' ? { text: answer.body } : (answer.body as object)
  return { ...json, http: answer.status, warning: answer.headers['warning'] ?? '' }
}
const define = (object: AnyObject): void => {
  expect(ask('POST', DEFINITIONS, object).message).toBeUndefined()
  cluster.run(3)
}
const refusal = (object: AnyObject): string => ask('POST', BOATS, object).message

beforeEach(() => {
  cluster = new TestCluster({ nodes: 0 })
})

describe('a definition', () => {
  it('is served once its names have been accepted, and in discovery', () => {
    expect(ask('GET', BOATS).http).toBe(404)
    define(boats())
    const { conditions, acceptedNames, storedVersions } = ask('GET', `${DEFINITIONS}/boats.${GROUP}`).status
    expect(conditions.map(({ type, status }: AnyObject) => `${type} ${status}`)).toEqual([
      'NamesAccepted True',
      'Established True',
    ])
    expect(acceptedNames.listKind).toBe('BoatList')
    expect(storedVersions).toEqual(['v1'])
    expect(ask('GET', BOATS)).toMatchObject({ kind: 'BoatList', items: [] })
    const resources = ask('GET', `/apis/${GROUP}/v1`).resources.map(({ name }: AnyObject) => name)
    expect(resources.sort()).toEqual(['boats', 'boats/scale', 'boats/status'])
    expect(ask('GET', `/apis/apiregistration.k8s.io/v1/apiservices/v1.${GROUP}`).spec.groupPriorityMinimum).toBe(1000)
    expect(Object.keys(JSON.parse(ask('GET', '/openapi/v3').text).paths)).toContain(`apis/${GROUP}/v1`)
  })

  it('is refused when it is wrong', () => {
    const wrong = boats(boatVersion('v1', { schema: { openAPIV3Schema: { properties: { spec: { type: 'int' } } } } }))
    expect(ask('POST', DEFINITIONS, wrong).message).toContain('spec.validation.openAPIV3Schema.type: Required value')
    const nameless = { ...boats(), metadata: { name: 'ships' } }
    expect(ask('POST', DEFINITIONS, nameless).message).toContain(`must be spec.names.plural+"."+spec.group`)
  })

  it('may have rules over what a condition picks, whose items Kubernetes takes for nothing', () => {
    const version = boatVersion()
    const { spec } = version.schema.openAPIV3Schema.properties
    const items = { type: 'string', maxLength: 64 }
    spec.properties.ports = { type: 'array', maxItems: 256, items }
    spec.properties.seas = { type: 'array', items: { type: 'string' } }
    const rule = (list: string) => [{ rule: `!(has(self.${list}) ? self.${list} : []).exists(k, k.contains("/"))` }]
    spec['x-kubernetes-validations'] = rule('ports')
    expect(ask('POST', `${DEFINITIONS}?dryRun=All`, boats(version)).message).toBeUndefined()
    spec['x-kubernetes-validations'] = [{ rule: 'self.seas.all(a, self.seas.all(b, a.contains(b)))' }]
    expect(ask('POST', `${DEFINITIONS}?dryRun=All`, boats(version)).message).toContain('estimated rule cost exceeds budget')
  })

  it('waits for names that another has', () => {
    define(boats())
    define(definition({ plural: 'ships', singular: 'ship', kind: 'Boat', shortNames: ['bo'] }, [boatVersion()]))
    const [accepted, established] = ask('GET', `${DEFINITIONS}/ships.${GROUP}`).status.conditions
    expect(accepted).toMatchObject({ type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict' })
    expect(established).toMatchObject({ type: 'Established', status: 'False', reason: 'NotAccepted' })
    expect(ask('GET', BOATS.replace('boats', 'ships')).http).toBe(404)
    ask('DELETE', `${DEFINITIONS}/boats.${GROUP}`)
    cluster.run(10)
    expect(ask('GET', BOATS.replace('boats', 'ships')).kind).toBe('BoatList')
  })

  it('goes after all its objects', () => {
    define(boats())
    ask('POST', BOATS, boat('a'))
    ask('POST', BOATS, { ...boat('b'), metadata: { name: 'b', finalizers: ['example.com/anchor'] } })
    ask('DELETE', `${DEFINITIONS}/boats.${GROUP}`)
    cluster.run(2)
    expect(ask('GET', BOATS).items.map(({ metadata }: AnyObject) => metadata.name)).toEqual(['b'])
    expect(refusal(boat('c'))).toContain('create not allowed while custom resource definition is terminating')
    ask('PATCH', `${BOATS}/b`, { metadata: { finalizers: null } }, MERGE)
    cluster.run(10)
    expect(ask('GET', `${DEFINITIONS}/boats.${GROUP}`).http).toBe(404)
    expect(ask('GET', BOATS).http).toBe(404)
    expect(ask('GET', `/apis/apiregistration.k8s.io/v1/apiservices/v1.${GROUP}`).http).toBe(404)
  })
})

describe('a custom resource', () => {
  beforeEach(() => define(boats()))

  it('is pruned and gets its defaults', () => {
    const made = ask('POST', BOATS, boat('a', { length: 9, sail: true, cargo: { any: [1] } }))
    expect(made.spec).toEqual({ length: 9, crew: 1, cargo: { any: [1] } })
    expect(made.metadata.generation).toBe(1)
    expect(made.warning).toContain('unknown field')
    const strict = ask('POST', `${BOATS}?fieldValidation=Strict`, boat('b', { length: 9, sail: true }))
    expect(strict.message).toContain('strict decoding error: unknown field "spec.sail"')
  })

  it('is checked against its schema', () => {
    expect(refusal(boat('a', {}))).toContain('is invalid: [spec.length: Required value, <nil>:')
    expect(refusal(boat('a', { length: 500 }))).toContain('spec.length in body should be less than or equal to 400')
    expect(refusal(boat('a', { length: 9, color: 'pink' }))).toContain(
      'spec.color: Unsupported value: "pink": supported values: "red", "blue"',
    )
    expect(refusal(boat('a', { length: 9, flags: ['x', 'x'] }))).toContain('spec.flags[1]: Duplicate value: "x"')
    expect(refusal(boat('a', { length: 9, masts: [{ name: 'm' }, { name: 'm' }] }))).toContain(
      'spec.masts[1]: Duplicate value: {"name":"m"}',
    )
    expect(refusal(boat('a', { length: '9' }))).toContain('must be of type integer: "string"')
    expect(refusal({ ...boat('a'), metadata: { name: 'A B' } })).toContain('metadata.name: Invalid value: "A B"')
  })

  it('keeps the rules, old values their peace', () => {
    expect(refusal(boat('a', { length: 3, crew: 5 }))).toContain('a boat has room for its crew')
    ask('POST', BOATS, boat('a'))
    const shrunk = ask('PATCH', `${BOATS}/a`, { spec: { length: 8 } }, MERGE)
    expect(shrunk.message).toContain('boats do not shrink')
    expect(ask('PATCH', `${BOATS}/a`, { spec: { length: 10 } }, MERGE).spec.length).toBe(10)
    const stricter = boatVersion('v1')
    stricter.schema.openAPIV3Schema.properties.spec.properties.length.maximum = 5
    ask('PATCH', `${DEFINITIONS}/boats.${GROUP}`, { spec: { versions: [stricter] } }, MERGE)
    cluster.run(2)
    expect(ask('PATCH', `${BOATS}/a`, { spec: { color: 'red' } }, MERGE).spec.color).toBe('red')
    expect(ask('PATCH', `${BOATS}/a`, { spec: { length: 11 } }, MERGE).message).toContain('should be less than or equal to 5')
  })

  it('has a status and a scale of its own', () => {
    ask('POST', BOATS, boat('a', { length: 9 }, { status: { crew: 7 } }))
    expect(ask('GET', `${BOATS}/a`)).not.toHaveProperty('status')
    const told = ask('PATCH', `${BOATS}/a/status`, { spec: { length: 20 }, status: { crew: 4, sails: 'a=b' } }, MERGE)
    expect(told).toMatchObject({ spec: { length: 9 }, status: { crew: 4 }, metadata: { generation: 1 } })
    expect(ask('GET', `${BOATS}/a/scale`)).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 4, selector: 'a=b' } })
    expect(ask('PATCH', `${BOATS}/a/scale`, { spec: { replicas: 3 } }, MERGE).spec).toEqual({ replicas: 3 })
    expect(ask('GET', `${BOATS}/a`)).toMatchObject({ spec: { crew: 3 }, metadata: { generation: 2 } })
  })

  it('has the defaults of its status from the first answer on, though nobody can set it', () => {
    const version = boatVersion('v1')
    version.schema.openAPIV3Schema.properties.status.default = { crew: 0 }
    ask('PATCH', `${DEFINITIONS}/boats.${GROUP}`, { spec: { versions: [version] } }, MERGE)
    cluster.run(2)
    expect(ask('POST', `${BOATS}?dryRun=All`, boat('a', { length: 9 }, { status: { crew: 7 } })).status).toEqual({ crew: 0 })
    expect(ask('PATCH', `${BOATS}/a?dryRun=All&fieldManager=me`, boat('a'), APPLY).status).toEqual({ crew: 0 })
    expect(ask('POST', BOATS, boat('a', { length: 9 }, { status: { crew: 7 } })).status).toEqual({ crew: 0 })
    expect(ask('GET', `${BOATS}/a`).status).toEqual({ crew: 0 })
  })

  it('keeps the nulls that are applied, and is refused for them', () => {
    const apply = (spec: object): any => ask('PATCH', `${BOATS}/a?fieldManager=me`, boat('a', spec), APPLY)
    expect(apply({ length: null }).message).toContain('spec.length in body must be of type integer: "null"')
    expect(apply({ length: 9, color: null }).message).toContain('spec.color in body must be of type string: "null"')
    expect(apply({ length: 9, crew: null }).spec).toEqual({ length: 9, crew: 1 })
    expect(ask('POST', BOATS, boat('b', { length: 9, color: null })).spec).toEqual({ length: 9, crew: 1 })
  })

  it('can not be applied anew with the uid of another', () => {
    const said = boat('a')
    const other = { ...said, metadata: { ...said.metadata, uid: 'u-1' } }
    expect(ask('PATCH', `${BOATS}/a?fieldManager=me`, other, APPLY)).toMatchObject({
      code: 409,
      message: `Operation cannot be fulfilled on boats.${GROUP} "a": uid mismatch: the provided object specified uid u-1, and no existing object was found`,
    })
  })

  it('is applied by several, key by key', () => {
    const apply = (manager: string, spec: object, query = ''): any =>
      ask('PATCH', `${BOATS}/a?fieldManager=${manager}${query}`, boat('a', spec), APPLY)
    apply('one', { length: 9, masts: [{ name: 'fore', height: 3 }] })
    expect(apply('two', { length: 9, masts: [{ name: 'aft', height: '4m' }] }).spec.masts).toHaveLength(2)
    expect(apply('one', { length: 9 }).spec.masts).toEqual([{ name: 'aft', height: '4m' }])
    expect(apply('two', { length: 10, masts: [] }).message).toContain('conflict with "one": .spec.length')
    expect(apply('two', { length: 10 }, '&force=true').spec).toEqual({ length: 10, crew: 1 })
  })

  it('must name the version that an update replaces', () => {
    ask('POST', BOATS, boat('a'))
    expect(ask('PUT', `${BOATS}/a`, boat('a')).message).toContain('metadata.resourceVersion: Invalid value: 0')
  })

  it('is shown in columns, and found by its selectable fields', () => {
    ask('POST', BOATS, boat('a', { length: 9, color: 'red' }))
    ask('POST', BOATS, boat('b', { length: 7, color: 'blue' }))
    const table = ask('GET', `${BOATS}?fieldSelector=spec.color%3Dblue`, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    })
    expect(table.columnDefinitions.map(({ name }: AnyObject) => name)).toEqual(['Name', 'Length'])
    expect(table.rows.map(({ cells }: AnyObject) => cells)).toEqual([['b', 7]])
    expect(ask('GET', `${BOATS}?fieldSelector=spec.length%3D9`).message).toContain('field label not supported: spec.length')
  })
})

describe('several versions', () => {
  it('are the same objects, each with its own schema', () => {
    const plain = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    define(boats(boatVersion('v1'), boatVersion('v2', { schema: plain, deprecated: true, selectableFields: [] })))
    ask('POST', BOATS, boat('a'))
    const second = ask('GET', BOATS.replace('/v1/', '/v2/').concat('/a'))
    expect(second).toMatchObject({ apiVersion: `${GROUP}/v2`, spec: { length: 9, crew: 1 } })
    expect(second.warning).toContain(`${GROUP}/v2 Boat is deprecated`)
  })

  it('are converted in a dry run too', () => {
    const webhook = { clientConfig: { url: 'https://example.com/convert' }, conversionReviewVersions: ['v1'] }
    const converted = boats(boatVersion('v1'), boatVersion('v2'))
    define({ ...converted, spec: { ...converted['spec'], conversion: { strategy: 'Webhook', webhook } } })
    const second = { ...boat('a'), apiVersion: `${GROUP}/v2` }
    const refused = ask('POST', `${BOATS.replace('/v1/', '/v2/')}?dryRun=All`, second)
    expect(refused.message).toContain(`conversion webhook for ${GROUP}/v2, Kind=Boat failed`)
  })

  it('need a converter when a webhook converts', () => {
    const webhook = { clientConfig: { url: 'https://example.com/convert' }, conversionReviewVersions: ['v1'] }
    const converted = boats(boatVersion('v1'), boatVersion('v2'))
    define({ ...converted, spec: { ...converted['spec'], conversion: { strategy: 'Webhook', webhook } } })
    ask('POST', BOATS, boat('a'))
    const second = BOATS.replace('/v1/', '/v2/')
    expect(ask('GET', `${second}/a`)).toMatchObject({ status: 'Failure', code: 500 })
    cluster.cluster.server.custom.conversion = {
      convert: (_webhook, object, apiVersion) => ({ object: { ...object, apiVersion, spec: { length: 99 } } as AnyObject }),
    }
    expect(ask('GET', `${second}/a`).spec).toMatchObject({ length: 99 })
  })
})

describe('the rest of the cluster', () => {
  beforeEach(() => define(boats()))

  it('collects, deletes and counts custom resources like any other', () => {
    const hard = { [`count/boats.${GROUP}`]: '2' }
    cluster.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'fleet' }, spec: { hard } })
    const map = cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } })
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: map.metadata.uid }
    cluster.run(10)
    ask('POST', BOATS, { ...boat('a'), metadata: { name: 'a', ownerReferences: [owner] } })
    ask('POST', BOATS, boat('b'))
    expect(refusal(boat('c'))).toContain(`exceeded quota: fleet, requested: count/boats.${GROUP}=1`)
    cluster.run(30)
    cluster.delete('configmaps', 'owner')
    cluster.run(30)
    expect(ask('GET', BOATS).items.map(({ metadata }: AnyObject) => metadata.name)).toEqual(['b'])
    cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sea' } })
    const sea = BOATS.replace('/default/', '/sea/')
    ask('POST', sea, boat('s'))
    cluster.request('DELETE', '/api/v1/namespaces/sea')
    cluster.run(60)
    expect(ask('GET', '/api/v1/namespaces/sea').http).toBe(404)
    expect(ask('GET', sea).items).toEqual([])
  })

  it('lets in whom the roles allow', () => {
    const rules = [{ apiGroups: [GROUP], resources: ['boats'], verbs: ['get', 'list'] }]
    cluster.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'sailor' },
      rules,
    } as AnyObject)
    cluster.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'sailor' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'sailor' },
      subjects: [{ kind: 'User', name: 'jim', apiGroup: 'rbac.authorization.k8s.io' }],
    } as AnyObject)
    const as = (method: string, name: string): number =>
      cluster.cluster.request({
        method,
        path: BOATS,
        body: boat('x'),
        headers: {},
        user: { name, groups: ['system:authenticated'] } as any,
      }).status
    expect([as('GET', 'jim'), as('POST', 'jim'), as('GET', 'eve')]).toEqual([200, 403, 403])
  })

  it('comes back from a text with its definitions and objects, and lives on alike', () => {
    ask('POST', BOATS, boat('a'))
    cluster.run(1)
    const again = TestCluster.of(Cluster.load(cluster.cluster.save()))
    for (const each of [cluster, again]) {
      each.request('PATCH', `${BOATS}/a`, { spec: { length: 10, nothing: 1 } }, MERGE)
      each.request('PATCH', `${DEFINITIONS}/boats.${GROUP}`, { spec: { names: { shortNames: ['bt'] } } }, MERGE)
      each.run(20)
    }
    expect(again.cluster.save() === cluster.cluster.save()).toBe(true)
    expect((again.request('GET', `${BOATS}/a`).body as AnyObject)['spec']).toEqual({ length: 10, crew: 1 })
  })

  it('is the same after a replay', () => {
    ask('POST', BOATS, boat('a'))
    ask('DELETE', `${DEFINITIONS}/boats.${GROUP}`)
    cluster.run(20)
    expect(Cluster.replay(cluster.cluster.session()).save() === cluster.cluster.save()).toBe(true)
  })

  it('ends watches when the schema changes', () => {
    const { session } = cluster.cluster.watch({ method: 'GET', path: `${BOATS}?watch=true`, headers: {} })
    ask('POST', BOATS, boat('a'))
    cluster.run(1)
    expect(session?.take().map(({ type }) => type)).toEqual(['ADDED'])
    ask('PATCH', `${DEFINITIONS}/boats.${GROUP}`, { spec: { versions: [boatVersion('v1', { selectableFields: [] })] } }, MERGE)
    cluster.run(3)
    expect(session?.ended).toBe(true)
  })
})
