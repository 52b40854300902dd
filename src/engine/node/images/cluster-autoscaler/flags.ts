/** cluster-autoscaler's command line, read and refused in the words of pflag and klog. */
import { readDuration } from '#api/go-duration.ts'
import { CLOUD, FLAGS, type FlagDeclaration } from './flag-table.ts'

export interface NodeGroupSpec {
  name: string
  min: number
  max: number
}

/** What the process runs with. */
export interface Flags {
  groups: NodeGroupSpec[]
  text(name: string): string
  yes(name: string): boolean
  number(name: string): number
  /** Milliseconds. */
  ms(name: string): number
}

/** Why the program ends at once: what it prints, and its exit code. */
export interface Refusal {
  code: number
  /** To standard error as it is (pflag), or as a line of klog's at its place in the source. */
  text: string
  at?: string
}

const BOOLEANS: Record<string, string> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, 'true'])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, 'false'])),
}
const SEVERITIES = /^(?:INFO|WARNING|ERROR|FATAL|\d+)$/i

/** The value as it is kept, or what is wrong with it (package flag's words). */
function read({ type }: FlagDeclaration, value: string): { value: string } | { wrong: string } {
  const parsed = (good: boolean) => (good ? { value } : { wrong: 'parse error' })
  switch (type) {
    case 'bool':
      return Object.hasOwn(BOOLEANS, value) ? { value: BOOLEANS[value] as string } : { wrong: 'parse error' }
    case 'int':
      return parsed(/^[-+]?\d+$/.test(value))
    case 'Level':
      return /^[-+]?\d+$/.test(value)
        ? { value }
        : { wrong: `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax` }
    case 'float64':
      return parsed(value.trim() === value && value !== '' && !Number.isNaN(Number(value)))
    case 'duration':
      return parsed(readDuration(value) !== null)
    case 'severity':
      return SEVERITIES.test(value) ? { value } : { wrong: `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax` }
    default:
      return { value }
  }
}

/** What it prints of its flags when one is wrong. */
function usage(program: string): string {
  const lines = Object.entries(FLAGS).map(([name, { type, default: value, usage: text }]) => {
    const varname = type === 'bool' ? '' : ` ${type === 'float64' ? 'float' : type}`
    const isZero = ['', '0', 'false'].includes(value)
    const shown = isZero ? '' : ` (default ${type === 'string' ? JSON.stringify(value) : value})`
    const head = name.length === 1 ? `  -${name}, --${name}${varname}` : `      --${name}${varname}`
    return { head, text: `${text}${shown}` }
  })
  const width = Math.max(...lines.map(({ head }) => head.length)) + 1
  return `Usage of ${program}:\n${lines.map(({ head, text }) => `${head} ${' '.repeat(width - head.length)} ${text}\n`).join('')}`
}

const normal = (name: string): string => name.replaceAll('_', '-')
const usageError = (program: string, message: string): Refusal => ({ code: 2, text: `${usage(program)}${message}` })

type Values = Map<string, string[]>

function parse(argv: readonly string[]): Values | Refusal {
  const [program = '', ...rest] = argv
  const values: Values = new Map()
  while (rest.length > 0) {
    const word = rest.shift() as string
    if (word === '--') break
    if (!word.startsWith('-') || word === '-') continue
    const short = !word.startsWith('--')
    const [given = '', ...after] = word.slice(short ? 1 : 2).split('=')
    if (given === '' || (!short && given.startsWith('-'))) return usageError(program, `bad flag syntax: ${word}`)
    const name = short ? given.slice(0, 1) : normal(given)
    if (name === 'help' || (short && name === 'h')) return { code: 0, text: usage(program).trimEnd() }
    const known = !short || name === 'v' ? FLAGS[name] : undefined
    if (!known) {
      return usageError(program, short ? `unknown shorthand flag: '${name}' in -${given}` : `unknown flag: --${given}`)
    }
    let value: string | undefined
    if (after.length > 0) value = after.join('=')
    else if (short && given.length > 1) value = given.slice(1)
    else value = known.type === 'bool' ? 'true' : rest.shift()
    if (value === undefined) {
      return usageError(program, short ? `flag needs an argument: '${name}' in -${given}` : `flag needs an argument: --${given}`)
    }
    const result = read(known, value)
    if ('wrong' in result) {
      const shown = name === 'v' ? '-v, --v' : `--${name}`
      return usageError(program, `invalid argument ${JSON.stringify(value)} for ${JSON.stringify(shown)} flag: ${result.wrong}`)
    }
    values.set(name, known.type === 'MultiStringFlag' ? [...(values.get(name) ?? []), result.value] : [result.value])
  }
  return values
}

/** `1:10:workers` (config/dynamic SpecFromString), or what is wrong with it. */
function nodeGroup(value: string): NodeGroupSpec | string {
  const [low, high, ...name] = value.split(':')
  if (name.length === 0) return `wrong nodes configuration: ${value}`
  if (!/^[-+]?\d+$/.test(low ?? '')) return `failed to set min size: ${low}, expected integer`
  if (!/^[-+]?\d+$/.test(high ?? '')) return `failed to set max size: ${high}, expected integer`
  const spec = { name: name.join(':'), min: Number(low), max: Number(high) }
  if (spec.min < 0) return 'invalid node group spec: min size must be >= 0'
  if (spec.max < spec.min) return 'invalid node group spec: max size must be greater or equal to min size'
  if (spec.name === '') return 'invalid node group spec: name must not be blank'
  return spec
}

export const EXPANDERS = ['random', 'most-pods', 'least-waste', 'least-nodes']

const fatal = (at: string, text: string): Refusal => ({ code: 255, text, at })

/** The process' options, or why it ends. */
export function readFlags(argv: readonly string[]): { flags: Flags } | { refused: Refusal } {
  const values = parse(argv)
  if (!(values instanceof Map)) return { refused: values }
  const text = (name: string): string => values.get(name)?.[0] ?? (FLAGS[name] as FlagDeclaration).default
  if (text('cloud-provider') !== CLOUD) {
    return { refused: fatal('cloud_provider_builder.go:50', `Unknown cloud provider: ${text('cloud-provider')}`) }
  }
  const groups: NodeGroupSpec[] = []
  for (const value of values.get('nodes') ?? []) {
    const spec = nodeGroup(value)
    if (typeof spec === 'string') {
      const message = `Failed to create ${CLOUD} cloud provider: failed to parse node group spec: ${spec}`
      return { refused: fatal('cloud_provider_builder.go:48', message) }
    }
    groups.push(spec)
  }
  if (text('estimator') !== 'binpacking') {
    return { refused: fatal('main.go:195', `Failed to create autoscaler: unknown estimator: ${text('estimator')}`) }
  }
  const strange = text('expander')
    .split(',')
    .find((name) => !EXPANDERS.includes(name))
  if (strange !== undefined) {
    return { refused: fatal('main.go:195', `Failed to create autoscaler: Expander ${strange} not supported`) }
  }
  const flags: Flags = {
    groups,
    text,
    yes: (name) => text(name) === 'true',
    number: (name) => Number(text(name)),
    ms: (name) => readDuration(text(name)) ?? 0,
  }
  return { flags }
}
