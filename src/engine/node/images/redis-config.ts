/** What redis is told to do: its defaults, a file of settings, options, and `CONFIG`. */
import type { Host } from '../programs/program.ts'
import { type Answer, likeGlob } from './redis-store.ts'

export type Settings = Readonly<Record<string, string>>

const DEFAULTS: Settings = {
  appendonly: 'no',
  databases: '16',
  dir: '/data',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  save: '3600 1 300 100 60 10000',
  timeout: '0',
}
const UNITS: Readonly<Record<string, number>> = { k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 }

/** Sizes are kept in bytes. */
function settled(name: string, value: string): string {
  const [, count = '', unit = ''] = /^(\d+)([kmg]b?)$/i.exec(value) ?? []
  return name === 'maxmemory' && count ? String(Number(count) * (UNITS[unit.toLowerCase()] as number)) : value
}

/** From the file that the first argument names, and from what stands behind dashes. */
export function settingsOf({ argv, files }: Host): Settings {
  const settings: Record<string, string> = {}
  const file = argv[1]?.startsWith('-') ? undefined : argv[1]
  for (const line of (file && files.read(file))?.split('\n') ?? []) {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s+(.*\S)/.exec(line) ?? []
    if (name) settings[name.toLowerCase()] = value.replace(/^"(.*)"$/, '$1')
  }
  argv.forEach((word, i) => {
    if (word.startsWith('--') && argv[i + 1] !== undefined) settings[word.slice(2).toLowerCase()] = argv[i + 1] as string
  })
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, settled(name, value)]))
}

/** `CONFIG GET PATTERN…`, `CONFIG SET NAME VALUE…`. */
export function config(args: readonly string[], settings: Settings): [Answer, Settings] {
  const [word = '', ...rest] = args
  const known: Settings = { ...DEFAULTS, ...settings }
  const wrongCount = { error: `ERR wrong number of arguments for 'config|${word.toLowerCase()}' command` }
  if (/^get$/i.test(word)) {
    if (rest.length === 0) return [wrongCount, settings]
    const wanted = rest.map((glob) => likeGlob(glob.toLowerCase()))
    const names = Object.keys(known).filter((name) => wanted.some((isWanted) => isWanted(name)))
    return [{ items: names.flatMap((name) => [{ text: name }, { text: known[name] as string }]) }, settings]
  }
  if (/^set$/i.test(word)) {
    if (rest.length < 2 || rest.length % 2 === 1) return [wrongCount, settings]
    const unknown = rest.find((name, i) => i % 2 === 0 && known[name.toLowerCase()] === undefined)
    if (unknown !== undefined)
      return [{ error: `ERR Unknown option or number of arguments for CONFIG SET - '${unknown}'` }, settings]
    const set = rest.flatMap((name, i) => {
      const key = name.toLowerCase()
      return i % 2 === 0 ? [[key, settled(key, rest[i + 1] as string)] as const] : []
    })
    return [{ status: 'OK' }, { ...settings, ...Object.fromEntries(set) }]
  }
  if (/^resetstat$/i.test(word)) return [{ status: 'OK' }, settings]
  return [{ error: `ERR unknown subcommand '${word}'. Try CONFIG HELP.` }, settings]
}
