/** The audit log: a line of JSON for each call that the policy wants told, as kube-apiserver's log backend writes it (audit.k8s.io/v1). */
import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { UserInfo } from '#api/request.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Auditor, Cluster } from '#engine'

type Level = 'None' | 'Metadata' | 'Request' | 'RequestResponse'

interface Rule {
  level: Level
  users?: string[]
  userGroups?: string[]
  verbs?: string[]
  namespaces?: string[]
  resources?: { group?: string; resources?: string[]; resourceNames?: string[] }[]
  nonResourceURLs?: string[]
}

interface Subject {
  user: UserInfo
  verb: string
  path: string
  resource: { group: string; plural: string; subresource: string; namespace: string; name: string } | null
}

/** Writes with their bodies, but for leases; reads are not told. */
const DEFAULT_RULES: Rule[] = [
  { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] },
  { level: 'RequestResponse', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
]

/** The rules of a Policy's file; throws where it is none. */
export function auditPolicy(file: string): Rule[] {
  const policy = parse(readFileSync(file, 'utf8')) as { kind?: string; apiVersion?: string; rules?: Rule[] } | null
  if (policy?.kind !== 'Policy' || policy.apiVersion !== 'audit.k8s.io/v1') {
    throw new Error(`${file} holds no Policy of audit.k8s.io/v1`)
  }
  return policy.rules ?? []
}

const among = (list: readonly string[] | undefined, value: string): boolean => !list?.length || list.includes(value)

/** What a policy names: `pods`, `pods/log`, all of a kind's subresources, or everything. */
function namesResource(pattern: string, plural: string, subresource: string): boolean {
  const [name, sub] = pattern.split('/')
  if (sub === undefined) return name === '*' || (name === plural && subresource === '')
  return (name === '*' || name === plural) && (sub === '*' || sub === subresource)
}

function applies(rule: Rule, { user, verb, path, resource }: Subject): boolean {
  if (!among(rule.users, user.name) || !among(rule.verbs, verb)) return false
  if (rule.userGroups?.length && !rule.userGroups.some((group) => user.groups.includes(group))) return false
  if (!resource) {
    if (rule.resources?.length || rule.namespaces?.length) return false
    if (!rule.nonResourceURLs?.length) return true
    return rule.nonResourceURLs.some((url) => (url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path))
  }
  if (rule.nonResourceURLs?.length || !among(rule.namespaces, resource.namespace)) return false
  if (!rule.resources?.length) return true
  return rule.resources.some(
    ({ group = '', resources, resourceNames }) =>
      group === resource.group &&
      (!resources?.length || resources.some((each) => namesResource(each, resource.plural, resource.subresource))) &&
      among(resourceNames, resource.name),
  )
}

export interface AuditOptions {
  file: string
  rules?: Rule[] | undefined
}

type AuditCall = Parameters<Auditor>[0]

/** Begins to tell a file of every call of the cluster. */
export function keepAudit({ world, server }: Cluster, { file, rules = DEFAULT_RULES }: AuditOptions): void {
  server.auditor = (call, answer) => {
    const { resource } = call
    const subject: Subject = {
      user: call.user,
      verb: verbOf(call),
      path: call.request.path.split('?')[0] as string,
      resource: resource && {
        group: resource.group,
        plural: resource.plural,
        subresource: call.subresource?.name ?? '',
        namespace: call.namespace,
        name: call.name || (call.object?.metadata.name ?? ''),
      },
    }
    const level = rules.find((rule) => applies(rule, subject))?.level ?? 'None'
    if (level === 'None') return
    const at = formatMicroTime(world.now)
    const bodies = {
      ...(level !== 'Metadata' && sent(call) !== null ? { requestObject: sent(call) } : {}),
      ...(level === 'RequestResponse' && typeof answer.body === 'object' && answer.body ? { responseObject: answer.body } : {}),
    }
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level,
      auditID: randomUUID(),
      stage: 'ResponseComplete',
      requestURI: call.request.path || innerPath(call),
      verb: subject.verb,
      user: told(call.user),
      sourceIPs: ['127.0.0.1'],
      userAgent: call.request.headers?.['user-agent'] ?? agentOf(call),
      ...(resource ? { objectRef: reference(subject, resource.version) } : {}),
      responseStatus: statusOf(answer),
      ...bodies,
      requestReceivedTimestamp: at,
      stageTimestamp: at,
      annotations: call.audit ?? {},
    }
    appendFileSync(file, `${JSON.stringify(event)}\n`)
  }
}

const CONNECTS: Record<string, string> = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

const verbOf = ({ verb, request }: AuditCall): string => (verb === 'connect' ? (CONNECTS[request.method] ?? 'get') : verb)

const told = ({ name, uid, groups, extra }: UserInfo): object => ({
  username: name,
  ...(uid ? { uid } : {}),
  groups,
  ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
})

function reference({ resource }: Subject, version: string): object {
  const { plural = '', namespace = '', name = '', group = '', subresource = '' } = resource ?? {}
  return {
    resource: plural,
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(group ? { apiGroup: group } : {}),
    apiVersion: version,
    ...(subresource ? { subresource } : {}),
  }
}

/** The Status of a refusal; of anything else its code. */
function statusOf({ status, body }: { status: number; body: unknown }): object {
  const told = body as { kind?: string; status?: string; message?: string; reason?: string; details?: object } | null
  if (told?.kind !== 'Status' || told.status === 'Success') return { metadata: {}, code: status }
  const { message, reason, details } = told
  return { metadata: {}, status: 'Failure', message, reason, ...(details ? { details } : {}), code: status }
}

/** What was sent, as the object it means. */
function sent({ body, request }: AuditCall): unknown {
  if (typeof body === 'object' && body !== null) return body
  if (typeof request.body !== 'string') return request.body ?? null
  try {
    return JSON.parse(request.body)
  } catch {
    return null
  }
}

/** The path by which a part of our control plane would have asked. */
function innerPath({ resource, namespace, name, subresource }: AuditCall): string {
  if (!resource) return '/'
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`
  return [root, namespace ? `namespaces/${namespace}` : '', resource.plural, name, subresource?.name ?? '']
    .filter((part) => part !== '')
    .join('/')
}

/** `kubelet/v1.36.3 (linux/amd64) kubernetes/$Format`. */
const agentOf = ({ fieldManager }: AuditCall): string =>
  `${fieldManager || 'kube-apiserver'}/v1.36.3 (linux/amd64) kubernetes/$Format`
