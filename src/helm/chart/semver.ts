/** Versions and ranges of versions, by the rules of Masterminds/semver that helm and sprig use. */

export interface Version {
  major: number
  minor: number
  patch: number
  prerelease: string
  metadata: string
  original: string
}

const VERSION =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** A version, missing parts as zeros; null when it is none. */
export function parseVersion(text: string): Version | null {
  const found = VERSION.exec(text)
  if (!found) return null
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = found
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease, metadata, original: text }
}

export const versionText = ({ major, minor, patch, prerelease, metadata }: Version): string =>
  `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`

export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrerelease(a.prerelease, b.prerelease)
}

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const [left, right] = [a.split('.'), b.split('.')]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]]
    if (x === y) continue
    if (x === undefined) return -1
    if (y === undefined) return 1
    const [numberX, numberY] = [/^\d+$/.test(x), /^\d+$/.test(y)]
    if (numberX && numberY) return Number(x) - Number(y)
    if (numberX !== numberY) return numberX ? -1 : 1
    return x < y ? -1 : 1
  }
  return 0
}

interface Part {
  operator: string
  version: Version
  minorOpen: boolean
  patchOpen: boolean
  open: boolean
}

const PART =
  /^(=<|=>|!=|~>|>=|<=|[=><~^])?\s*v?([0-9]+|x|X|\*)(?:\.([0-9]+|x|X|\*))?(?:\.([0-9]+|x|X|\*))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/

function partOf(text: string): Part {
  const found = PART.exec(text)
  if (!found) throw new Error(`improper constraint: ${text}`)
  const [, operator = '', major = '', minor, patch, prerelease = ''] = found
  const open = (one: string | undefined): boolean => one === undefined || /^[xX*]$/.test(one)
  const number = (one: string | undefined): number => (open(one) ? 0 : Number(one))
  const wide = open(major)
  return {
    operator,
    open: wide,
    minorOpen: wide || open(minor),
    patchOpen: wide || open(minor) || open(patch),
    version: { major: number(major), minor: number(minor), patch: number(patch), prerelease, metadata: '', original: text },
  }
}

/** `>=1.2 <2 || ~3.1`; throws `improper constraint: …`. */
export function parseRange(text: string): (version: Version) => boolean {
  const ranged = text.replace(/\s*(\S+)\s+-\s+(\S+)\s*/g, ' >=$1 <=$2 ')
  const groups = ranged.split('||').map((group) => {
    const words = group.trim().match(/(?:=<|=>|!=|~>|>=|<=|[=><~^])?\s*[^\s,]+/g)
    if (!words) throw new Error(`improper constraint: ${text}`)
    try {
      return words.map((word) => partOf(word.trim()))
    } catch {
      throw new Error(`improper constraint: ${text}`)
    }
  })
  return (version) => groups.some((parts) => parts.every((part) => holds(part, version)))
}

function holds(part: Part, version: Version): boolean {
  // A version before its release suits only those who ask for such.
  if (version.prerelease && !part.version.prerelease && part.operator !== '!=') return false
  const order = compareVersions(version, part.version)
  const sameMinor = version.major === part.version.major && version.minor === part.version.minor
  switch (part.operator) {
    case '!=':
      if (!part.patchOpen) return order !== 0
      if (part.open) return false
      return part.minorOpen ? version.major !== part.version.major : !sameMinor
    case '>':
      if (!part.patchOpen) return order > 0
      if (part.minorOpen) return version.major > part.version.major
      return version.major > part.version.major || (version.major === part.version.major && version.minor > part.version.minor)
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      if (!part.patchOpen) return order <= 0
      if (version.major > part.version.major) return false
      return part.minorOpen || version.major < part.version.major || version.minor <= part.version.minor
    case '~':
    case '~>':
      if (order < 0) return false
      if (part.open) return true
      return version.major === part.version.major && (part.minorOpen || version.minor === part.version.minor)
    case '^':
      return caret(part, version, order)
    default:
      if (!part.patchOpen) return order === 0
      if (part.open) return true
      return version.major === part.version.major && (part.minorOpen || version.minor === part.version.minor)
  }
}

function caret({ version: from, minorOpen, patchOpen, open }: Part, version: Version, order: number): boolean {
  if (open) return true
  if (order < 0) return false
  if (from.major > 0 || minorOpen) return version.major === from.major
  if (version.major !== 0) return false
  if (from.minor > 0 || patchOpen) return version.minor === from.minor
  return version.minor === 0 && version.patch === from.patch
}

/** Whether a version is in a range; false when either is nothing of the kind (chartutil.IsCompatibleRange). */
export function isInRange(range: string, version: string): boolean {
  const parsed = parseVersion(version)
  try {
    return parsed !== null && parseRange(range)(parsed)
  } catch {
    return false
  }
}
