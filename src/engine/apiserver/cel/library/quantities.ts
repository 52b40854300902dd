/** Quantities and semantic versions. */
import { parseQuantity } from '#api/quantity.ts'
import { type Library, overload } from '../declare.ts'
import { fail, MAX_INT, MIN_INT } from '../operate.ts'
import { Custom } from '../value.ts'

const UNIT = 1_000_000_000n
const TYPE = 'kubernetes.Quantity'

class Quantity extends Custom {
  readonly typeName = TYPE
  readonly nano: bigint
  constructor(nano: bigint) {
    super()
    this.nano = nano
  }
  equals(other: unknown): boolean {
    return other instanceof Quantity && other.nano === this.nano
  }
}

const WRONG = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const WRONG_SUFFIX = "unable to parse quantity's suffix"

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text)
  if (parsed) return new Quantity(parsed.nano)
  return fail(/^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/.test(text) && /\d/.test(text) ? WRONG_SUFFIX : WRONG)
}

const isWhole = ({ nano }: Quantity): boolean => nano % UNIT === 0n && nano / UNIT <= MAX_INT && nano / UNIT >= MIN_INT
const plus = ({ nano }: Quantity, more: bigint): Quantity => new Quantity(nano + more)
const order = (a: bigint, b: bigint): bigint => (a < b ? -1n : a > b ? 1n : 0n)
const asInteger = (one: Quantity): bigint => (isWhole(one) ? one.nano / UNIT : fail('cannot convert value to integer'))

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/

class Semver extends Custom {
  readonly typeName = 'kubernetes.Semver'
  readonly numbers: readonly bigint[]
  readonly pre: readonly string[]
  constructor(numbers: readonly bigint[], pre: readonly string[]) {
    super()
    this.numbers = numbers
    this.pre = pre
  }
  equals(other: unknown): boolean {
    return other instanceof Semver && compareSemver(this, other) === 0n
  }
}

function comparePre(a: string, b: string): bigint {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (x && y) return order(BigInt(a), BigInt(b))
  if (x !== y) return x ? -1n : 1n
  return a < b ? -1n : a > b ? 1n : 0n
}

function compareSemver(a: Semver, b: Semver): bigint {
  for (let i = 0; i < 3; i++) {
    const found = order(a.numbers[i] as bigint, b.numbers[i] as bigint)
    if (found !== 0n) return found
  }
  if (a.pre.length === 0 || b.pre.length === 0)
    return order(BigInt(b.pre.length), BigInt(a.pre.length)) && (a.pre.length === 0 ? 1n : -1n)
  for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i++) {
    const found = comparePre(a.pre[i] as string, b.pre[i] as string)
    if (found !== 0n) return found
  }
  return order(BigInt(a.pre.length), BigInt(b.pre.length))
}

/** `v1.02` as `1.2.0`; null when a short version carries more than numbers. */
function normalized(text: string): string | null {
  const [first = '', second, ...rest] = text.replace(/^v/, '').split('.')
  const parts = second === undefined ? [first] : rest.length > 0 ? [first, second, rest.join('.')] : [first, second]
  const trimmed = parts.map((part) => {
    const bare = part.length > 1 ? part.replace(/^0+/, '') : part
    return part.length > 1 && !/^\d/.test(bare) ? `0${bare}` : bare
  })
  if (trimmed.length < 3 && /[+-]/.test(trimmed.at(-1) as string)) return null
  while (trimmed.length < 3) trimmed.push('0')
  return trimmed.join('.')
}

function semverError(text: string): string {
  if (text === '') return 'Version string empty'
  const parts = text.split('.')
  if (parts.length < 3) return 'No Major.Minor.Patch elements found'
  for (const [i, name] of ['Major', 'Minor', 'Patch'].entries()) {
    const part = i === 2 ? (parts.slice(2).join('.').split(/[-+]/)[0] as string) : (parts[i] as string)
    if (/[^0-9]/.test(part)) return `Invalid character(s) found in ${name.toLowerCase()} number "${part}"`
    if (part.length > 1 && part.startsWith('0')) return `${name} number must not contain leading zeroes "${part}"`
  }
  return `Invalid version "${text}"`
}

