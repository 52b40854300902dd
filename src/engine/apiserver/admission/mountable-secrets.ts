/** Secrets that a Pod may use when its ServiceAccount insists on naming them (the annotation enforce-mountable-secrets). */
import type { Container, Pod, ServiceAccount } from '#api/kinds.ts'
import { type Ask, refuse } from './plugin.ts'

const ENFORCED = 'kubernetes.io/enforce-mountable-secrets'
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True']

const enforced = (account: ServiceAccount): boolean => TRUE.includes(account.metadata.annotations?.[ENFORCED] ?? '')

const named = (list: { name?: string }[] | undefined): Set<string> => new Set((list ?? []).map((s) => s.name ?? ''))

/** What a container's environment takes from Secrets that the account doesn't name. */
function inContainer(what: string, container: Container, account: ServiceAccount): string | undefined {
  const allowed = named(account.secrets)
  const why = (how: string, secret: string) =>
    `${what} ${container.name} with ${how} referencing secret.secretName="${secret}" is not allowed because service account ${account.metadata.name} does not reference that secret`
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef?.name
    if (secret !== undefined && !allowed.has(secret)) return why(`envVar ${name}`, secret)
  }
  for (const { secretRef } of container.envFrom ?? []) {
    if (secretRef && !allowed.has(secretRef.name)) return why('envFrom', secretRef.name)
  }
  return undefined
}

export function limitSecrets(pod: Pod, account: ServiceAccount, ask: Ask): void {
  if (!enforced(account)) return
  const allowed = named(account.secrets)
  for (const volume of pod.spec.volumes ?? []) {
    const secret = volume['secret']?.secretName
    if (volume['secret'] && !allowed.has(secret)) {
      throw refuse(
        ask,
        `volume with secret.secretName="${secret}" is not allowed because service account ${account.metadata.name} does not reference that secret`,
      )
    }
  }
  const wrong =
    (pod.spec.initContainers ?? []).map((c) => inContainer('init container', c, account)).find(Boolean) ??
    pod.spec.containers.map((c) => inContainer('container', c, account)).find(Boolean)
  if (wrong) throw refuse(ask, wrong)
  const pulls = named(account.imagePullSecrets)
  for (const [i, { name }] of (pod.spec.imagePullSecrets ?? []).entries()) {
    if (!pulls.has(name)) {
      throw refuse(
        ask,
        `imagePullSecrets[${i}].name="${name}" is not allowed because service account ${account.metadata.name} does not reference that imagePullSecret`,
      )
    }
  }
}

export function limitEphemeralSecrets(pod: Pod, account: ServiceAccount, ask: Ask): void {
  if (!enforced(account)) return
  const wrong = (pod.spec.ephemeralContainers ?? []).map((c) => inContainer('ephemeral container', c, account)).find(Boolean)
  if (wrong) throw refuse(ask, wrong)
}
