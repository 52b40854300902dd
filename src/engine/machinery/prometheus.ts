/** Prometheus' text format: families of samples with their labels, in the order in which its gatherer writes them. */
import { goFloat, goQuote } from '#api/field-error.ts'

export interface Sample {
  labels?: Record<string, string>
  value: number
  /** Milliseconds; absent for what is measured when it is asked for. */
  at?: number
  /** After the family's name: `_bucket`, `_sum`, `_count`. */
  suffix?: string
}

export interface Family {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  samples: readonly Sample[]
}

/** Families by name; those without a sample are left out. */
export function exposition(families: readonly Family[]): string {
  const told = families.filter(({ samples }) => samples.length > 0)
  return told
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((each) => line(name, each)).join('')}`,
    )
    .join('')
}

function line(name: string, { labels = {}, value, at, suffix = '' }: Sample): string {
  const said = Object.entries(labels).map(([key, text]) => `${key}=${goQuote(text)}`)
  const set = said.length > 0 ? `{${said.join(',')}}` : ''
  return `${name}${suffix}${set} ${number(value)}${at === undefined ? '' : ` ${Math.floor(at)}`}\n`
}

const number = (value: number): string =>
  value === Number.POSITIVE_INFINITY
    ? '+Inf'
    : Math.abs(value) >= 1e6 || !Number.isInteger(value)
      ? goFloat(value)
      : String(value)
