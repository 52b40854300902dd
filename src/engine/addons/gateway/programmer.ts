/** Tells GatewayClasses, Gateways and routes what has become of them, in conditions (nginx-gateway-fabric's status/prepare_requests.go). */
import type { Service } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { attach } from './attachment.ts'
import { isOurs, judgeGateway, proxyName } from './gateways.ts'
import {
  type Caches,
  CLASS,
  CLASSES,
  CONTROLLER,
  type Condition,
  GATEWAYS,
  type Gateway,
  GRANTS,
  GRPC_ROUTES,
  HTTP_ROUTES,
  INDEXES,
  parentKey,
  parentsOf,
  type Route,
  type RouteParentStatus,
  type StatusCondition,
} from './kinds.ts'
import { judgeListeners } from './listeners.ts'
import { hasComeUp, isUp, SERVICE_ACCOUNT } from './manifests.ts'
import { GATEWAY_LABEL } from './routes.ts'
import { judgeRoute } from './rules.ts'
import {
  CLASS_ACCEPTED,
  CLASS_CONFLICT,
  GATEWAY_ACCEPTED,
  LISTENER_WELL,
  lastOfEach,
  NO_VALID_LISTENER,
  ROUTE_WELL,
  SOME_LISTENERS_INVALID,
} from './words.ts'

const PREFIX: Readonly<Record<string, string>> = {
  [CLASSES]: 'class ',
  [GATEWAYS]: 'gateway ',
  [HTTP_ROUTES]: 'http ',
  [GRPC_ROUTES]: 'grpc ',
}
const keyFor = (resource: string, key: string): string => `${PREFIX[resource]}${key}`
const cachesOf = (context: Context): Caches => context as unknown as Caches

/** Conditions as they are stored: what is as before keeps its time. */
function stored(
  said: readonly Condition[],
  before: readonly StatusCondition[] | undefined,
  generation: number,
  now: number,
): StatusCondition[] {
  return lastOfEach(said).map((condition) => {
    const old = before?.find(({ type, status }) => type === condition.type && status === condition.status)
    return { ...condition, observedGeneration: generation, lastTransitionTime: old?.lastTransitionTime ?? formatTime(now) }
  })
}

function write(resource: string, object: AnyObject, status: object, { api }: Context): void {
  if (JSON.stringify(object['status'] ?? {}) === JSON.stringify(status)) return
  api.update(resource, { ...object, status } as AnyObject, { subresource: 'status', because: 'what has become of it' })
}

function classStatus(object: AnyObject, context: Context): void {
  if (object['spec'].controllerName !== CONTROLLER) return
  const said = object.metadata.name === CLASS ? CLASS_ACCEPTED : CLASS_CONFLICT
  const conditions = stored(said, object['status']?.conditions, object.metadata.generation ?? 1, context.now)
  write(CLASSES, object, { ...object['status'], conditions }, context)
}

function addressesOf({ metadata }: Gateway, { cache }: Context): { type: string; value: string }[] {
  const service = cache<Service>('services').get(metadata.namespace ?? '', proxyName(metadata.name))
  if (!service) return []
  return (service.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
    ip ? { type: 'IPAddress', value: ip } : { type: 'Hostname', value: hostname ?? '' },
  )
}

function gatewayStatus(gateway: Gateway, context: Context): void {
  const caches = cachesOf(context)
  if (!isOurs(gateway, caches)) return
  const { generation = 1 } = gateway.metadata
  const { conditions: own, valid } = judgeGateway(gateway, caches)
  const old = gateway.status
  const object = gateway as unknown as AnyObject
  if (!valid) return write(GATEWAYS, object, { conditions: stored(own, old?.conditions, generation, context.now) }, context)
  const judged = judgeListeners(gateway, caches)
  const attached = attachedTo(gateway, judged, context)
  const listeners = judged.map(({ listener, conditions, valid: isWell, kinds }) => {
    const before = old?.listeners?.find(({ name }) => name === listener.name)?.conditions
    const said = isWell ? [...conditions, ...LISTENER_WELL] : conditions
    return {
      attachedRoutes: attached.get(listener.name) ?? 0,
      conditions: stored(said, before, generation, context.now),
      name: listener.name,
      supportedKinds: kinds,
    }
  })
  const well = judged.filter((each) => each.valid).length
  const state = well === 0 ? NO_VALID_LISTENER : well < judged.length ? [SOME_LISTENERS_INVALID] : []
  const conditions = stored([...GATEWAY_ACCEPTED, ...own, ...state], old?.conditions, generation, context.now)
  const addresses = addressesOf(gateway, context)
  write(GATEWAYS, object, { ...(addresses.length > 0 ? { addresses } : {}), conditions, listeners }, context)
}

