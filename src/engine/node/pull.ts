/** What pulling an image comes to: its size and time, or the runtime's error, as a function of its name. */
import { Ascii, flat } from '#api/ascii.ts'
import { type Access, type RegistryState, SLOWNESS, TIMEOUT_MS, unreachable } from '../machinery/registries.ts'
import { later } from '../sim/later.ts'
import { fnv1a } from '../sim/random.ts'
import type { Image } from './image.ts'
import { layersOf } from './image-layers.ts'
import type { ImageName } from './image-name.ts'
import { shortName } from './image-name.ts'
import { imageFor } from './images/known.ts'

export interface PullPlan {
  ms: number
  sizeBytes: number
  /** The error's whole text as the kubelet sees it; empty when the pull succeeds. */
  error: string
}

const MB = 1_000_000
const OVERHEAD_MS = 300
const MS_PER_MB = 10
/** Names that stand for nothing: tags everywhere, repositories on Docker Hub. */
const ABSENT = new Set(['nope', 'missing', 'does-not-exist'])
/** Repositories of which their own names say that they are not there: `non-existing-repo/non-existing-image`. */
const SAYS_SO = /(^|\/)(non-?exist(ing|ent)|does-?not-?exist|no-such)\b/
const SLOW_MS = 20_000

/** Which repositories of Docker Hub are misspelt (`images/slips.ts`). */
export const moreSlips = later<(repository: string) => boolean>('slips')
let isSlip = (_repository: string): boolean => false
moreSlips.when((known) => {
  isSlip = known
})

/** `has`: layers that need not come again; `build`: of the image (layersOf). */
export function pullPlan(
  name: ImageName,
  state: RegistryState = 'well',
  access: Access = 'all',
  has: ReadonlySet<string> = new Set(),
  build = 0,
): PullPlan {
  if (state === 'down') return { ms: TIMEOUT_MS, sizeBytes: 0, error: unreachable(name) }
  const plan = usualPlan(name, access, has, build)
  return state === 'slow' ? { ...plan, ms: plan.ms * SLOWNESS } : plan
}

function usualPlan(name: ImageName, access: Access, has: ReadonlySet<string>, build: number): PullPlan {
  const image = imageFor(name)
  const error = pullError(name, image, access)
  if (error) return { ms: OVERHEAD_MS, sizeBytes: 0, error }
  const missing = layersOf(name, image, build).reduce((sum, { id, mb }) => (has.has(id) ? sum : sum + mb), 0)
  const ms = name.tag.startsWith('slow') ? SLOW_MS : OVERHEAD_MS + Math.round(missing * MS_PER_MB)
  return { ms, sizeBytes: Math.round(image.sizeMb * MB) + 12_345, error: '' }
}

function pullError({ registry, repository, tag, full }: ImageName, { tags }: Image, access: Access): string {
  const resolve = (why: string): string =>
    `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${why}`
  const last = repository.slice(repository.lastIndexOf('/') + 1)
  const [host, port] = registry.split(':')
  const head = (scheme: string): string =>
    `failed to do request: Head "${scheme}://${registry}/v2/${repository}/manifests/${tag}"`
  if (registry.startsWith('invalid.')) return resolve(`${head('https')}: dial tcp: lookup ${host}: no such host`)
  // On the machines themselves there is no registry; containerd speaks plain HTTP to it.
  if (host === 'localhost' || host === '127.0.0.1') {
    return resolve(`${head('http')}: dial tcp 127.0.0.1:${port ?? 80}: connect: connection refused`)
  }
  if (access === 'refused') {
    const scope = `scope=repository%3A${encodeURIComponent(repository)}%3Apull&service=${encodeURIComponent(registry)}`
    return resolve(
      `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://${registry}/token?${scope}: 401 Unauthorized`,
    )
  }
  if (access === 'none' || (registry === 'docker.io' && (ABSENT.has(last) || SAYS_SO.test(repository) || isSlip(repository)))) {
    return resolve(
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    )
  }
  // Only this code is printed by the kubelet: containerd's other errors arrive as Unknown, whose prefix grpc leaves out.
  const isMissing = ABSENT.has(tag) || isUnreleased(tag) || (registry === 'docker.io' && isMistyped(repository, tag))
  if (isMissing || tags?.test(tag) === false) return `rpc error: code = NotFound desc = ${resolve(`${full}: not found`)}`
  return ''
}

/** Tags that stand for "a version that cannot be": `nginx:broken`, `webserver:404` of Kubernetes' own tests. */
const isUnreleased = (tag: string): boolean =>
  /^(404|broken|bad|wrong|invalid|nonexistent|non-existent|doesnotexist|notexist|not-exist)$/.test(tag)

/** `nginx:1.161` for 1.16.1, as on kubernetes.io: no official image has got as far as a hundred with a part of its version. */
const isMistyped = (repository: string, tag: string): boolean =>
  repository.startsWith('library/') && /^\d+(\.\d+)+$/.test(tag) && tag.split('.').some((part) => Number(part) >= 100)

const HEX64 = new Ascii(64)

/** 64 hex digits that belong to a text: digests of images, which only have to be stable and distinct. */
export function hex64(text: string): string {
  for (let i = 0; i < 8; i++) HEX64.hex(fnv1a(`${i}/${text}/${i}`), 8)
  return HEX64.take()
}

/** By full name: a thousand containers of one image share the text. */
const digests = new Map<string, string>()
const MOST = 1000

/** `docker.io/library/nginx@sha256:…`; each build has its own. */
export function digestOf(name: ImageName, build = 0): string {
  if (name.digest) return name.full
  if (build > 0) return `${name.registry}/${name.repository}@sha256:${hex64(`manifest ${name.full} build ${build}`)}`
  let digest = digests.get(name.full)
  if (digest) return digest
  if (digests.size >= MOST) digests.clear()
  digest = flat(`${name.registry}/${name.repository}@sha256:${hex64(`manifest ${name.full}`)}`)
  digests.set(name.full, digest)
  return digest
}

export { shortName }
