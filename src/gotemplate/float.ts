/** Floating-point numbers as Go's strconv writes them: `e`, `f`, `g`, with a precision or the shortest. */

/** A number that is not negative; `precision` null means as many digits as it takes. */
export function floatText(value: number, format: string, precision: number | null): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return 'Inf'
  switch (format) {
    case 'e':
    case 'E':
      return exponential(value, precision, format)
    case 'f':
    case 'F':
      return precision === null ? plain(value) : fixed(value, precision)
    case 'g':
    case 'G':
      return general(value, precision, format === 'g' ? 'e' : 'E')
    default:
      return hexadecimal(value, format)
  }
}

/** `1e+06`: at least two digits of exponent. */
function exponential(value: number, precision: number | null, letter: string): string {
  const [digits = '', power = '+0'] = (
    precision === null ? value.toExponential() : value.toExponential(Math.min(precision, 100))
  ).split('e')
  const sign = power.startsWith('-') ? '-' : '+'
  return `${digits}${letter}${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`
}

function fixed(value: number, precision: number): string {
  return value < 1e21
    ? value.toFixed(Math.min(precision, 100))
    : BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
}

/** The shortest digits without an exponent. */
function plain(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  const [digits = '', power = '0'] = text.split('e')
  const [whole = '', part = ''] = digits.split('.')
  const at = whole.length + Number(power)
  const all = whole + part
  if (at <= 0) return `0.${'0'.repeat(-at)}${all}`
  return all.length <= at ? all.padEnd(at, '0') : `${all.slice(0, at)}.${all.slice(at)}`
}

function general(value: number, precision: number | null, letter: string): string {
  if (value === 0) return '0'
  const wanted = precision === 0 ? 1 : precision
  const [mantissa = '', power = '0'] = (
    wanted === null ? value.toExponential() : value.toExponential(Math.min(wanted, 100) - 1)
  ).split('e')
  const digits = mantissa.replace('.', '').replace(/0+$/, '')
  const exponent = Number(power)
  let limit = wanted ?? 6
  if (wanted !== null && limit > digits.length && digits.length >= exponent + 1) limit = digits.length
  if (exponent < -4 || exponent >= limit) {
    const shown = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
    return exponential(Number(`${shown}e${exponent}`), Math.max(0, digits.length - 1), letter)
  }
  return plain(Number(`${mantissa}e${power}`))
}

/** `%x` and `%b` of floats are hardly ever meant; they are written as Go does. */
function hexadecimal(value: number, format: string): string {
  if (value === 0) return format === 'b' ? '0p-1074' : '0x0p+00'
  let exponent = Math.floor(Math.log2(value))
  let mantissa = value / 2 ** exponent
  if (mantissa >= 2) [mantissa, exponent] = [mantissa / 2, exponent + 1]
  if (format === 'b') return `${BigInt(mantissa * 2 ** 52)}p${exponent - 52 >= 0 ? '+' : ''}${exponent - 52}`
  const digits = BigInt(Math.round((mantissa - 1) * 2 ** 52))
    .toString(16)
    .padStart(13, '0')
    .replace(/0+$/, '')
  const text = `0x1${digits ? `.${digits}` : ''}p${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return format === 'X' ? text.toUpperCase() : text
}
