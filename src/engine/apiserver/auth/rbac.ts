/** RBAC over the stored roles and bindings: who may do what, and by which binding (plugin/pkg/auth/authorizer/rbac). */
import type { PolicyRule, Role, RoleBinding, Subject } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { Store } from '../../etcd/store.ts'
import { Follower } from '../follower.ts'
import type { Attributes } from './attributes.ts'
import { ruleCovers, ruleNames } from './rules.ts'

export interface Decision {
  allowed: boolean
  /** By which binding, when allowed; else what went wrong while looking. */
  reason: string
}

export interface RulesFor {
  rules: PolicyRule[]
  errors: string[]
}

/** What the bindings say to one question, whatever the name that is asked for. */
interface Verdict {
  /** Rules that cover the question, with the binding they come from. */
  grants: { rule: PolicyRule; source: string }[]
  errors: string
}

const GROUP = 'rbac.authorization.k8s.io'
const DIRECTORIES = ['/registry/roles/', '/registry/rolebindings/', '/registry/clusterroles/', '/registry/clusterrolebindings/']
const VERDICTS = 20_000

/** Bindings of one namespace (or of none: the cluster) by whom they name. */
type BySubject = Map<string, Set<RoleBinding>>

const byName = (a: RoleBinding, b: RoleBinding): number => (a.metadata.name < b.metadata.name ? -1 : 1)

function subjectKey({ kind, name, namespace: given = '' }: Subject, namespace: string): string {
  return kind === 'ServiceAccount' ? `User:system:serviceaccount:${given || namespace}:${name}` : `${kind}:${name}`
}

export class Rbac {
  readonly #follower: Follower
  readonly #roles = new Map<string, Role>()
  readonly #bindings = new Map<string, BySubject>()
  readonly #verdicts = new Map<string, Verdict>()
  readonly #users = new WeakMap<UserInfo, string>()

