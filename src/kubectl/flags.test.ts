/** No flag is taken and then ignored: a command's file, or what it imports, names each of its flags; or it is refused in words. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { catalogue, type Entry, flagsOf } from './catalogue/index.ts'
import { REFUSED, WITHOUT_EFFECT } from './refused-flags.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const sources = new Map<string, string>()

function source(file: string): string {
  const known = sources.get(file)
  if (known !== undefined) return known
  const text = readFileSync(file, 'utf8')
  sources.set(file, text)
  return text
}

/** The text of a file and of all that it imports by a relative path. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, path] of source(file).matchAll(/from '(\.[^']+)'/g)) reach(resolve(dirname(file), path as string), seen)
  return seen
}

const index = `${here}commands/index.ts`
const files = new Map(
  [...source(index).matchAll(/^ {2}'?([\w-]+)'?: async .*import\('([^']+)'\)/gm)].map(([, name, path]) => [
    name as string,
    resolve(dirname(index), path as string),
  ]),
)

function* runnable(entry: Entry): Generator<Entry> {
  if (entry.runnable && entry.path) yield entry
  for (const child of entry.children) yield* runnable(child)
}

it('every flag of every command is named where it is done, or refused', async () => {
  const unnamed: string[] = []
  for (const entry of runnable(await catalogue())) {
    const [first = ''] = entry.path.split(' ')
    const file = files.get(first)
    if (!file || first === 'kuberc') continue
    const text = [...reach(file)].map(source).join('\n')
    for (const flag of flagsOf(entry).values()) {
      if (
        flag.persistent ||
        flag.name === 'help' ||
        flag.name in WITHOUT_EFFECT ||
        `${entry.path} --${flag.name}` in WITHOUT_EFFECT ||
        REFUSED[entry.path]?.[flag.name]
      )
        continue
      const [begin] = flag.name.split(/(?<=-)[^-]+$/)
      const named = text.includes(`'${flag.name}'`) || (begin !== '' && text.includes(`\`${begin}${'$'}{`))
      // What is done for all commands alike stands where they begin.
      const shared = source(`${here}kubectl.ts`).includes(`flags.int('${flag.name}')`)
      if (!named && !shared) unnamed.push(`${entry.path} --${flag.name}`)
    }
  }
  expect(unnamed).toEqual([])
})

it('what is refused or without effect is a flag of the command', async () => {
  const entries = [...runnable(await catalogue())]
  for (const [path, names] of Object.entries(REFUSED)) {
    const entry = entries.find((one) => one.path === path)
    expect(entry, path).toBeDefined()
    const known = entry ? [...flagsOf(entry).keys()] : []
    for (const name of Object.keys(names)) expect(known, path).toContain(name)
  }
  const all = new Set(entries.flatMap((entry) => [...flagsOf(entry).keys()].flatMap((name) => [name, `${entry.path} --${name}`])))
  for (const name of Object.keys(WITHOUT_EFFECT)) expect(all).toContain(name)
})
