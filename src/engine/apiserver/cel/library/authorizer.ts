/** `authorizer`: asks whether somebody may do something, while a request is admitted. */
import { accountGroups } from '../../auth/account-groups.ts'
import { type Library, overload } from '../declare.ts'
import { fail } from '../operate.ts'
import { opaque } from '../types.ts'
import { Custom } from '../value.ts'

/** What is asked: a path, or a resource. */
export interface AccessQuestion {
  user: { name: string; uid?: string; groups: readonly string[]; extra?: Record<string, string[]> }
  verb: string
  path?: string
  group?: string
  resource?: string
  subresource?: string
  namespace?: string
  name?: string
  fieldSelector?: string
  labelSelector?: string
}
export interface AccessAnswer {
  allowed: boolean
  reason: string
  error?: string
}
export type Authorize = (question: AccessQuestion) => AccessAnswer

const NAME = 'kubernetes.authorization.'
/** Each check costs this much: an authorizer may be a webhook. */

type Step = 'Authorizer' | 'PathCheck' | 'GroupCheck' | 'ResourceCheck'

class Check extends Custom {
  readonly typeName: string
  readonly authorize: Authorize
  readonly question: Omit<AccessQuestion, 'verb'>
  constructor(step: Step, authorize: Authorize, question: Omit<AccessQuestion, 'verb'>) {
    super()
    this.typeName = NAME + step
    this.authorize = authorize
    this.question = question
  }
  with(step: Step, more: Partial<AccessQuestion>): Check {
    return new Check(step, this.authorize, { ...this.question, ...more })
  }
  ask(verb: string): Decision {
    return new Decision(this.authorize({ ...this.question, verb }))
  }
  equals(other: unknown): boolean {
    return other instanceof Check && JSON.stringify(other.question) === JSON.stringify(this.question)
  }
}

class Decision extends Custom {
  readonly typeName = `${NAME}Decision`
  readonly answer: AccessAnswer
  constructor(answer: AccessAnswer) {
    super()
    this.answer = answer
  }
  equals(other: unknown): boolean {
    return other instanceof Decision && JSON.stringify(other.answer) === JSON.stringify(this.answer)
  }
}

export const AUTHORIZER = opaque(`${NAME}Authorizer`)
export const RESOURCE_CHECK = opaque(`${NAME}ResourceCheck`)

export const authorizerFor = (user: AccessQuestion['user'], authorize: Authorize): unknown =>
  new Check('Authorizer', authorize, { user })
/** `authorizer.requestResource`. */
export const resourceCheckFor = (question: Omit<AccessQuestion, 'verb'>, authorize: Authorize): unknown =>
  new Check('ResourceCheck', authorize, question)

const SERVICE_ACCOUNT = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

function serviceAccount(check: Check, namespace: string, name: string): Check {
  if (!SERVICE_ACCOUNT.test(name)) return fail('Invalid service account name')
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) return fail('Invalid service account namespace')
  const groups = [...accountGroups(namespace), 'system:authenticated']
  return check.with('Authorizer', { user: { name: `system:serviceaccount:${namespace}:${name}`, groups } })
}

const nonEmpty = (what: string, text: string): string => (text === '' ? fail(`${what} must not be empty`) : text)
const [A, P, G, R, D] = ['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map((name) => NAME + name)

export const authorizers: Library = {
  overloads: [
    overload('path', 'authorizer_path', `${A}.(string): ${P}`, ([check, path]) =>
      check.with('PathCheck', { path: nonEmpty('path', path) }),
    ),
    overload('group', 'authorizer_group', `${A}.(string): ${G}`, ([check, group]) => check.with('GroupCheck', { group })),
    overload('serviceAccount', 'authorizer_serviceaccount', `${A}.(string, string): ${A}`, ([check, namespace, name]) =>
      serviceAccount(check, namespace, name),
    ),
    overload('resource', 'groupcheck_resource', `${G}.(string): ${R}`, ([check, resource]) =>
      check.with('ResourceCheck', { resource: nonEmpty('resource', resource) }),
    ),
    ...['subresource', 'namespace', 'name'].map((fn) =>
      overload(fn, `resourcecheck_${fn}`, `${R}.(string): ${R}`, ([check, value]) =>
        check.with('ResourceCheck', { [fn]: value }),
      ),
    ),
    ...['fieldSelector', 'labelSelector'].map((fn) =>
      overload(fn, `authorizer_${fn.toLowerCase()}`, `${R}.(string): ${R}`, ([check, value]) =>
        check.with('ResourceCheck', { [fn]: value }),
      ),
    ),
    overload('check', 'pathcheck_check', `${P}.(string): ${D}`, ([check, verb]) => check.ask(verb)),
    overload('check', 'resourcecheck_check', `${R}.(string): ${D}`, ([check, verb]) => check.ask(verb)),
    overload('errored', 'decision_errored', `${D}.(): bool`, ([decision]) => decision.answer.error !== undefined),
    overload('error', 'decision_error', `${D}.(): string`, ([decision]) => decision.answer.error ?? ''),
    overload('allowed', 'decision_allowed', `${D}.(): bool`, ([decision]) => decision.answer.allowed),
    overload('reason', 'decision_reason', `${D}.(): string`, ([decision]) => decision.answer.reason),
  ],
}
