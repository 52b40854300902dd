/** Which server and which location of a configuration answers, and what holds there (ngx_http_core_module.c). */
import { all, type Listen, listenOf, pattern, placeOf } from './check.ts'
import type { Directive } from './syntax.ts'

/** Blocks from the inside out: what is said nearest holds. */
export type Chain = readonly Directive[]

const NONE: readonly Directive[] = []
export const within = (block: Directive | undefined, name: string): Directive[] =>
  (block?.block ?? NONE).filter((directive) => directive.name === name)

/** The directives of this name where they are said nearest. */
export function said(chain: Chain, name: string): Directive[] {
  for (const block of chain) {
    const found = within(block, name)
    if (found.length > 0) return found
  }
  return []
}

export const firstOf = (chain: Chain, name: string): string | undefined => said(chain, name)[0]?.args[0]
export const isOn = (chain: Chain, name: string, usual: boolean): boolean => {
  const value = firstOf(chain, name)
  return value === undefined ? usual : value.toLowerCase() === 'on'
}

export const httpOf = (tree: readonly Directive[]): Directive | undefined => tree.find(({ name }) => name === 'http')
export const serversOf = (tree: readonly Directive[]): Directive[] => within(httpOf(tree), 'server')

const ANY: Directive = { name: 'listen', args: ['80'], file: '', line: 0 }
export const listensOf = (server: Directive): Directive[] => {
  const found = within(server, 'listen')
  return found.length > 0 ? found : [ANY]
}

export const namesOf = (server: Directive): string[] => {
  const names = within(server, 'server_name').flatMap(({ args }) => args)
  return names.length > 0 ? names : ['']
}

/** How well a name fits, as nginx ranks it: the exact one, the longest with a star in front, behind, the first pattern. */
function rank(name: string, host: string, at: Directive): number {
  if (name.startsWith('~')) return pattern(name.slice(1), 'i', at).test(host) ? 1 : 0
  const plain = name.toLowerCase()
  if (plain === host) return 4e6
  if (plain.startsWith('.') && (host === plain.slice(1) || host.endsWith(plain))) return 3e6 + plain.length
  if (plain.startsWith('*.') && host.endsWith(plain.slice(1))) return 3e6 + plain.length
  if (plain.endsWith('.*') && host.startsWith(plain.slice(0, -1))) return 2e6 + plain.length
  return 0
}

interface Reading {
  servers: readonly { server: Directive; listens: readonly Listen[]; names: readonly string[] }[]
  ports: readonly number[]
  follows: boolean
}

const readings = new WeakMap<readonly Directive[], Reading>()

/** What every request asks of a configuration, read off it once. */
function readingOf(tree: readonly Directive[]): Reading {
  const known = readings.get(tree)
  if (known) return known
  const servers = serversOf(tree).map((server) => ({ server, listens: listensOf(server).map(listenOf), names: namesOf(server) }))
  const ports = [...new Set(servers.flatMap(({ listens }) => listens.map(({ port }) => port)))]
  const reading = { servers, ports, follows: [...all(tree)].some(([{ name }]) => name === 'proxy_pass') }
  readings.set(tree, reading)
  return reading
}

export const portsOf = (tree: readonly Directive[]): readonly number[] => readingOf(tree).ports
/** Whether answers may change by themselves, since others give them. */
export const follows = (tree: readonly Directive[]): boolean => readingOf(tree).follows

export function serverFor(tree: readonly Directive[], port: number, host: string): Directive | undefined {
  const here = readingOf(tree).servers.filter(({ listens }) => listens.some((listen) => listen.port === port))
  let best: Directive | undefined
  let most = 0
  for (const { server, names } of here) {
    const well = Math.max(...names.map((name) => rank(name, host, server)))
    if (well > most) [best, most] = [server, well]
  }
  const standard = here.find(({ listens }) => listens.some((listen) => listen.port === port && listen.standard))
  return best ?? (standard ?? here[0])?.server
}

export interface Found {
  /** From the innermost location outwards, without the server. */
  locations: Directive[]
  groups: readonly string[]
}

const NOWHERE: Found = { locations: [], groups: [] }

/** The location of a path: exact, else the longest prefix unless a pattern matches first. */
export function locate(block: Directive, uri: string): Found {
  const places = within(block, 'location').map((directive) => ({ directive, ...placeOf(directive) }))
  const exact = places.find(({ modifier, text }) => modifier === '=' && text === uri)
  if (exact) return { locations: [exact.directive], groups: [] }
  const prefix = places
    .filter(({ modifier, text }) => (modifier === '' || modifier === '^~') && uri.startsWith(text))
    .sort((a, b) => b.text.length - a.text.length)[0]
  const below = prefix ? locate(prefix.directive, uri) : NOWHERE
  if (prefix && below.locations.length > 0) return { ...below, locations: [...below.locations, prefix.directive] }
  if (prefix?.modifier !== '^~') {
    for (const { directive, modifier, text } of places) {
      if (modifier !== '~' && modifier !== '~*') continue
      const match = pattern(text, modifier === '~' ? '' : 'i', directive).exec(uri)
      if (match) {
        const inner = locate(directive, uri)
        return { locations: [...inner.locations, directive], groups: inner.locations.length > 0 ? inner.groups : match }
      }
    }
  }
  return prefix ? { locations: [prefix.directive], groups: [] } : NOWHERE
}

export const named = (server: Directive, name: string): Directive | undefined =>
  within(server, 'location').find(({ args }) => args[0] === name)
