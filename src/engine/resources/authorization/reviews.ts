/** Reviews of rights: may I, may they, and what may I do here. Asked, never stored. */
import { invalid } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { FieldRequirement } from '#api/selector-parse.ts'
import { badRequest } from '#api/status.ts'
import type { Attributes } from '../../apiserver/auth/attributes.ts'
import { decide } from '../../apiserver/auth/authorizer.ts'
import { rbacOf } from '../../apiserver/auth/rbac.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { OTHER_NAMESPACE } from '../../apiserver/identity.ts'
import { resource } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { answered, goMeta, metadataOf } from './answer.ts'
import { EMPTY, type ReviewSpec, refusal, specErrors, unreadSelectors } from './review-validation.ts'

const GROUP = 'authorization.k8s.io'

function attributesOf({ resourceAttributes: asked, nonResourceAttributes }: ReviewSpec, user: UserInfo): Attributes {
  if (!asked) return { user, verb: nonResourceAttributes?.verb ?? '', resource: null, path: nonResourceAttributes?.path ?? '' }
  const { group = '', resource: plural = '', subresource = '', namespace = '', name = '' } = asked
  const fields = (asked.fieldSelector?.requirements ?? []).flatMap(({ key = '', operator, values }): FieldRequirement[] =>
    values?.length === 1 ? [{ field: key, value: values[0] as string, equal: operator === 'In' }] : [],
  )
  return { user, verb: asked.verb ?? '', path: '', fields, resource: { group, plural, subresource, namespace, name } }
}

function decided(spec: ReviewSpec, user: UserInfo, server: ApiServer) {
  const { allowed, reason } = decide(attributesOf(spec, user), server)
  const evaluationError = unreadSelectors(spec)
  return { allowed, ...(reason ? { reason } : {}), ...(evaluationError ? { evaluationError } : {}) }
}

/** The spec without what is empty, as Go's types show it. */
function normal(spec: ReviewSpec): ReviewSpec {
  const kept = (object: object) =>
    Object.fromEntries(Object.entries(object).filter(([, v]) => v !== '' && v !== null && !(Array.isArray(v) && v.length === 0)))
  const { resourceAttributes, nonResourceAttributes, ...rest } = spec
  return {
    ...kept(rest),
    ...(resourceAttributes ? { resourceAttributes: kept(resourceAttributes) } : {}),
    ...(nonResourceAttributes ? { nonResourceAttributes: kept(nonResourceAttributes) } : {}),
  }
}

const specOf = ({ body }: Call): ReviewSpec => normal(((body as AnyObject)['spec'] ?? {}) as ReviewSpec)
const userOf = ({ user = '', groups = [], uid, extra }: ReviewSpec): UserInfo => ({
  name: user,
  groups,
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
})

/** Nobody may say anything in the metadata of a question, but the namespace of a local one. */
function metaErrors(metadata: Record<string, unknown>, local: boolean) {
  const { managedFields: _m, namespace, ...others } = metadata
  const wrong = Object.keys(others).length > 0 || (!local && namespace !== undefined)
  return wrong ? [invalid('metadata', goMeta(metadata), local ? 'must be empty except for namespace' : EMPTY)] : []
}

function reviewSelf(call: Call, server: ApiServer): Answer {
  const spec = specOf(call)
  const metadata = metadataOf(call, server)
  const errors = [...specErrors(spec, false), ...metaErrors(metadata, false)]
  if (errors.length > 0) throw refusal(errors)
  return answered(call, { ...head('SelfSubjectAccessReview'), metadata, spec, status: decided(spec, call.user, server) })
}

function reviewOther(call: Call, server: ApiServer): Answer {
  const spec = specOf(call)
  const metadata = metadataOf(call, server)
  const errors = [...specErrors(spec, true), ...metaErrors(metadata, false)]
  if (errors.length > 0) throw refusal(errors)
  return answered(call, { ...head('SubjectAccessReview'), metadata, spec, status: decided(spec, userOf(spec), server) })
}

function reviewLocally(call: Call, server: ApiServer): Answer {
  const spec = specOf(call)
  const given = (call.body as AnyObject).metadata?.namespace
  if (given && given !== call.namespace) {
    throw badRequest(OTHER_NAMESPACE)
  }
  const { managedFields, ...sent } = metadataOf(call, server)
  const metadata = { ...sent, namespace: call.namespace, ...(managedFields ? { managedFields } : {}) }
  const asked = spec.resourceAttributes?.namespace ?? ''
  const errors = [
    ...specErrors(spec, true),
    ...metaErrors(metadata, true),
    ...(spec.resourceAttributes && asked !== call.namespace
      ? [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')]
      : []),
    ...(spec.nonResourceAttributes
      ? [invalid('spec.nonResourceAttributes', goPath(spec.nonResourceAttributes), 'disallowed on this kind of request')]
      : []),
  ]
  if (errors.length > 0) throw refusal(errors)
  return answered(call, { ...head('LocalSubjectAccessReview'), metadata, spec, status: decided(spec, userOf(spec), server) })
}

const goPath = ({ path = '', verb = '' }: { path?: string; verb?: string }) => ({ Path: path, Verb: verb })

const NODE = 'node authorizer does not support user rule resolution'

function reviewRules(call: Call, server: ApiServer): Answer {
  const { namespace } = ((call.body as AnyObject)['spec'] ?? {}) as { namespace?: string }
  if (!namespace) throw badRequest('no namespace on request')
  const { rules, errors } = rbacOf(server.store).rulesFor(call.user, namespace)
  const node = call.user.name.startsWith('system:node:') && call.user.groups.includes('system:nodes')
  const trouble = [...(node ? [NODE] : []), ...errors]
  const resourceRules = rules
    .filter(({ resources }) => resources?.length)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      ...(apiGroups?.length ? { apiGroups } : {}),
      resources,
      ...(resourceNames?.length ? { resourceNames } : {}),
    }))
  const nonResourceRules = rules
    .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }))
  const status = {
    resourceRules,
    nonResourceRules,
    incomplete: node,
    ...(trouble.length > 0 ? { evaluationError: trouble.length > 1 ? `[${trouble.join(', ')}]` : trouble[0] } : {}),
  }
  return answered(call, { ...head('SelfSubjectRulesReview'), metadata: {}, spec: {}, status })
}

const head = (kind: string) => ({ kind, apiVersion: `${GROUP}/v1` })

const review = (
  kind: string,
  plural: string,
  scope: 'Cluster' | 'Namespaced',
  handle: (call: Call, server: ApiServer) => Answer,
) =>
  resource({
    group: GROUP,
    version: 'v1',
    kind,
    plural,
    scope,
    schema: `io.k8s.api.authorization.v1.${kind}`,
    verbs: ['create'],
    handle,
  })

export const accessReviews = [
  review('LocalSubjectAccessReview', 'localsubjectaccessreviews', 'Namespaced', reviewLocally),
  review('SelfSubjectAccessReview', 'selfsubjectaccessreviews', 'Cluster', reviewSelf),
  review('SelfSubjectRulesReview', 'selfsubjectrulesreviews', 'Cluster', reviewRules),
  review('SubjectAccessReview', 'subjectaccessreviews', 'Cluster', reviewOther),
]
