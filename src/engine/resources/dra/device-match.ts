/** Asks an expression about a device: what the scheduler chooses devices by (dynamic-resource-allocation/cel DeviceMatches). */
import { compile, type Program, types } from '../../apiserver/cel/index.ts'
import { compileSelector } from './device-cel.ts'

interface Device {
  attributes?: Record<string, { string?: string; int?: number; bool?: boolean; version?: string }>
  capacity?: Record<string, { value: string }>
  allowMultipleAllocations?: boolean
}

/** Programs remembered; beyond, all are compiled anew. */
const KNOWN = 500
const programs = new Map<string, Program | string>()

function programOf(expression: string): Program | string {
  let known = programs.get(expression)
  if (known === undefined) {
    const compiled = compileSelector(expression)
    known = compiled.ok ? compiled.program : compiled.error
    if (programs.size >= KNOWN) programs.clear()
    programs.set(expression, known)
  }
  return known
}

/** What a text is as a quantity or a version: values that only the language itself can make. */
function madeBy(call: string, text: string): unknown {
  const compiled = compile(`${call}(text)`, { variables: { text: types.STRING } })
  const made = compiled.ok ? compiled.program.run({ text }) : null
  return made?.ok ? made.value : null
}

type Domains = Record<string, Record<string, unknown>>

/** By domain, the driver's where a name has none. A domain that nobody knows is empty, not an error. */
function byDomain<T>(entries: Record<string, T> = {}, driver: string, readingOf: (entry: T) => unknown): Domains {
  const domains: Domains = {}
  for (const [name, entry] of Object.entries(entries)) {
    const cut = name.indexOf('/')
    const domain = cut < 0 ? driver : name.slice(0, cut)
    const known = domains[domain] ?? {}
    domains[domain] = known
    known[name.slice(cut + 1)] = readingOf(entry)
  }
  return new Proxy(domains, {
    get: (all, key) => (typeof key === 'string' && !Object.hasOwn(all, key) ? {} : Reflect.get(all, key)),
    getOwnPropertyDescriptor: (all, key) =>
      Reflect.getOwnPropertyDescriptor(all, key) ?? { value: {}, configurable: true, enumerable: true, writable: true },
  })
}

/** Whether the expression means the device; a text tells what went wrong. */
export function meansDevice(
  expression: string,
  { device, slice }: { device: Device; slice: { driver: string } },
): boolean | string {
  const program = programOf(expression)
  if (typeof program === 'string') return `CEL compile error: ${program}`
  const { driver } = slice
  const outcome = program.run({
    device: {
      driver,
      allowMultipleAllocations: device.allowMultipleAllocations ?? false,
      attributes: byDomain(device.attributes, driver, ({ string, int, bool, version }) =>
        version === undefined ? (string ?? int ?? bool) : madeBy('semver', version),
      ),
      capacity: byDomain(device.capacity, driver, ({ value }) => madeBy('quantity', value)),
    },
  })
  if (!outcome.ok) return `CEL runtime error: ${outcome.error}`
  return outcome.value === true
}
