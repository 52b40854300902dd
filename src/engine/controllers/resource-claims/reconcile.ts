/** One Pod and its claims: those it asks for by template are made, and it is told their names. */
import type { Pod } from '#api/kinds.ts'
import { controllerOf, type KubeObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { CLAIM, CLAIMS, claimsOf, isConcerned, type PodClaim, TEMPLATES } from './index.ts'
import { release } from './release.ts'

/** Which of the Pod's claims one was made for. */
const POD_CLAIM = 'resource.kubernetes.io/pod-claim-name'
/** A name has 63 characters, of which a dash and five are chosen at random. */
const LONGEST_BASE = 57

interface Template extends KubeObject {
  spec: { metadata?: { annotations?: Record<string, string>; labels?: Record<string, string> }; spec?: object }
}

export function reconcileClaims(key: string, context: Context): void {
  if (key.startsWith(CLAIM)) return release(key.slice(CLAIM.length), context)
  const pod = context.cache<Pod>('pods').byKey(key)
  if (!pod || !isConcerned(pod)) return
  const made: { name: string; resourceClaimName: string }[] = []
  for (const each of claimsOf(pod)) {
    try {
      const resourceClaimName = claimFor(pod, each, context)
      if (resourceClaimName) made.push({ name: each.name, resourceClaimName })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      context.events.record(pod, 'Warning', 'FailedResourceClaimCreation', `PodResourceClaim ${each.name}: ${error.message}`)
      throw error
    }
  }
  if (made.length === 0) return
  const status = { resourceClaimStatuses: made }
  const { namespace = '', name } = pod.metadata
  context.api.patch('pods', namespace, name, 'strategic', { status }, { because: 'its claims are there', subresource: 'status' })
}

/** The name of the claim, if the Pod has still to be told; makes the claim when nobody has. */
function claimFor(pod: Pod, { name, resourceClaimTemplateName }: PodClaim, { api, cache }: Context): string | null {
  if (!resourceClaimTemplateName) return null
  const { namespace = '', uid } = pod.metadata
  const known = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)?.resourceClaimName
  const isOwn = (claim: KubeObject | undefined): boolean => claim !== undefined && controllerOf(claim.metadata)?.uid === uid
  if (known !== undefined && (known === '' || isOwn(cache(CLAIMS).get(namespace, known)))) return null
  for (const claim of cache(CLAIMS).all()) {
    if (isOwn(claim) && claim.metadata.annotations?.[POD_CLAIM] === name) return claim.metadata.name
  }
  const template = cache<Template>(TEMPLATES).get(namespace, resourceClaimTemplateName)
  if (!template) {
    const missing = `resourceclaimtemplate.resource.k8s.io "${resourceClaimTemplateName}" not found`
    const message = `resource claim template "${resourceClaimTemplateName}": ${missing}`
    throw new ApiError({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'NotFound',
      code: 404,
    })
  }
  const { metadata = {}, spec = {} } = template.spec
  const owner = { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: uid ?? '', controller: true }
  const claim = {
    metadata: {
      namespace,
      generateName: baseFor(pod.metadata.name, name),
      annotations: { ...metadata.annotations, [POD_CLAIM]: name },
      ...(metadata.labels ? { labels: metadata.labels } : {}),
      ownerReferences: [owner],
    },
    spec,
  }
  return api.create<KubeObject>(CLAIMS, claim as never, { because: `Pod ${pod.metadata.name} asks for it by template` }).metadata
    .name
}

/** Both names are shortened alike. */
function baseFor(pod: string, claim: string): string {
  const base = `${pod}-${claim}-`
  if (base.length <= LONGEST_BASE) return base
  const cut = (text: string) => text.slice(0, Math.floor((text.length * LONGEST_BASE) / base.length))
  return `${cut(pod)}-${cut(claim)}`
}
