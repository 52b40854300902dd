/** ServiceAccount: every Pod runs as one, and carries its token. */
import { extend } from '#api/extend.ts'
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '#api/kinds.ts'
import { invalidName, isPathSegment } from '#api/names.ts'
import { each } from '../resource.ts'
import { limitEphemeralSecrets, limitSecrets } from './mountable-secrets.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const MIRROR = 'kubernetes.io/config.mirror'
const TOKEN_VOLUME = 'kube-api-access-'
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The projected volume of a token that lives an hour and seven seconds, the cluster's CA and the namespace's name. */
const TOKEN_SOURCE = {
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
}

const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.[MIRROR] !== undefined

function accountOf(name: string, ask: Ask): ServiceAccount {
  const wrong = isPathSegment(name)
  if (wrong.length > 0)
    throw refuse(ask, `error looking up service account ${ask.namespace}/${name}: ${invalidName(name, wrong)}`)
  const account = ask.hooks.read('serviceaccounts', ask.namespace, name)
  if (!account) throw refuse(ask, `error looking up service account ${ask.namespace}/${name}: serviceaccount "${name}" not found`)
  return account as unknown as ServiceAccount
}

const mounts = (container: Container): boolean => container.volumeMounts?.some((m) => m.mountPath === TOKEN_PATH) ?? false

function withToken(spec: PodSpec, ask: Ask): PodSpec {
  const own = spec.volumes?.find((v) => v.name?.startsWith(TOKEN_VOLUME))
  const name = own?.name ?? TOKEN_VOLUME + ask.hooks.world.random('token-volumes').suffix(5)
  const mount = { name, readOnly: true, mountPath: TOKEN_PATH }
  const add = (c: Container): Container =>
    mounts(c) ? c : extend(c, { volumeMounts: c.volumeMounts ? [...c.volumeMounts, mount] : [mount] })
  const containers = each(spec.containers, add)
  const initContainers = spec.initContainers ? each(spec.initContainers, add) : undefined
  const needed = containers !== spec.containers || initContainers !== spec.initContainers
  if (!needed) return spec
  const volume: Volume = { name, projected: TOKEN_SOURCE }
  const volumes = own ? spec.volumes : spec.volumes ? [...spec.volumes, volume] : [volume]
  const next: PodSpec = extend(spec, { containers })
  if (initContainers) next.initContainers = initContainers
  if (volumes) next.volumes = volumes
  return next
}

function mutate(pod: Pod, ask: Ask): Pod {
  if (ask.subresource !== '' || ask.operation !== 'CREATE' || isMirror(pod)) return pod
  const serviceAccountName = pod.spec.serviceAccountName || 'default'
  const account = accountOf(serviceAccountName, ask)
  let spec: PodSpec = extend(pod.spec, { serviceAccountName, serviceAccount: serviceAccountName })
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) spec = withToken(spec, ask)
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
    spec = { ...spec, imagePullSecrets: account.imagePullSecrets }
  return { ...pod, spec }
}

function checkMirror(pod: Pod, ask: Ask): void {
  if (pod.spec.serviceAccountName) throw refuse(ask, 'a mirror pod may not reference service accounts')
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])]
  const secretEnv = containers.some((c) => c.envFrom?.some((e) => e.secretRef) || c.env?.some((e) => e.valueFrom?.secretKeyRef))
  const sources = (pod.spec.volumes ?? []).flatMap((v) => v['projected']?.sources ?? [])
  const secretVolume = pod.spec.volumes?.some((v) => v['secret']) || sources.some((s: any) => s.secret)
  if (secretEnv || secretVolume || pod.spec.imagePullSecrets?.length) throw refuse(ask, 'a mirror pod may not reference secrets')
  if (sources.some((s: any) => s.serviceAccountToken)) {
    throw refuse(ask, 'a mirror pod may not use ServiceAccountToken volume projections')
  }
}

function validate(pod: Pod, ask: Ask): void {
  if (ask.subresource === 'ephemeralcontainers' && ask.operation === 'UPDATE') {
    limitEphemeralSecrets(pod, accountOf(pod.spec.serviceAccountName ?? '', ask), ask)
  }
  if (ask.operation !== 'CREATE' || ask.subresource !== '') return
  if (isMirror(pod)) checkMirror(pod, ask)
  else limitSecrets(pod, accountOf(pod.spec.serviceAccountName ?? '', ask), ask)
}

export const serviceAccount = plugin({
  name: 'ServiceAccount',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate: (pod, ask) => mutate(pod, ask),
  validate,
})
