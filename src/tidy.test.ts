/** The architecture as a checked table: who may import whom, what words are banned where, what must be listed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = path.join(root, 'src')

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name)
    if (statSync(file).isDirectory()) return name === 'generated' ? [] : walk(file)
    return /\.tsx?$/.test(name) ? [file] : []
  })
}

const files = walk(src).map((file) => ({
  name: path.relative(src, file).replaceAll('\\', '/'),
  text: readFileSync(file, 'utf8'),
}))
const isTest = (name: string) => /\.(test|bench)\.tsx?$|\/testing\//.test(name)
const product = files.filter(({ name }) => !isTest(name))

/** Zones of `src`, and the zones each may import. Entries may import anything; nobody imports an entry. */
const ZONES: Record<string, string[]> = {
  api: [],
  posix: ['api'],
  engine: ['posix', 'api'],
  transport: ['api', 'engine'],
  client: ['api'],
  gotemplate: ['api'],
  kubectl: ['gotemplate', 'client', 'api'],
  helm: ['gotemplate', 'client', 'api'],
  shell: ['posix', 'helm', 'kubectl', 'client', 'api'],
  lessons: ['shell', 'client', 'api'],
  embed: ['api'],
  bench: ['transport', 'engine', 'posix', 'api'],
  scenarios: ['shell', 'helm', 'kubectl', 'client', 'transport', 'engine', 'api'],
  ui: ['lessons', 'shell', 'client', 'api', 'embed', 'transport'],
}

/** Parts of the engine, and the parts each may import. */
const PARTS: Record<string, string[]> = {
  sim: [],
  etcd: ['sim'],
  apiserver: ['etcd', 'sim', 'machinery'],
  resources: ['apiserver', 'sim'],
  machinery: ['sim'],
  controllers: ['machinery', 'sim'],
  scheduler: ['machinery', 'sim'],
  node: ['machinery', 'sim'],
  network: ['machinery', 'sim'],
  storage: ['machinery', 'sim'],
  scenes: [],
  addons: ['scheduler', 'node', 'storage', 'machinery', 'sim', 'apiserver'],
  host: ['addons', 'controllers', 'machinery', 'sim'],
}

const ALIASES: Record<string, string> = { '#engine': 'engine/index.ts' }

/** The file an import means, relative to src; null for packages. */
function target(from: string, specifier: string): string | null {
  if (ALIASES[specifier]) return ALIASES[specifier]
  if (specifier.startsWith('#')) return specifier.slice(1)
  if (specifier.startsWith('.')) return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier))
  return null
}

function imports(text: string): string[] {
  const statements = /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s+['"]([^'"]+)['"]/g
  const bare = /(?:^|\n)import ['"]([^'"]+)['"]/g
  const lazy = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  return [statements, bare, lazy].flatMap((pattern) => [...text.matchAll(pattern)].map((m) => m[1] as string))
}

