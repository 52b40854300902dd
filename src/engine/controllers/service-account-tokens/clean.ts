/** One look at the Secrets that hold tokens: marks those that have not been used for a year, deletes those marked a year ago. */
import type { Pod, ServiceAccount } from '#api/kinds.ts'
import { dayOf, INVALID_SINCE, LAST_USED } from '#api/legacy-tokens.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { ACCOUNT_NAME, ACCOUNT_UID, TYPE } from './index.ts'

const DAY_MS = 86_400_000
/** --legacy-service-account-token-clean-up-period. */
const PERIOD_MS = 365 * DAY_MS
const TRACKING = 'kube-apiserver-legacy-service-account-token-tracking'

const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(parseTime(`${text}T00:00:00Z`))

export function cleanTokens(context: Context): void {
  const { cache, now } = context
  if (!trackedLongEnough(context)) return
  const mounted = new Map<string, Set<string>>()
  for (const secret of [...cache('secrets').all()] as AnyObject[]) {
    if (secret['type'] !== TYPE || !isIdle(secret, now) || !isAccountsOwn(secret, context)) continue
    const { namespace = '', name } = secret.metadata
    let names = mounted.get(namespace)
    if (!names) mounted.set(namespace, (names = secretsInUse([...cache('pods').inNamespace(namespace)] as Pod[])))
    if (!names.has(name)) markOrDelete(secret, context)
  }
}

/** Use is noted from the day after the tracking began. */
function trackedLongEnough({ api, now }: Context): boolean {
  try {
    const since = (api.get('configmaps', 'kube-system', TRACKING) as AnyObject)['data']?.since as string | undefined
    return isDay(since) && now >= parseTime(`${since}T00:00:00Z`) + DAY_MS + PERIOD_MS
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return false
  }
}

/** Neither made nor used within the year. */
function isIdle({ metadata }: AnyObject, now: number): boolean {
  if (metadata.deletionTimestamp || parseTime(metadata.creationTimestamp) >= now - PERIOD_MS) return false
  const used = metadata.labels?.[LAST_USED]
  return used === undefined || (isDay(used) && used < dayOf(now - PERIOD_MS))
}

/** Tokens that an account lists among its secrets were made for it, long ago; those made by hand stay. */
function isAccountsOwn({ metadata }: AnyObject, { cache }: Context): boolean {
  const { namespace = '', name, annotations = {} } = metadata
  const account = cache('serviceaccounts').get(namespace, annotations[ACCOUNT_NAME] ?? '') as ServiceAccount | undefined
  if (!account || (annotations[ACCOUNT_UID] && annotations[ACCOUNT_UID] !== account.metadata.uid)) return false
  return (account.secrets ?? []).some((ref) => ref.name === name)
}

/** Every Secret that a Pod of the namespace names, in whatever field. */
function secretsInUse(pods: readonly Pod[]): Set<string> {
  const names = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inside] of Object.entries(value)) {
      const named = key === 'secret' || /secret(key)?ref$/i.test(key) ? (inside as { name?: string; secretName?: string }) : null
      const name = named?.secretName ?? named?.name
      if (name) names.add(name)
      look(inside)
    }
  }
  for (const { spec } of pods) {
    look(spec)
    for (const { name } of spec.imagePullSecrets ?? []) names.add(name)
  }
  return names
}

function markOrDelete({ metadata }: AnyObject, { api, now }: Context): void {
  const { namespace = '', name, uid, labels, resourceVersion } = metadata
  const since = labels?.[INVALID_SINCE]
  try {
    if (!isDay(since)) {
      const mark = { metadata: { uid, labels: { [INVALID_SINCE]: dayOf(now) } } }
      api.patch('secrets', namespace, name, 'merge', mark, { because: 'its token has not been used for a year' })
    } else if (since < dayOf(now - PERIOD_MS)) {
      const only = resourceVersion ? { resourceVersion } : {}
      api.delete('secrets', namespace, name, { ...only, because: `its token has been marked invalid since ${since}` })
    }
  } catch (error) {
    // What has changed or gone meanwhile is looked at again tomorrow.
    if (!(error instanceof ApiError)) throw error
  }
}
