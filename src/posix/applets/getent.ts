/** getent: what the C library finds in its databases: `hosts` asks the resolver, the others are files. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import type { Answer } from './nslookup.ts'

const FILES: Readonly<Record<string, string>> = {
  passwd: '/etc/passwd',
  group: '/etc/group',
  shadow: '/etc/shadow',
  services: '/etc/services',
  protocols: '/etc/protocols',
  networks: '/etc/networks',
}
const HOSTS = new Set(['hosts', 'ahosts', 'ahostsv4'])
/** An address and the names behind it; other databases show a line as it is. */
const PADDED = 15
/** One of the keys was not found. */
const NOT_FOUND = 2

const linesOf = (sys: Sys, path: string): string[] => {
  const read = sys.text(path)
  if (failed(read)) return []
  return read.text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
}

/** `name:…:number:…`, or words of which the first is the name. */
function fits(line: string, key: string): boolean {
  if (!line.includes(':')) return line.split(/\s+/).includes(key)
  const [name, , number] = line.split(':')
  return name === key || number === key
}

function hostLine(ip: string, ...names: string[]): string {
  return `${ip.padEnd(PADDED)} ${names.join(' ')}\n`
}

/** What is found of a host; empty: nothing. Undefined while the resolver works. */
function host(sys: Sys, data: any, key: string, database: string): string | undefined {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(key)
  const own = linesOf(sys, '/etc/hosts').map((line) => line.trim().split(/\s+/))
  const [ip, ...names] = own.find((words) => words.includes(key)) ?? []
  if (ip && database === 'hosts') return hostLine(ip, ...names)
  const answer = sys.call<Answer>(data, { kind: 'resolve', name: key, type: isAddress ? 'PTR' : 'A' })
  if (answer === undefined) return undefined
  if (isAddress) return answer.names?.length ? hostLine(key, ...answer.names) : ''
  const name = answer.canonical ?? answer.name
  if (database === 'hosts') return answer.addresses.map((each) => hostLine(each, name)).join('')
  const kinds = ['STREAM', 'DGRAM', 'RAW']
  return answer.addresses
    .flatMap((each, i) => kinds.map((kind, k) => `${each.padEnd(PADDED)} ${kind}${i + k === 0 ? ` ${name}` : ''}\n`))
    .join('')
}

export const getent: Program = program({
  name: 'getent',
  run(sys, data) {
    const [database = '', ...keys] = sys.args.filter((word) => !word.startsWith('-'))
    if (!HOSTS.has(database) && !Object.hasOwn(FILES, database)) {
      sys.err(database === '' ? 'getent: wrong number of arguments\n' : `Unknown database: ${database}\n`)
      return 1
    }
    const path = HOSTS.has(database) ? '/etc/hosts' : (FILES[database] as string)
    if (keys.length === 0) {
      for (const line of linesOf(sys, path)) sys.out(`${line}\n`)
      return 0
    }
    for (data.at ??= 0; data.at < keys.length; data.at += 1) {
      const key = keys[data.at] as string
      const line = linesOf(sys, path).find((each) => fits(each, key))
      const found = HOSTS.has(database) ? host(sys, data, key, database) : line && `${line}\n`
      if (found === undefined && HOSTS.has(database)) return undefined
      if (found) sys.out(found)
      else data.missing = true
    }
    return data.missing ? NOT_FOUND : 0
  },
})