function readSemver(text: string, normalize: boolean): Semver | string {
  const whole = normalize ? normalized(text) : text
  if (whole === null) return 'short version cannot contain PreRelease/Build meta data'
  const found = SEMVER.exec(whole)
  if (!found) return semverError(whole)
  return new Semver(found.slice(1, 4).map(BigInt), found[4] ? found[4].split('.') : [])
}

function semver(text: string, normalize: boolean): Semver {
  const read = readSemver(text, normalize)
  return typeof read === 'string' ? fail(read) : read
}

const isSemver = (text: string, normalize: boolean): boolean => typeof readSemver(text, normalize) !== 'string'
const V = 'kubernetes.Semver'

export const quantities: Library = {
  overloads: [
    overload('quantity', 'string_to_quantity', `(string): ${TYPE}`, ([text]) => quantity(text)),
    overload('isQuantity', 'is_quantity_string', '(string): bool', ([text]) => parseQuantity(text) !== null),
    overload('sign', 'quantity_sign', `(${TYPE}): int`, ([a]) => order(a.nano, 0n)),
    overload('isGreaterThan', 'quantity_is_greater_than', `${TYPE}.(${TYPE}): bool`, ([a, b]) => a.nano > b.nano),
    overload('isLessThan', 'quantity_is_less_than', `${TYPE}.(${TYPE}): bool`, ([a, b]) => a.nano < b.nano),
    overload('compareTo', 'quantity_compare_to', `${TYPE}.(${TYPE}): int`, ([a, b]) => order(a.nano, b.nano)),
    overload('asApproximateFloat', 'quantity_get_float', `${TYPE}.(): double`, ([a]) => Number(a.nano) / 1e9),
    overload('asInteger', 'quantity_get_int', `${TYPE}.(): int`, ([a]) => asInteger(a)),
    overload('isInteger', 'quantity_is_integer', `${TYPE}.(): bool`, ([a]) => isWhole(a)),
    overload('add', 'quantity_add', `${TYPE}.(${TYPE}): ${TYPE}`, ([a, b]) => plus(a, b.nano)),
    overload('add', 'quantity_add_int', `${TYPE}.(int): ${TYPE}`, ([a, b]) => plus(a, (b as bigint) * UNIT)),
    overload('sub', 'quantity_sub', `${TYPE}.(${TYPE}): ${TYPE}`, ([a, b]) => plus(a, -(b.nano as bigint))),
    overload('sub', 'quantity_sub_int', `${TYPE}.(int): ${TYPE}`, ([a, b]) => plus(a, -(b as bigint) * UNIT)),
    overload('semver', 'string_to_semver', `(string): ${V}`, ([text]) => semver(text, false)),
    overload('semver', 'string_bool_to_semver', `(string, bool): ${V}`, ([text, normalize]) => semver(text, normalize)),
    overload('isSemver', 'is_semver_string', '(string): bool', ([text]) => isSemver(text, false)),
    overload('isSemver', 'is_semver_string_bool', '(string, bool): bool', ([text, normalize]) => isSemver(text, normalize)),
    overload('isGreaterThan', 'semver_is_greater_than', `${V}.(${V}): bool`, ([a, b]) => compareSemver(a, b) > 0n),
    overload('isLessThan', 'semver_is_less_than', `${V}.(${V}): bool`, ([a, b]) => compareSemver(a, b) < 0n),
    overload('compareTo', 'semver_compare_to', `${V}.(${V}): int`, ([a, b]) => compareSemver(a, b)),
    ...['major', 'minor', 'patch'].map((fn, i) => overload(fn, `semver_${fn}`, `${V}.(): int`, ([a]) => a.numbers[i])),
  ],
}
