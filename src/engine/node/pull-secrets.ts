/** The logins that a pod brings for its images: `imagePullSecrets`, and which of them belong to a registry (credentialprovider keyring). */
import { decodeText } from '#api/base64.ts'
import type { Pod, Secret } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { isUnreached } from '../machinery/links.ts'
import type { Login } from '../machinery/registries.ts'
import type { Context } from './context.ts'
import type { ImageName } from './image-name.ts'

interface Entry extends Login {
  /** Host and path that it is for, without a scheme. */
  location: string
}

const MISSING = 'FailedToRetrieveImagePullSecret'
export const missingSecrets = (names: readonly string[]) => ({
  reason: MISSING,
  message: `Unable to retrieve some image pull secrets (${names.join(', ')}); attempting to pull the image may not succeed.`,
})

/** What its secrets hold, and those of them that are not there. */
export function pullSecrets(ctx: Context, pod: Pod): { entries: Entry[]; missing: string[] } {
  const entries: Entry[] = []
  const missing: string[] = []
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    if (name === '') continue
    try {
      entries.push(...entriesOf(ctx.api.get<Secret>('secrets', pod.metadata.namespace ?? '', name)))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // Nobody can say whether it is there.
      if (!isUnreached(error)) missing.push(name)
    }
  }
  return { entries, missing }
}

function entriesOf({ data = {}, metadata, type }: Secret): Entry[] {
  const text = data[type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson']
  const config = parsed(decodeText(String(text ?? '')) ?? '')
  const auths = (type === 'kubernetes.io/dockercfg' ? config : config['auths']) ?? {}
  return Object.entries(auths).map(([server, given]) => {
    const auth = textsIn(given)
    const [user = '', ...rest] = (decodeText(auth['auth'] ?? '') ?? '').split(':')
    return {
      secret: metadata.uid ?? '',
      user: auth['username'] || user,
      password: auth['password'] || rest.join(':'),
      location: locationOf(server),
    }
  })
}

/** Of what somebody has written, what is text. */
const textsIn = (given: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof given === 'object' && given !== null ? given : {}).filter(([, value]) => typeof value === 'string'),
  )

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // A secret that is none is as good as an empty one.
    return {}
  }
}

/** `https://index.docker.io/v1/` is `index.docker.io`. */
function locationOf(server: string): string {
  const [host = '', ...path] = server.replace(/^https?:\/\//, '').split('/')
  if (path.length > 1 && /^v[12]$/.test(path[0] as string)) path.shift()
  const rest = path.join('/')
  return rest === '' ? host : `${host}/${rest}`
}

const DOCKER_HUB = 'index.docker.io'

/** The logins to try for an image; the most special place first. */
export function loginsFor({ registry, repository }: ImageName, entries: readonly Entry[]): Login[] {
  const image = `${registry}/${repository}`
  const sorted = [...entries].sort((a, b) => (a.location < b.location ? 1 : -1))
  const found = sorted.filter(({ location }) => matches(location, image))
  if (found.length > 0 || registry !== 'docker.io') return found
  return sorted.filter(({ location }) => location === DOCKER_HUB)
}

/** Each part of the host may be a pattern; the path is a beginning. */
function matches(location: string, image: string): boolean {
  const [host = '', ...path] = location.split('/')
  const [target = '', ...rest] = image.split('/')
  const [labels, wanted] = [host.split('.'), target.split('.')]
  if (labels.length !== wanted.length || !rest.join('/').startsWith(path.join('/'))) return false
  return labels.every((label, i) => pattern(label).test(wanted[i] as string))
}

const pattern = (label: string): RegExp =>
  new RegExp(
    `^${label
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^.]*')
      .replaceAll('?', '.')}$`,
  )
