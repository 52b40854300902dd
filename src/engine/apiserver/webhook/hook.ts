/** What validating and mutating webhooks have in common: which are asked, the review they are sent, and what their answers mean. */

import { goQuote } from '#api/field-error.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { type ApiError, badRequest, fail, failure, forbidden, ApiError as Refusal, type Status } from '#api/status.ts'
import type { Ask } from '../admission/plugin.ts'
import { type Attributes, admissionRequest, attributesOf, inVersion } from '../policy/attributes.ts'
import { compileConditions, conditionsHold, type MatchCondition } from '../policy/conditions.ts'
import { type Compiled, PolicyCompiler } from '../policy/environment.ts'
import { namespaceSelected, objectSelected, type Rule, resourceFor } from '../policy/matching.ts'
import { derived } from '../policy/registry.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { type ClientConfig, webhookUrl } from './port.ts'

export interface Webhook {
  name: string
  clientConfig: ClientConfig
  rules?: Rule[]
  failurePolicy?: string
  matchPolicy?: string
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  sideEffects?: string
  timeoutSeconds?: number
  admissionReviewVersions?: string[]
  reinvocationPolicy?: string
  matchConditions?: MatchCondition[]
}

/** A webhook ready to be asked. */
export interface Hook {
  /** Different for each webhook, also of the same name. */
  readonly key: string
  readonly configuration: string
  readonly webhook: Webhook
  readonly compiler: PolicyCompiler
  readonly conditions: readonly Compiled[]
}

const compiler = new PolicyCompiler(false)

/** All webhooks of a kind: configurations by name, webhooks in their order. */
export function hooksOf(plural: string): (server: ApiServer) => readonly Hook[] {
  const id = `${plural}.admissionregistration.k8s.io`
  return derived([id], (server) =>
    server.readAll(id).flatMap((configuration) =>
      ((configuration['webhooks'] ?? []) as Webhook[]).map((webhook, i) => ({
        key: `${configuration.metadata.name}/${webhook.name}/${i}`,
        configuration: configuration.metadata.name,
        webhook,
        compiler,
        conditions: compileConditions(webhook.matchConditions ?? [], compiler, { params: false, authorizer: true }),
      })),
    ),
  )
}

/** The resource by which the webhook is asked; null when it isn't. */
export function wanted({ webhook, conditions }: Hook, attributes: Attributes, server: ApiServer): Resource | null {
  const { rules = [], matchPolicy, namespaceSelector, objectSelector, failurePolicy } = webhook
  if (!objectSelected(objectSelector, attributes)) return null
  const matched = resourceFor(rules, matchPolicy, attributes)
  if (!matched || !namespaceSelected(namespaceSelector, attributes)) return null
  const verdict = conditionsHold(conditions, { attributes, server, matched }, compiler, failurePolicy === 'Ignore')
  if (verdict.error !== null) {
    const { resource, name } = attributes
    throw forbidden({ group: resource.group, resource: resource.plural }, name, verdict.error)
  }
  return verdict.matches ? matched : null
}

/** Nobody answered, or not as they should: decided by the failure policy. */
export class CallFailure extends Error {
  constructor(webhook: string, why: string) {
    super(`failed calling webhook ${goQuote(webhook)}: ${why}`)
  }
}

export interface Response {
  readonly patch?: string
  readonly patchType?: string
}

interface ReviewResponse extends Response {
  uid?: string
  allowed?: boolean
  status?: Status
  warnings?: string[]
  auditAnnotations?: Record<string, string>
}

/** Asks one webhook. Throws its refusal, or a CallFailure. */
export function callHook({ webhook }: Hook, object: AnyObject | null, matched: Resource, ask: Ask, mutating: boolean): Response {
  const { name, sideEffects, clientConfig, timeoutSeconds = 10 } = webhook
  if (ask.call.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
    throw badRequest(`admission webhook ${goQuote(name)} does not support dry run`)
  }
  const version = webhook.admissionReviewVersions?.find((one) => one === 'v1' || one === 'v1beta1')
  const uid = ask.server.world.random('reviews').uuid()
  const review = reviewOf(uid, version ?? 'v1', object, matched, ask)
  const answer = post(name, clientConfig, review, timeoutSeconds, ask.server)
  const response = verified(answer, uid, `admission.k8s.io/${version}`, mutating)
  if (typeof response === 'string') throw new CallFailure(name, `received invalid webhook response: ${response}`)
  for (const [key, value] of Object.entries(response.auditAnnotations ?? {})) if (ask.audit) ask.audit[`${name}/${key}`] = value
  for (const warning of response.warnings ?? []) ask.hooks.warn(warning)
  if (!response.allowed) throw rejection(name, response.status)
  return response
}

