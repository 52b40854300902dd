/** perl, of the Job example: computes digits of pi, which takes a while. */
import { image } from '../image.ts'

/** Time for a thousand digits. */
const MS_PER_1000 = 2500

/** Pi with so many digits in all, as `bpi` prints it (Machin's formula in whole numbers). */
export function pi(digits: number): string {
  const guard = 10n
  const one = 10n ** (BigInt(digits) + guard)
  const arctan = (x: bigint): bigint => {
    let term = one / x
    let sum = term
    for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
      term /= x * x
      sum += (sign * term) / n
    }
    return sum
  }
  const scaled = 4n * (4n * arctan(5n) - arctan(239n))
  const text = String((scaled / 10n ** guard + 5n) / 10n)
  return `${text[0]}.${text.slice(1, digits)}`
}

const wanted = (argv: readonly string[]): number => Math.min(5000, Number(/bpi\((\d+)\)/.exec(argv.join(' '))?.[1] ?? 0))

export const perl = image<null>({
  name: 'perl',
  sizeMb: 360,
  system: 'debian',
  command: ['perl', '-de0'],
  words: ['perl'],
  start(host) {
    const digits = wanted(host.argv)
    if (digits > 0) host.wake((digits / 1000) * MS_PER_1000)
    else {
      const said = /print\s+["']([^"']*)["']/.exec(host.argv.join(' '))?.[1]
      if (said !== undefined)
        host.out(`${said.replaceAll('\\n', '\n')}${host.argv.some((word) => /^-\w*l/.test(word)) ? '\n' : ''}`)
      host.exit(0)
    }
    return null
  },
  wake(state, host) {
    host.out(`${pi(wanted(host.argv))}\n`)
    host.exit(0)
    return state
  },
  memoryMi: () => 10,
})
