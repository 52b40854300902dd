/** Arbitraries of bad input: values that hardly fit, objects of any kind by its schema, expressions, definitions, options. */
import fc, { type GeneratorValue } from 'fast-check'
import type { Resource } from '../apiserver/resource.ts'
import { resolved, type Schema, type Schemas } from '../apiserver/schema/schema.ts'

/** Draws from arbitraries one after the other. */
export type Draw = GeneratorValue

export const pick = <T>(g: Draw, values: readonly T[]): T => g(fc.constantFrom<T[]>, ...values)
export const chance = (g: Draw, of: number): boolean => g(fc.nat, of - 1) === 0

const NASTY = [
  ...[
    '',
    ' ',
    'a',
    'web',
    'default',
    'x',
    'Bad_Value!',
    'UPPER',
    '-1',
    '0',
    'null',
    'true',
    '1.5',
    '10%',
    '200%',
    'a/b/c',
    '../..',
    '%2e',
  ],
  ...[
    'kubernetes.io/x',
    'example.com/thing',
    '10.0.0.1',
    '10.96.0.10',
    '::1',
    '300.1.1.1',
    '10.0.0.0/8',
    'fd00::/48',
    'http',
    '80',
  ],
  ...[
    '1Gi',
    '100m',
    '-5',
    '1e400',
    '0.0000001',
    '9223372036854775808',
    '2026-01-01T00:00:00Z',
    'yesterday',
    'P1D',
    '5m',
    '*/5 * * * *',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '\u0000',
    '\u2028',
    'é😀',
    '\ud800',
    'x'.repeat(64),
    'x'.repeat(300),
  ],
  ...[
    '(a+)+$',
    '^(a|a)*b',
    '[',
    '$(VAR)',
    'aGk=',
    '===',
    'system:masters',
    'nginx:1.27',
    'IfNotPresent',
    'ClusterIP',
    'Always',
    'Delete',
  ],
]
const NUMBERS = [0, 1, -1, 2, 3, 80, 65535, 65536, 1.5, 2147483647, 2147483648, -2147483649, 2 ** 53 + 2, 1e308, 5e-324]
const ODD: readonly unknown[] = [null, {}, [], [null], '', 0, false, true, [[]], { '': '' }, { a: { b: {} } }, 'x', -0]
const ALPHABET = [...'abc01-._/:(){}[]"\'\\,=!~<>|&+*?^$ \n\t%#@é']

export const text = (g: Draw): string =>
  chance(g, 4) ? Array.from({ length: g(fc.nat, 24) }, () => pick(g, ALPHABET)).join('') : pick(g, NASTY)

/** Something or other. */
export function anything(g: Draw, depth = 2): unknown {
  const kind = g(fc.nat, 7)
  if (kind < 3) return pick(g, ODD)
  if (kind < 5) return text(g)
  if (kind === 5) return pick(g, NUMBERS)
  if (depth === 0) return null
  if (kind === 6) return Array.from({ length: g(fc.nat, 3) }, () => anything(g, depth - 1))
  return Object.fromEntries(Array.from({ length: g(fc.nat, 3) }, () => [text(g), anything(g, depth - 1)]))
}

/** A value of a schema's type, most of the time. */
export function valueFor(g: Draw, schema: Schema, schemas: Schemas, depth: number): unknown {
  if (chance(g, 40)) return anything(g)
  const own = resolved(schema, schemas)
  if (own.enum && !chance(g, 5)) return pick(g, own.enum)
  switch (own.type) {
    case 'object':
      return depth <= 0 ? {} : objectOf(g, own, schemas, depth)
    case 'array':
      return Array.from({ length: g(fc.nat, depth <= 0 ? 0 : 2) }, () =>
        own.items ? valueFor(g, own.items, schemas, depth - 1) : null,
      )
    case 'string':
      return text(g)
    case 'integer':
    case 'number':
      return pick(g, NUMBERS)
    case 'boolean':
      return chance(g, 2)
    default:
      return own.format === 'quantity' || own.format === 'int-or-string' ? pick<unknown>(g, [...NASTY, ...NUMBERS]) : anything(g)
  }
}

function objectOf(
  g: Draw,
  { properties, values, required = [] }: Schema,
  schemas: Schemas,
  depth: number,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(properties ?? {})) {
    const wanted = required.includes(key) ? !chance(g, 12) : chance(g, 4)
    if (wanted) out[key] = valueFor(g, inner, schemas, depth - 1)
  }
  if (values) for (let i = g(fc.nat, 2); i > 0; i--) out[text(g)] = valueFor(g, values, schemas, depth - 1)
  if (chance(g, 30)) out[text(g)] = anything(g)
  return out
}