function reviewOf(uid: string, version: string, object: AnyObject | null, matched: Resource, ask: Ask): unknown {
  const attributes = attributesOf(object, ask)
  const { resource } = attributes
  const [next, old] = [inVersion(attributes.object, resource, matched), inVersion(attributes.old, resource, matched)]
  const request = { uid, ...admissionRequest(attributes, matched), object: next, oldObject: old }
  return { kind: 'AdmissionReview', apiVersion: `admission.k8s.io/${version}`, request }
}

function post(name: string, config: ClientConfig, review: unknown, timeout: number, server: ApiServer): unknown {
  const called = (why: string) => new CallFailure(name, `failed to call webhook: ${why}`)
  const path = config.url ? /^https:\/\/[^/]*/.exec(config.url)?.[0] : undefined
  const target = path ? (config.url as string).slice(path.length) || '/' : (config.service?.path ?? '/')
  const answer = server.webhooks?.post(config, `${target}?timeout=${timeout}s`, JSON.stringify(review), timeout) ?? {
    ok: false as const,
    error: 'no route to host',
  }
  if (!answer.ok) throw called(`Post ${goQuote(webhookUrl(config, timeout))}: ${answer.error}`)
  if (answer.status !== 200) throw called(statusText(answer.status, answer.body))
  try {
    return JSON.parse(answer.body)
  } catch {
    throw called(`couldn't get version/kind; json parse error: ${answer.body.slice(0, 80)}`)
  }
}

/** How client-go words an answer that is no success and no Status. */
function statusText(code: number, body: string): string {
  if (code === 404) return 'the server could not find the requested resource'
  if (code === 503) return 'the server is currently unable to handle the request'
  if (code === 401) return 'the server has asked for the client to provide credentials'
  if (code === 403) return 'unknown'
  if (code >= 500)
    return `an error on the server (${goQuote(body.trim() || 'unknown')}) has prevented the request from succeeding`
  return `the server rejected our request for an unknown reason`
}

/** The response, or why it is none (webhook/request/admissionreview.go). */
function verified(answer: any, uid: string, apiVersion: string, mutating: boolean): ReviewResponse | string {
  const response: ReviewResponse | undefined = answer?.response
  if (!response) return 'webhook response was absent'
  if (apiVersion.endsWith('/v1beta1')) return response
  if (response.uid !== uid) return `expected response.uid=${goQuote(uid)}, got ${goQuote(response.uid ?? '')}`
  if (answer.apiVersion !== apiVersion || answer.kind !== 'AdmissionReview') {
    const got = `${answer.apiVersion ?? ''}, Kind=${answer.kind ?? ''}`
    return `expected webhook response of ${apiVersion}, Kind=AdmissionReview, got ${got}`
  }
  if (!mutating && response.patch) return 'validating webhook may not return response.patch'
  if (!mutating && response.patchType !== undefined) return 'validating webhook may not return response.patchType'
  if (response.patch && response.patchType === undefined) return 'webhook returned response.patch but not response.patchType'
  if (!response.patch && response.patchType !== undefined) return 'webhook returned response.patchType but not response.patch'
  if (response.patchType === '') return 'webhook returned invalid response.patchType of ""'
  return response
}

/** A refusal in the webhook's own words (webhook/errors/statuserror.go). */
function rejection(name: string, result: Status | undefined): ApiError {
  const by = `admission webhook ${goQuote(name)} denied the request`
  const code = Math.max(400, result?.code ?? 0)
  const why = result?.message || result?.reason
  const status = failure(code, result?.reason ?? '', why ? `${by}: ${why}` : `${by} without explanation`, result?.details)
  return new Refusal(status)
}

/** 500, when the failure policy is to fail. */
export const internal = (message: string): ApiError =>
  fail(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
