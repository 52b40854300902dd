/** The Gateway API's kinds, as far as they are looked at here; the definitions have all of their fields. */
import type { AnyObject, LabelSelector, ObjectMeta } from '#api/meta.ts'
import type { Cache } from '../../machinery/informer.ts'

export const GROUP = 'gateway.networking.k8s.io'
export const CONTROLLER = 'gateway.nginx.org/nginx-gateway-controller'
/** The one class that the controller is told of. */
export const CLASS = 'nginx'

export const CLASSES = `gatewayclasses.${GROUP}`
export const GATEWAYS = `gateways.${GROUP}`
export const HTTP_ROUTES = `httproutes.${GROUP}`
export const GRPC_ROUTES = `grpcroutes.${GROUP}`
export const GRANTS = `referencegrants.${GROUP}`

/** Whoever has caches: a controller's context, or a process's informers. */
export interface Caches {
  cache<T extends AnyObject = AnyObject>(resource: string): Cache<T>
}

export interface Condition {
  type: string
  status: 'True' | 'False'
  reason: string
  message: string
}

export interface StatusCondition extends Condition {
  observedGeneration: number
  lastTransitionTime: string
}

interface Kind<Spec, Status> {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: Spec
  status?: Status
}

export interface Listener {
  name: string
  port: number
  protocol: string
  hostname?: string
  tls?: {
    mode?: string
    options?: Record<string, string>
    certificateRefs?: { group?: string; kind?: string; name: string; namespace?: string }[]
  }
  allowedRoutes?: {
    kinds?: { group?: string; kind: string }[]
    namespaces?: { from?: 'All' | 'Same' | 'Selector'; selector?: LabelSelector }
  }
}

export interface ListenerStatus {
  name: string
  attachedRoutes: number
  supportedKinds: { group: string; kind: string }[]
  conditions: StatusCondition[]
}

export type Gateway = Kind<
  {
    gatewayClassName: string
    listeners: Listener[]
    addresses?: { type?: string; value?: string }[]
    infrastructure?: { labels?: Record<string, string>; annotations?: Record<string, string>; parametersRef?: object }
  },
  { addresses?: { type: string; value: string }[]; conditions?: StatusCondition[]; listeners?: ListenerStatus[] }
>

export interface ParentRef {
  group?: string
  kind?: string
  namespace?: string
  name: string
  sectionName?: string
  port?: number
}

export interface HeaderValue {
  name: string
  value: string
}

export interface HeaderFilter {
  set?: HeaderValue[]
  add?: HeaderValue[]
  remove?: string[]
}

export interface PathModifier {
  type: 'ReplaceFullPath' | 'ReplacePrefixMatch'
  replaceFullPath?: string
  replacePrefixMatch?: string
}

export interface Filter {
  type: string
  requestHeaderModifier?: HeaderFilter
  responseHeaderModifier?: HeaderFilter
  requestRedirect?: { scheme?: string; hostname?: string; port?: number; path?: PathModifier; statusCode?: number }
  urlRewrite?: { hostname?: string; path?: PathModifier }
  extensionRef?: { group: string; kind: string; name: string }
}

export interface BackendRef {
  group?: string
  kind?: string
  namespace?: string
  name: string
  port?: number
  weight?: number
  filters?: Filter[]
}

export interface ValueMatch {
  type?: string
  name: string
  value: string
}

export interface RouteMatch {
  path?: { type?: string; value?: string }
  method?: string
  headers?: ValueMatch[]
  queryParams?: ValueMatch[]
}

export interface RouteRule {
  name?: string
  matches?: RouteMatch[]
  filters?: Filter[]
  backendRefs?: BackendRef[]
  timeouts?: object
  retry?: object
  sessionPersistence?: object
}

export interface RouteParentStatus {
  parentRef: ParentRef
  controllerName: string
  conditions: StatusCondition[]
}

export type Route = Kind<
  { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: RouteRule[] },
  { parents: RouteParentStatus[] }
>

/** The Gateway that a route names as a parent; empty: it names something else. */
export const parentKey = ({ group = GROUP, kind = 'Gateway', namespace, name }: ParentRef, own: string): string =>
  group === GROUP && kind === 'Gateway' ? `${namespace ?? own}/${name}` : ''

export const parentsOf = (route: AnyObject): string[] => {
  const refs = ((route as unknown as Route).spec.parentRefs ?? []).map((ref) => parentKey(ref, route.metadata.namespace ?? ''))
  return [...new Set(refs.filter((key) => key !== ''))]
}

/** The Services that a route sends requests to. */
export const backendsOf = (route: AnyObject): string[] => {
  const refs = ((route as unknown as Route).spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs)
  return [...new Set(refs.map(({ namespace, name }) => `${namespace ?? route.metadata.namespace ?? ''}/${name}`))]
}

/** The Secrets with a Gateway's certificates. */
export const secretsOf = (gateway: AnyObject): string[] => {
  const refs = (gateway as unknown as Gateway).spec.listeners.flatMap(({ tls }) => tls?.certificateRefs ?? [])
  return [...new Set(refs.map(({ namespace, name }) => `${namespace ?? gateway.metadata.namespace ?? ''}/${name}`))]
}

/** Indexes that the functions here need of whoever has the caches. */
export const INDEXES = [
  { resource: HTTP_ROUTES, name: 'parent', of: parentsOf },
  { resource: HTTP_ROUTES, name: 'backend', of: backendsOf },
  { resource: GRPC_ROUTES, name: 'parent', of: parentsOf },
  { resource: GATEWAYS, name: 'secret', of: secretsOf },
] as const
