/** API Priority and Fairness: a request's FlowSchema and priority level, and how many each has had. Nothing waits: requests take no simulated time, and a level with no seats at all serves one at a time, too (apiserver/pkg/util/flowcontrol). */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { type Attributes, attributesOf, ROADS } from './auth/attributes.ts'
import type { Answer, Call } from './call.ts'
import type { Dispatched, FlowName, FlowPort } from './flows-port.ts'
import type { ApiServer } from './server.ts'

const SCHEMAS = 'flowschemas.flowcontrol.apiserver.k8s.io'
const LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'
const ACCOUNT = 'system:serviceaccount:'

interface Subject {
  kind: string
  user?: { name: string }
  group?: { name: string }
  serviceAccount?: { namespace: string; name: string }
}
interface ResourceRule {
  verbs: string[]
  apiGroups: string[]
  resources: string[]
  clusterScope?: boolean
  namespaces?: string[]
}
interface Rule {
  subjects: Subject[]
  resourceRules?: ResourceRule[]
  nonResourceRules?: { verbs: string[]; nonResourceURLs: string[] }[]
}

const isFor = ({ name, groups }: UserInfo, { kind, user, group, serviceAccount }: Subject): boolean => {
  if (kind === 'User') return user?.name === '*' || user?.name === name
  if (kind === 'Group') return group !== undefined && (group.name === '*' || groups.includes(group.name))
  if (kind !== 'ServiceAccount' || !serviceAccount) return false
  const prefix = `${ACCOUNT}${serviceAccount.namespace}:`
  return serviceAccount.name === '*' ? name.startsWith(prefix) : name === `${prefix}${serviceAccount.name}`
}

const among = (list: readonly string[], one: string): boolean => (list.length === 1 && list[0] === '*') || list.includes(one)

function leadsTo(path: string, urls: readonly string[]): boolean {
  return urls.some((url) => {
    if (url === '*' || url === path) return true
    const prefix = url.replace(/\*$/, '')
    return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
  })
}

function matches(
  { user, verb, resource, path }: Attributes,
  { subjects, resourceRules = [], nonResourceRules = [] }: Rule,
): boolean {
  if (!subjects.some((subject) => isFor(user, subject))) return false
  if (!resource) return nonResourceRules.some((rule) => among(rule.verbs, verb) && leadsTo(path, rule.nonResourceURLs))
  const { group, plural, subresource, namespace } = resource
  return resourceRules.some(
    ({ verbs, resources, apiGroups, clusterScope = false, namespaces = [] }) =>
      among(verbs, verb) &&
      among(resources, subresource ? `${plural}/${subresource}` : plural) &&
      among(apiGroups, group) &&
      (namespace === '' ? clusterScope : among(namespaces, namespace)),
  )
}

/** A FlowSchema that leads to a level, and the headers that tell of both. */
interface Flow extends FlowName {
  rules: readonly Rule[]
  headers: Readonly<Record<string, string>>
}

export class Flows implements FlowPort {
  readonly #server: ApiServer
  /** In the order in which they are tried; null: they have changed. */
  #flows: Flow[] | null = null
  /** How many requests of each went through, since the process began. */
  #dispatched = new Map<string, Dispatched>()

  constructor(server: ApiServer) {
    this.#server = server
    for (const id of [SCHEMAS, LEVELS])
      server.listen(server.resource(id), () => {
        this.#flows = null
      })
  }

  #sorted(): Flow[] {
    const levels = new Map(this.#server.readAll(LEVELS).map(({ metadata }) => [metadata.name, metadata.uid ?? '']))
    const precedence = ({ spec }: AnyObject): number => spec?.matchingPrecedence ?? 0
    return this.#server
      .readAll(SCHEMAS)
      .filter(({ spec }) => levels.has(spec?.priorityLevelConfiguration?.name))
      .sort((a, b) => precedence(a) - precedence(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
      .map(({ metadata, spec }) => ({
        schema: metadata.name,
        level: spec.priorityLevelConfiguration.name,
        distinguisher: spec.distinguisherMethod?.type ?? '',
        rules: spec.rules ?? [],
        headers: {
          'x-kubernetes-pf-flowschema-uid': metadata.uid ?? '',
          'x-kubernetes-pf-prioritylevel-uid': levels.get(spec.priorityLevelConfiguration.name) ?? '',
        },
      }))
  }

  of(call: Call): Flow | undefined {
    const asked = attributesOf(call.request, call.user)
    if (asked.resource && ROADS.has(asked.resource.subresource)) return undefined
    this.#flows ??= this.#sorted()
    return this.#flows.find(({ rules }) => rules.some((rule) => matches(asked, rule)))
  }

  mark(call: Call, answer: Answer): Answer {
    // Who could not be told apart has no flow.
    const flow = answer.status === 401 ? undefined : this.of(call)
    if (!flow) return answer
    const { schema, level } = flow
    const key = `${schema}/${level}`
    const known = this.#dispatched.get(key)
    if (known) known.count += 1
    else this.#dispatched.set(key, { schema, level, count: 1 })
    return { ...answer, headers: { ...answer.headers, ...flow.headers } }
  }

  dispatched(): Dispatched[] {
    return [...this.#dispatched.values()]
  }

  reset(): void {
    this.#dispatched.clear()
  }
}
