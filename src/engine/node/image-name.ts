/** Image names as container runtimes read them: `nginx` is `docker.io/library/nginx:latest` (distribution/reference). */

export interface ImageName {
  registry: string
  /** Without registry: `library/nginx`. */
  repository: string
  /** `1.27`, or `latest` when neither tag nor digest is given. */
  tag: string
  /** `sha256:…`, or empty. */
  digest: string
  /** `docker.io/library/nginx:1.27`, or `…@sha256:…`. */
  full: string
}

const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?$/

const known = new Map<string, ImageName | string>()

/** The parsed name, or what is wrong with it in the words of distribution/reference. */
export function parseImageName(text: string): ImageName | string {
  let name = known.get(text)
  if (name === undefined) {
    name = parse(text)
    if (known.size > 2000) known.clear()
    known.set(text, name)
  }
  return name
}

function parse(text: string): ImageName | string {
  const at = text.indexOf('@')
  const digest = at >= 0 ? text.slice(at + 1) : ''
  const named = at >= 0 ? text.slice(0, at) : text
  const slash = named.indexOf('/')
  const first = slash >= 0 ? named.slice(0, slash) : ''
  const hasRegistry = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  let registry = hasRegistry ? first : 'docker.io'
  if (registry === 'index.docker.io') registry = 'docker.io'
  let rest = hasRegistry ? named.slice(slash + 1) : named
  if (registry === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`
  const colon = rest.indexOf(':')
  const repository = colon >= 0 ? rest.slice(0, colon) : rest
  const tag = colon >= 0 ? rest.slice(colon + 1) : ''
  if (repository.toLowerCase() !== repository) {
    return `invalid reference format: repository name (${repository}) must be lowercase`
  }
  const sound =
    HOST.test(registry) &&
    repository.split('/').every((part) => COMPONENT.test(part)) &&
    (colon < 0 || TAG.test(tag)) &&
    (at < 0 || DIGEST.test(digest))
  if (!sound) return 'invalid reference format'
  const shown = tag || (digest ? '' : 'latest')
  const full = `${registry}/${repository}${digest ? `@${digest}` : `:${shown}`}`
  return { registry, repository, tag: shown, digest, full }
}

/** The last part of the repository: what an image is called in daily life. */
export const shortName = (name: ImageName): string => name.repository.slice(name.repository.lastIndexOf('/') + 1)
