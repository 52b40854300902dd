/** What a volume made from objects holds: each file's content and permissions (volume plugins' MakePayload and CollectData). */

import type { Pod, Volume } from '#api/kinds.ts'
import { asOne } from '#api/several-errors.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from './context.ts'
import { ConfigError, Configuration, type PodFacts, podField, resourceField } from './environment.ts'
import type { PodRecord } from './pod-record.ts'

export interface VolumeFile {
  data: string
  mode: number
  /** Its owner, when that isn't root. */
  uid?: number
}

/** Path → file. */
export type Payload = Record<string, VolumeFile>

interface Item {
  key: string
  path: string
  mode?: number
}
interface Source {
  items?: Item[]
  optional?: boolean
}
/** Field or resource of the pod. */
interface FieldItem {
  path: string
  mode?: number
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: { containerName?: string; resource: string; divisor?: string | number }
}

export interface Ownership {
  /** Group of everything in it. */
  fsGroup: number | undefined
  /** User of the files that only their owner may read. */
  user: number | undefined
}

/** A user counts when all containers run as the same one. */
export function ownershipOf(pod: Pod): Ownership {
  const all = (pod.spec.securityContext ?? {}) as Record<string, any>
  const users = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(
    ({ securityContext: own }) => ((own ?? {}) as Record<string, any>)['runAsUser'] ?? all['runAsUser'],
  )
  const [user] = users
  return { fsGroup: all['fsGroup'], user: users.every((each) => each === user) ? user : undefined }
}

/** Made from objects, which it follows. */
export const isMade = (volume: Volume): boolean =>
  (volume['configMap'] ?? volume['secret'] ?? volume['downwardAPI'] ?? volume['projected']) !== undefined

const DEFAULT_MODE = 0o644

/** The files of a volume as they are now; throws {@link ConfigError} when something it needs is missing. */
export function payloadOf(record: PodRecord, volume: Volume, ctx: Context, facts: PodFacts): Payload {
  const { pod } = record
  const config = new Configuration(ctx.api, pod.metadata.namespace ?? '')
  const { configMap, secret, downwardAPI, projected } = volume as Record<string, any>
  const mode: number = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? DEFAULT_MODE
  if (configMap) return dataFiles(config, 'configmaps', configMap.name, configMap, mode)
  if (secret) return dataFiles(config, 'secrets', secret.secretName, secret, mode)
  if (downwardAPI) return fieldFiles(pod, downwardAPI.items, facts, mode)
  const made = together((projected?.sources ?? []) as Record<string, any>[], (source) => {
    if (source['configMap']) return dataFiles(config, 'configmaps', source['configMap'].name, source['configMap'], mode)
    if (source['secret']) return dataFiles(config, 'secrets', source['secret'].name, source['secret'], mode)
    if (source['downwardAPI']) return fieldFiles(pod, source['downwardAPI'].items, facts, mode)
    if (source['serviceAccountToken']) return tokenFile(record, source['serviceAccountToken'], ctx, mode)
    throw new ConfigError(`projected volume source ${Object.keys(source).join(', ')} is not supported`)
  })
  return Object.assign({}, ...made)
}

/** All that are made, or everything that is wrong in one message (utilerrors.NewAggregate). */
function together<T>(parts: readonly T[], make: (part: T) => Payload): Payload[] {
  const wrong: string[] = []
  const made: Payload[] = []
  for (const part of parts) {
    try {
      made.push(make(part))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      wrong.push(error.message)
    }
  }
  if (wrong.length === 0) return made
  throw new ConfigError(asOne(wrong))
}

const clean = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`

/** All keys, or the items asked for at their paths. */
function dataFiles(config: Configuration, kind: 'configmaps' | 'secrets', name: string, source: Source, mode: number): Payload {
  const data = config.data(kind, name, source.optional) ?? {}
  const files: Payload = {}
  if (!source.items?.length) {
    for (const [key, value] of Object.entries(data)) files[`/${key}`] = { data: value, mode }
    return files
  }
  for (const item of source.items) {
    const value = data[item.key]
    if (value !== undefined) files[clean(item.path)] = { data: value, mode: item.mode ?? mode }
    else if (!source.optional) {
      const what = kind === 'configmaps' ? 'configmap references non-existent config' : 'references non-existent secret'
      throw new ConfigError(`${what} key: ${item.key}`)
    }
  }
  return files
}

function fieldFiles(pod: Pod, items: FieldItem[] | undefined, facts: PodFacts, mode: number): Payload {
  const made = together(items ?? [], (item) => {
    const [container] = pod.spec.containers
    const { fieldRef, resourceFieldRef } = item
    const data = fieldRef
      ? podField(pod, fieldRef.fieldPath, facts)
      : resourceFieldRef && container
        ? resourceField(pod, container, resourceFieldRef, facts)
        : ''
    return { [clean(item.path)]: { data, mode: item.mode ?? mode } }
  })
  return Object.assign({}, ...made)
}

interface TokenSource {
  path: string
  audience?: string
  expirationSeconds?: number
}

/** Only its user may read it, where one is named; a group may as soon as the volume has one. */
function tokenFile(record: PodRecord, source: TokenSource, ctx: Context, mode: number): Payload {
  const { fsGroup, user } = ownershipOf(record.pod)
  const data = token(record, source, ctx)
  const own = fsGroup !== undefined || user !== undefined ? 0o600 : mode
  return { [clean(source.path)]: { data, mode: own, ...(user === undefined ? {} : { uid: user }) } }
}

/** A token serves until four fifths of its time, or a day, are over (token_manager.go requiresRefresh). */
const TOKEN_SHARE = 0.8
const DAY_MS = 86_400_000

function token(record: PodRecord, source: TokenSource, ctx: Context): string {
  const { now } = ctx.world
  const key = `${source.audience ?? ''} ${source.expirationSeconds ?? 3600}`
  const known = record.accountTokens[key]
  if (known && now < known.until) return known.token
  const token = newToken(record.pod, source, ctx)
  record.accountTokens[key] = { token, until: now + Math.min(DAY_MS, TOKEN_SHARE * 1000 * (source.expirationSeconds ?? 3600)) }
  return token
}

function newToken(pod: Pod, source: TokenSource, ctx: Context): string {
  const { namespace = '', name, uid } = pod.metadata
  const account = pod.spec.serviceAccountName ?? 'default'
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec: {
      audiences: source.audience ? [source.audience] : [],
      expirationSeconds: source.expirationSeconds ?? 3600,
      boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid },
    },
  }
  try {
    const answer = ctx.api.post('serviceaccounts', namespace, account, 'token', body, {
      because: `${name} needs to speak to the API`,
    }) as any
    return answer?.status?.token ?? ''
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new ConfigError(`failed to fetch token: ${error.message}`)
  }
}