  constructor(store: Store<AnyObject>) {
    this.#follower = new Follower(store, DIRECTORIES, {
      reset: () => {
        this.#roles.clear()
        this.#bindings.clear()
        this.#verdicts.clear()
      },
      apply: ({ value, previous }) => {
        this.#verdicts.clear()
        if (previous) this.#drop(previous)
        if (value) this.#add(value)
      },
    })
  }

  /** Nothing loaded at all: a store without the roles that every cluster begins with. */
  get empty(): boolean {
    this.#follower.sync()
    return this.#roles.size === 0
  }

  #add(object: AnyObject): void {
    const { namespace = '', name } = object.metadata
    if (object.kind.endsWith('Role')) {
      this.#roles.set(`${namespace}/${name}`, object as unknown as Role)
      return
    }
    const binding = object as unknown as RoleBinding
    for (const subject of binding.subjects ?? []) this.#named(subject, namespace).add(binding)
  }

  #drop(object: AnyObject): void {
    const { namespace = '', name } = object.metadata
    if (object.kind.endsWith('Role')) this.#roles.delete(`${namespace}/${name}`)
    else for (const subject of (object as unknown as RoleBinding).subjects ?? []) this.#remove(subject, namespace, name)
  }

  #named(subject: Subject, namespace: string): Set<RoleBinding> {
    let scope = this.#bindings.get(namespace)
    if (!scope) this.#bindings.set(namespace, (scope = new Map()))
    const key = subjectKey(subject, namespace)
    let named = scope.get(key)
    if (!named) scope.set(key, (named = new Set()))
    return named
  }

  #remove(subject: Subject, namespace: string, name: string): void {
    const named = this.#named(subject, namespace)
    for (const binding of named) if (binding.metadata.name === name) named.delete(binding)
  }

  /** Rules of a role; `null` when there is none of that name. */
  rulesOf(kind: string, namespace: string, name: string): PolicyRule[] | null {
    this.#follower.sync()
    const role = this.#roles.get(`${kind === 'Role' ? namespace : ''}/${name}`)
    return role ? (role.rules ?? []) : null
  }

  /** Bindings that name the user or a group of theirs, the cluster's first, each with the subject that fits. */
  *#applying(user: UserInfo, namespace: string): Generator<{ binding: RoleBinding; namespace: string; subject: Subject }> {
    const keys = [`User:${user.name}`, ...user.groups.map((group) => `Group:${group}`)]
    for (const scope of namespace ? ['', namespace] : ['']) {
      const found = new Set<RoleBinding>()
      const bySubject = this.#bindings.get(scope)
      for (const key of keys) for (const binding of bySubject?.get(key) ?? []) found.add(binding)
      for (const binding of [...found].sort(byName)) {
        const subject = binding.subjects?.find((s) => keys.includes(subjectKey(s, scope)))
        if (subject) yield { binding, namespace: scope, subject }
      }
    }
  }

  *#rulesFor(user: UserInfo, namespace: string): Generator<{ rule: PolicyRule; source: string } | { error: string }> {
    for (const applying of this.#applying(user, namespace)) {
      const { kind, name } = applying.binding.roleRef
      const rules = this.rulesOf(kind, applying.namespace, name)
      if (!rules) yield { error: `${kind.toLowerCase()}.${GROUP} ${JSON.stringify(name)} not found` }
      else for (const rule of rules) yield { rule, source: described(applying) }
    }
  }

  /** Everything a user may do in a namespace, and what could not be found out. */
  rulesFor(user: UserInfo, namespace: string): RulesFor {
    this.#follower.sync()
    const all = [...this.#rulesFor(user, namespace)]
    return {
      rules: all.flatMap((entry) => ('rule' in entry ? [entry.rule] : [])),
      errors: all.flatMap((entry) => ('error' in entry ? [entry.error] : [])),
    }
  }

  decide(attributes: Attributes): Decision {
    this.#follower.sync()
    const { grants, errors } = this.#verdict(attributes)
    const name = attributes.resource?.name ?? ''
    const grant = grants.find(({ rule }) => !attributes.resource || ruleNames(rule, name))
    return grant ? { allowed: true, reason: `RBAC: allowed by ${grant.source}` } : { allowed: false, reason: errors }
  }

  #verdict(attributes: Attributes): Verdict {
    const { user, verb, resource, path } = attributes
    const asked = resource ? `${resource.group}/${resource.plural}/${resource.subresource}/${resource.namespace}` : path
    const key = `${this.#userKey(user)}\n${verb}\n${resource ? '' : 'path'}${asked}`
    const known = this.#verdicts.get(key)
    if (known) return known
    const verdict: Verdict = { grants: [], errors: '' }
    const errors: string[] = []
    for (const entry of this.#rulesFor(user, resource?.namespace ?? '')) {
      if ('error' in entry) errors.push(entry.error)
      else if (ruleCovers(entry.rule, attributes)) verdict.grants.push(entry)
    }
    const said = [...new Set(errors)]
    if (said.length > 0) verdict.errors = `RBAC: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`
    if (this.#verdicts.size >= VERDICTS) this.#verdicts.clear()
    this.#verdicts.set(key, verdict)
    return verdict
  }

  #userKey(user: UserInfo): string {
    let key = this.#users.get(user)
    if (key === undefined) this.#users.set(user, (key = [user.name, ...user.groups].join('\n')))
    return key
  }
}

interface Applying {
  binding: RoleBinding
  namespace: string
  subject: Subject
}

/** The binding in the words that access reviews print. */
function described({ binding, namespace, subject }: Applying): string {
  const { roleRef, metadata } = binding
  const what = namespace ? `RoleBinding "${metadata.name}/${namespace}"` : `ClusterRoleBinding "${metadata.name}"`
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name
  return `${what} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`
}

const known = new WeakMap<Store<AnyObject>, Rbac>()

/** The rights stored in a store. */
export function rbacOf(store: Store<AnyObject>): Rbac {
  let rbac = known.get(store)
  if (!rbac) known.set(store, (rbac = new Rbac(store)))
  return rbac
}