export const NAMES = ['a', 'b', 'web', 'x', 'node-1', 'default', 'kube-system', 'Bad_Name', 'things.bad.example.com']

export function metadata(g: Draw): unknown {
  if (chance(g, 60)) return anything(g)
  return {
    ...(chance(g, 20) ? {} : { name: chance(g, 6) ? text(g) : pick(g, NAMES) }),
    ...(chance(g, 10) ? { generateName: text(g) } : {}),
    ...(chance(g, 3) ? { labels: { [text(g)]: text(g), app: 'a' } } : {}),
    ...(chance(g, 6) ? { annotations: { [text(g)]: text(g) } } : {}),
    ...(chance(g, 20) ? { finalizers: [text(g)] } : {}),
    ...(chance(g, 20) ? { ownerReferences: anything(g) } : {}),
    ...(chance(g, 20) ? { resourceVersion: text(g) } : {}),
    ...(chance(g, 30) ? { managedFields: anything(g) } : {}),
    ...(chance(g, 30) ? { deletionTimestamp: text(g), uid: text(g), creationTimestamp: text(g) } : {}),
  }
}

/** An object of the kind by its schema. */
export function objectFor(g: Draw, { schema, kind, groupVersion }: Resource, schemas: Schemas): Record<string, unknown> {
  const known = schemas.get(schema)
  const body = known ? (valueFor(g, { ...known, properties: rest(known) }, schemas, 7) as Record<string, unknown>) : {}
  const fields = typeof body === 'object' && body !== null ? body : {}
  return { ...fields, apiVersion: groupVersion, kind: chance(g, 100) ? text(g) : kind, metadata: metadata(g) }
}

function rest({ properties = {} }: Schema): Record<string, Schema> {
  const { apiVersion: _a, kind: _k, metadata: _m, ...others } = properties
  return others
}

/** Objects that are fine, of the kinds that controllers act on. */
const POD = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
}
const SELECTED = { selector: { matchLabels: { app: 'a' } }, template: POD }
const ONCE = { template: { spec: { ...POD.spec, restartPolicy: 'Never' } } }
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
const BACKEND = { service: { name: 'a', port: { number: 80 } } }
const SAMPLES: Record<string, object> = {
  pods: POD,
  'deployments.apps': { spec: { replicas: 2, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: '50%' } }, ...SELECTED } },
  'replicasets.apps': { spec: { replicas: 1, ...SELECTED } },
  'daemonsets.apps': { spec: SELECTED },
  'statefulsets.apps': {
    spec: { serviceName: 'a', replicas: 1, ...SELECTED, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM }] },
  },
  'jobs.batch': { spec: { completions: 2, parallelism: 1, completionMode: 'Indexed', ...ONCE } },
  'cronjobs.batch': { spec: { schedule: '* * * * *', timeZone: 'Etc/UTC', jobTemplate: { spec: ONCE } } },
  services: {
    spec: { selector: { app: 'a' }, type: 'NodePort', ports: [{ port: 80, targetPort: 'http' }], sessionAffinity: 'ClientIP' },
  },
  configmaps: { data: { a: 'b' }, binaryData: { c: 'aGk=' } },
  secrets: { stringData: { a: 'b' }, type: 'Opaque' },
  persistentvolumeclaims: { spec: CLAIM },
  persistentvolumes: { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } },
  resourcequotas: { spec: { hard: { pods: '3', 'requests.cpu': '1' }, scopes: ['NotTerminating'] } },
  limitranges: { spec: { limits: [{ type: 'Container', default: { cpu: '100m' }, max: { cpu: '1' } }] } },
  endpoints: { subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }] },
  nodes: { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
  'ingresses.networking.k8s.io': {
    spec: { rules: [{ host: 'a.b', http: { paths: [{ path: '/', pathType: 'Prefix', backend: BACKEND }] } }] },
  },
  'networkpolicies.networking.k8s.io': { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] } },
  'horizontalpodautoscalers.autoscaling': {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 3, minReplicas: 1 },
  },
  'poddisruptionbudgets.policy': { spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } } },
  'roles.rbac.authorization.k8s.io': { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  'rolebindings.rbac.authorization.k8s.io': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
  },
  'storageclasses.storage.k8s.io': { provisioner: 'example.com/x', volumeBindingMode: 'WaitForFirstConsumer' },
  'priorityclasses.scheduling.k8s.io': { value: 5 },
  'leases.coordination.k8s.io': { spec: { holderIdentity: 'a', leaseDurationSeconds: 5 } },
  'resourceclaims.resource.k8s.io': { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'b' } }] } } },
}

export const hasSample = ({ id }: Resource): boolean => Object.hasOwn(SAMPLES, id)

