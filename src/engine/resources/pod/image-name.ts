/** Image names: the tag that decides the pull policy (pkg/util/parsers ParseImageName). */

const NAME =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::([\w][\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$/

/** Of the repository with the registry that is meant when none is given. */
const LONGEST = 255

function fullLength(image: string): number {
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '')
  const [first = '', ...rest] = name.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  return name.length + (hasRegistry ? 0 : rest.length > 0 ? 'docker.io/'.length : 'docker.io/library/'.length)
}

/** `latest` when neither tag nor digest is given; empty for a digest without a tag, and for what is no image name. */
export function tagOf(image: string): string {
  const m = NAME.exec(image)
  if (!m || fullLength(image) > LONGEST) return ''
  return m[1] ?? (m[2] ? '' : 'latest')
}

/** Always for `:latest`, IfNotPresent otherwise. */
export const pullPolicyOf = (image: string): string => (tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent')
