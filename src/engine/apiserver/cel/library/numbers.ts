/** Numbers as Go's strconv and golang.org/x/text write them. */

/** The shortest digits, with an exponent below 1e-4 and from a million on (strconv's `g`). */
export function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const size = Math.abs(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (size >= 1e-4 && size < 1e6) return String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/** With so many digits behind the point, rounded from all digits that the double has; a half goes to the even one. */
export function exactly(value: number, precision: number): string {
  let size = Math.abs(value)
  let halvings = 0n
  for (; !Number.isInteger(size); halvings++) size *= 2
  const scaled = BigInt(size) * 10n ** BigInt(precision)
  const unit = 1n << halvings
  const [down, twice] = [scaled / unit, (scaled % unit) * 2n]
  const up = twice > unit || (twice === unit && down % 2n === 1n)
  const digits = String(down + (up ? 1n : 0n)).padStart(precision + 1, '0')
  const point = digits.length - precision
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return `${sign}${digits.slice(0, point)}${precision > 0 ? `.${digits.slice(point)}` : ''}`
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `1.500000×10⁰⁰`. */
export function inScience(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(6).split('e')
  const power = [...exponent.slice(1).padStart(2, '0')].map((digit) => RAISED[Number(digit)]).join('')
  return `${digits}×10${exponent.startsWith('-') ? '⁻' : ''}${power}`
}
