/** Image names: the tag that decides the pull policy (pkg/util/parsers ParseImageName). */

const NAME =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::([\w][\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$/

/** `latest` when neither tag nor digest is given; empty for a digest without a tag, and for what is no image name. */
export function tagOf(image: string): string {
  const m = NAME.exec(image)
  if (!m) return ''
  return m[1] ?? (m[2] ? '' : 'latest')
}

/** Always for `:latest`, IfNotPresent otherwise. */
export const pullPolicyOf = (image: string): string => (tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent')
