/** Arguments as pflag reads them. */
import { expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'
import type { Flag } from './catalogue/index.ts'

const flag = (name: string, type: string, short = '', alone = type === 'bool' ? 'true' : ''): [string, Flag] => [
  name,
  { name, type, short, alone, default: '', hidden: false, required: false, persistent: false, deprecated: '', index: 0 },
]
const declared = new Map([
  flag('output', 'string', 'o'),
  flag('watch', 'bool', 'w'),
  flag('keys', 'stringSlice'),
  flag('env', 'stringArray', 'e'),
  flag('replicas', 'int', 'r'),
  flag('dry-run', 'string', '', 'unchanged'),
  flag('timeout', 'duration'),
])
const parse = (line: string) => parseArguments(line.split(' ').filter(Boolean), declared)

it('finds flags anywhere', () => {
  const { args, flags } = parse('pods -w web -o yaml')
  expect([args, flags.is('watch'), flags.text('output')]).toEqual([['pods', 'web'], true, 'yaml'])
})
it('reads values that are attached', () => expect(parse('-oyaml').flags.text('output')).toBe('yaml'))
it('reads letters that stand together', () => expect(parse('-wo=json').flags.text('output')).toBe('json'))
it('leaves alone what stands behind two dashes', () => expect(parse('a -- -w b').rest).toEqual(['-w', 'b']))
it('splits lists at commas, but not arrays', () => {
  const { flags } = parse('--keys=a,b --keys c -e x=1,2')
  expect([flags.all('keys'), flags.all('env')]).toEqual([['a', 'b', 'c'], ['x=1,2']])
})
it('takes no separate value for an optional flag', () => {
  const { args, flags } = parse('--dry-run server')
  expect([args, flags.text('dry-run')]).toEqual([['server'], 'unchanged'])
})
it('reads durations', () => expect(parse('--timeout=1m30s').flags.ms('timeout')).toBe(90_000))
it('refuses unknown flags', () => expect(() => parse('--nope')).toThrow('unknown flag: --nope'))
it('refuses unknown letters', () => expect(() => parse('-wz')).toThrow("unknown shorthand flag: 'z' in -z"))
it('refuses words for numbers', () => {
  expect(() => parse('--replicas=x')).toThrow(
    'invalid argument "x" for "-r, --replicas" flag: strconv.ParseInt: parsing "x": invalid syntax',
  )
})
it('refuses a flag without its value', () => expect(() => parse('-o')).toThrow("flag needs an argument: 'o' in -o"))