/** What has to be there before a file can run: neither types, nor what it asks for later. */
function needed(text: string): string[] {
  const statement = /(?:^|\n)(?:import|export) (type )?([^'";]*?) ?\bfrom '([^']+)'/g
  return [...text.matchAll(statement)].flatMap(([, type, names = '', specifier = '']) => {
    const list = /^\{([^}]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '')
    return type || list?.every((name) => name.trim().startsWith('type ')) ? [] : [specifier]
  })
}

/** The first circle found, as a path; null when there is none. */
function circleIn(arrows: ReadonlyMap<string, readonly string[]>): string | null {
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): string | null => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name].join(' → ')
    if (done.has(name)) return null
    for (const next of arrows.get(name) ?? []) {
      const circle = visit(next, [...trail, name])
      if (circle) return circle
    }
    done.add(name)
    return null
  }
  for (const name of arrows.keys()) {
    const circle = visit(name, [])
    if (circle) return circle
  }
  return null
}

const zoneOf = (name: string): string | null => (name.includes('/') ? (name.split('/')[0] as string) : null)
const partOf = (name: string): string | null =>
  name.startsWith('engine/') && name.split('/').length > 2 ? (name.split('/')[1] as string) : null

describe('the house', () => {
  it('has only arrows between zones that the table allows', () => {
    const wrong: string[] = []
    for (const { name, text } of product) {
      const zone = zoneOf(name)
      if (zone === null) continue
      for (const specifier of imports(text)) {
        const to = target(name, specifier)
        const toZone = to === null ? null : zoneOf(to)
        if (to === null || toZone === zone || toZone === 'generated') continue
        if (toZone === null || !ZONES[zone]?.includes(toZone)) wrong.push(`${name} → ${to}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has only arrows inside the engine that the table allows', () => {
    const wrong: string[] = []
    for (const { name, text } of product) {
      const part = partOf(name)
      if (part === null) continue
      for (const specifier of imports(text)) {
        const to = target(name, specifier)
        const toPart = to === null ? null : partOf(to)
        if (toPart === null || toPart === part) continue
        if (!PARTS[part]?.includes(toPart)) wrong.push(`${name} → ${to}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has no circle of files that need each other to run', () => {
    const needs = new Map(
      files.map(({ name, text }) => [name, needed(text).flatMap((specifier) => target(name, specifier) ?? [])]),
    )
    expect(circleIn(needs)).toBeNull()
  })

  it('crosses zones by alias, and stays relative inside one', () => {
    const wrong: string[] = []
    for (const { name, text } of files) {
      for (const specifier of imports(text)) {
        const to = target(name, specifier)
        if (to === null || zoneOf(name) === null) continue
        const same = zoneOf(to) === zoneOf(name)
        if (specifier.startsWith('.') !== same && !isTest(name)) wrong.push(`${name}: ${specifier}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('keeps wall time, chance and promises out of the engine', () => {
    const banned =
      /\bDate\b|Math\.random|setTimeout|setInterval|queueMicrotask|performance\.|\basync\b|\bawait\b|\bPromise\b|\bprocess\.(?:env|exit|nextTick|hrtime|cpuUsage|stdout)\b/
    const wrong = product
      .filter(({ name }) => name.startsWith('engine/') && !name.endsWith('.data.ts'))
      .flatMap(({ name, text }) =>
        text
          .split('\n')
          .flatMap((line, i) =>
            banned.test(line.replace(/\/\/.*|\/?\*.*|'[^']*'|`[^`]*`/g, '')) ? [`${name}:${i + 1} ${line.trim()}`] : [],
          ),
      )
    expect(wrong).toEqual([])
  })

  it('has files of at most 400 lines that say in a sentence what they are for', () => {
    const long = product
      .filter(({ name, text }) => !name.endsWith('.data.ts') && text.split('\n').length > 401)
      .map(({ name }) => name)
    const silent = product
      .filter(({ name, text }) => !name.endsWith('.d.ts') && !/^(?:\s*import[^;]*?['"]\n)*\s*\/\*\*/.test(text))
      .map(({ name }) => name)
    expect({ long, silent }).toEqual({ long: [], silent: [] })
  })

  it('lists what it has: every controller, plugin, image and command stands in its index', () => {
    const folders = [
      'engine/controllers',
      'engine/storage',
      'engine/addons',
      'engine/scheduler/plugins',
      'engine/node/images',
      'engine/apiserver/admission',
      'kubectl/commands',
      'helm/commands',
      'helm/chart/shelf',
    ]
    const wrong = folders.flatMap((folder) => {
      const index = product.find(({ name }) => name === `${folder}/index.ts`)
      if (!index) return [`${folder} has no index.ts`]
      const listed = reachable(`${folder}/index.ts`, folder)
      return product
        .filter(({ name }) => name.startsWith(`${folder}/`) && !listed.has(name))
        .map(({ name }) => `${name} is not listed`)
    })
    expect(wrong).toEqual([])
  })

  it('leaves nothing unfinished or switched off', () => {
    const unfinished = /\bTODO\b|\bFIXME\b|\bXXX\b|@ts-ignore|@ts-nocheck|\b(?:it|describe|test)\.(?:only|skip)\(/
    const wrong = files.filter(({ name, text }) => name !== 'tidy.test.ts' && unfinished.test(text)).map(({ name }) => name)
    expect(wrong).toEqual([])
  })
})

/** Files inside a folder that its index reaches by imports, or the engine's late part, where what may come later stands. */
function reachable(start: string, folder: string): Set<string> {
  const byName = new Map(product.map((file) => [file.name, file]))
  const seen = new Set<string>()
  const visit = (name: string): void => {
    const file = byName.get(name)
    if (!file || seen.has(name) || !name.startsWith(`${folder}/`)) return
    seen.add(name)
    for (const specifier of imports(file.text)) {
      const to = target(name, specifier)
      if (to) visit(to)
    }
  }
  visit(start)
  for (const door of ['engine/rest.ts', 'engine/servers.ts'])
    for (const specifier of imports(byName.get(door)?.text ?? '')) visit(target(door, specifier) ?? '')
  return seen
}