/** A copy with one value of it changed, wherever that is. */
function spoilt(g: Draw, value: unknown, depth = 6): unknown {
  if (typeof value !== 'object' || value === null || depth === 0 || chance(g, 8)) return anything(g)
  const keys = Object.keys(value)
  if (keys.length === 0) return anything(g)
  const key = pick(g, keys)
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === key ? spoilt(g, one, depth - 1) : one))
  return { ...value, [key]: spoilt(g, (value as Record<string, unknown>)[key], depth - 1) }
}

/** One that is fine, or nearly; undefined for a kind without a sample. */
export function sampleFor(g: Draw, { id, kind, groupVersion }: Resource): Record<string, unknown> | undefined {
  const sample = SAMPLES[id]
  if (!sample) return undefined
  const given = { metadata: {}, ...sample } as { metadata: object }
  const whole = { ...given, apiVersion: groupVersion, kind, metadata: { ...given.metadata, name: pick(g, NAMES) } }
  return (chance(g, 3) ? whole : spoilt(g, whole)) as Record<string, unknown>
}

const ATOMS = [
  ...[
    'object',
    'oldObject',
    'request.name',
    'self',
    'self.size',
    'variables.x',
    'params.data',
    'true',
    'null',
    '1',
    '1.5',
    '2u',
    "'a'",
    '[1, 2]',
  ],
  ...[
    "{'a': 1}",
    'b"x"',
    'size(self)',
    'object.metadata.labels',
    'object.spec.containers',
    'timestamp("2026-01-01T00:00:00Z")',
    'dyn(1)',
  ],
  ...[
    "quantity('1Gi')",
    "cidr('10.0.0.0/8')",
    'has(object.metadata)',
    "'a'.matches('(a+)+$')",
    '[].all(x, true)',
    'type(1)',
    'x',
  ],
]
const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '&&', '||', 'in', '.', '?', '&&&', '']

/** CEL, or something like it. */
export function expression(g: Draw, depth = 3): string {
  if (depth === 0 || chance(g, 4)) return chance(g, 8) ? text(g) : pick(g, ATOMS)
  const inner = () => expression(g, depth - 1)
  switch (g(fc.nat, 8)) {
    case 0:
      return `(${inner()})`
    case 1:
      return `!${inner()}`
    case 2:
      return `${inner()} ? ${inner()} : ${inner()}`
    case 3:
      return `${inner()}.${pick(g, ['all', 'exists', 'map', 'filter', 'exists_one'])}(x, ${inner()})`
    case 4:
      return `${inner()}[${inner()}]`
    case 5:
      return `${inner()}.${pick(g, ['size', 'startsWith', 'matches', 'split', 'replace', 'format', 'nothing'])}(${inner()})`
    default:
      return `${inner()} ${pick(g, OPERATORS)} ${inner()}`
  }
}

/** An OpenAPI schema as definitions of custom resources have it. */
export function jsonSchema(g: Draw, depth = 3): unknown {
  if (chance(g, 25)) return anything(g)
  const type = pick(g, ['object', 'object', 'array', 'string', 'integer', 'number', 'boolean', 'null', 'thing', ''])
  const few = () => Array.from({ length: g(fc.nat, 2) }, () => jsonSchema(g, depth - 1))
  return {
    type,
    ...(type === 'object' && depth > 0
      ? { properties: { [pick(g, ['spec', 'size', 'a', 'status'])]: jsonSchema(g, depth - 1) } }
      : {}),
    ...(type === 'array' && depth > 0 ? { items: jsonSchema(g, depth - 1) } : {}),
    ...(chance(g, 6) ? { pattern: text(g) } : {}),
    ...(chance(g, 8) ? { enum: [anything(g)] } : {}),
    ...(chance(g, 8) ? { default: anything(g) } : {}),
    ...(chance(g, 8) ? { maxLength: pick(g, NUMBERS), minimum: pick(g, NUMBERS), maxItems: pick(g, NUMBERS) } : {}),
    ...(chance(g, 10) ? { required: [text(g)] } : {}),
    ...(chance(g, 10) && depth > 0 ? { anyOf: few(), allOf: few(), not: jsonSchema(g, 0) } : {}),
    ...(chance(g, 12) ? { additionalProperties: depth > 0 ? jsonSchema(g, depth - 1) : true } : {}),
    ...(chance(g, 12) ? { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-int-or-string': chance(g, 2) } : {}),
    ...(chance(g, 12)
      ? { 'x-kubernetes-list-type': pick(g, ['set', 'map', 'atomic', 'x']), 'x-kubernetes-list-map-keys': ['a'] }
      : {}),
    ...(chance(g, 4) ? { 'x-kubernetes-validations': [{ rule: expression(g), message: text(g) }] } : {}),
    ...(chance(g, 12) ? { nullable: true, format: text(g) } : {}),
  }
}