/** How many routes each listener has. */
function attachedTo(gateway: Gateway, listeners: ReturnType<typeof judgeListeners>, context: Context): Map<string, number> {
  const caches = cachesOf(context)
  const key = keyOf(gateway.metadata)
  const counts = new Map<string, number>()
  for (const each of context.cache(HTTP_ROUTES).by('parent', key)) {
    const route = each as unknown as Route
    if (!judgeRoute(route, caches).valid) continue
    const names = (route.spec.parentRefs ?? [])
      .filter((ref) => parentKey(ref, route.metadata.namespace ?? '') === key)
      .flatMap((ref) => [...attach(route, ref, { gateway, valid: true, listeners }, caches).hosts.keys()])
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

function routeStatus(resource: string, route: Route, context: Context): void {
  const caches = cachesOf(context)
  const { generation = 1, namespace: own = '' } = route.metadata
  const before = route.status?.parents ?? []
  const judged = judgeRoute(route, caches)
  const parents: RouteParentStatus[] = before.filter(({ controllerName }) => controllerName !== CONTROLLER)
  for (const ref of route.spec.parentRefs ?? []) {
    const gateway = caches.cache<AnyObject>(GATEWAYS).byKey(parentKey(ref, own)) as Gateway | undefined
    if (!gateway || !isOurs(gateway, caches)) continue
    const { valid } = judgeGateway(gateway, caches)
    const listeners = judgeListeners(gateway, caches)
    const failed = judged.valid ? attach(route, ref, { gateway, valid, listeners }, caches).failed : null
    const { group, kind, name, namespace = own, sectionName, port } = ref
    const parentRef = {
      ...(group === undefined ? {} : { group }),
      ...(kind === undefined ? {} : { kind }),
      name,
      namespace,
      ...(port === undefined ? {} : { port }),
      ...(sectionName === undefined ? {} : { sectionName }),
    }
    const old = before.find((each) => each.controllerName === CONTROLLER && isSameParent(each.parentRef, parentRef))
    const conditions = stored(
      [...ROUTE_WELL, ...judged.conditions, ...(failed ? [failed] : [])],
      old?.conditions,
      generation,
      context.now,
    )
    parents.push({ conditions, controllerName: CONTROLLER, parentRef })
  }
  if (parents.length === 0 && before.length === 0) return
  write(resource, route as unknown as AnyObject, { parents }, context)
}

const isSameParent = (a: RouteParentStatus['parentRef'], b: RouteParentStatus['parentRef']): boolean =>
  a.name === b.name && a.namespace === b.namespace && a.sectionName === b.sectionName && a.port === b.port

// ——— what a change concerns

function* everything({ cache }: Context): Iterable<string> {
  for (const resource of Object.keys(PREFIX))
    for (const { metadata } of cache(resource).all()) yield keyFor(resource, keyOf(metadata))
}

const routesBy = ({ cache }: Context, index: 'parent' | 'backend', key: string): string[] => [
  ...cache(HTTP_ROUTES)
    .by(index, key)
    .map(({ metadata }) => keyFor(HTTP_ROUTES, keyOf(metadata))),
  ...(index === 'parent'
    ? cache(GRPC_ROUTES)
        .by(index, key)
        .map(({ metadata }) => keyFor(GRPC_ROUTES, keyOf(metadata)))
    : []),
]

const portsOf = (service: AnyObject | null): string => JSON.stringify([service?.['spec'].type, service?.['spec'].ports])
const isSameSpec = (a: AnyObject, b: AnyObject | null): boolean => a.metadata.generation === b?.metadata.generation

export const programmer = controller({
  name: 'nginx-gateway-fabric',
  identity: SERVICE_ACCOUNT,
  indexes: INDEXES,
  watches: [
    {
      resource: CLASSES,
      keys: (change, object, old, context) => (change === 'modified' && isSameSpec(object, old) ? [] : everything(context)),
    },
    {
      resource: GATEWAYS,
      keys(change, object, old, context) {
        const key = keyOf(object.metadata)
        const own = keyFor(GATEWAYS, key)
        return change === 'modified' && isSameSpec(object, old) ? [own] : [own, ...routesBy(context, 'parent', key)]
      },
    },
    ...[HTTP_ROUTES, GRPC_ROUTES].map((resource) => ({
      resource,
      keys: (change: string, object: AnyObject, old: AnyObject | null) => [
        keyFor(resource, keyOf(object.metadata)),
        ...(change === 'modified' && isSameSpec(object, old)
          ? []
          : [...new Set([...parentsOf(object), ...(old ? parentsOf(old) : [])])].map((key) => keyFor(GATEWAYS, key))),
      ],
    })),
    {
      resource: 'services',
      keys(change, object, old, context) {
        const key = keyOf(object.metadata)
        const gateway = object.metadata.labels?.[GATEWAY_LABEL]
        const own = gateway === undefined ? [] : [keyFor(GATEWAYS, `${object.metadata.namespace}/${gateway}`)]
        const isSame = change === 'modified' && portsOf(object) === portsOf(old)
        return isSame ? own : [...own, ...routesBy(context, 'backend', key)]
      },
    },
    {
      resource: 'secrets',
      keys: (_change, { metadata }, _old, context) =>
        context
          .cache(GATEWAYS)
          .by('secret', keyOf(metadata))
          .flatMap((each) => [keyFor(GATEWAYS, keyOf(each.metadata)), ...routesBy(context, 'parent', keyOf(each.metadata))]),
    },
    {
      resource: 'namespaces',
      keys: (change, object, old, context) =>
        change === 'modified' && JSON.stringify(object.metadata.labels) !== JSON.stringify(old?.metadata.labels)
          ? everything(context)
          : [],
    },
    { resource: GRANTS, keys: (_change, _object, _old, context) => everything(context) },
    {
      resource: 'deployments.apps',
      keys: (_change, object, old, context) => (hasComeUp(object, old) ? everything(context) : []),
    },
  ],
  reconcile(key, context) {
    if (!isUp(context)) return
    for (const [resource, prefix] of Object.entries(PREFIX)) {
      if (!key.startsWith(prefix)) continue
      const object = context.cache(resource).byKey(key.slice(prefix.length))
      if (!object || object.metadata.deletionTimestamp) return
      if (resource === CLASSES) classStatus(object, context)
      else if (resource === GATEWAYS) gatewayStatus(object as unknown as Gateway, context)
      else routeStatus(resource, object as unknown as Route, context)
    }
  },
})
