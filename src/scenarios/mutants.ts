/** Manifests of the recorded stories, changed at random: what a learner who mistypes might send. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import type { Random } from '#engine/sim/random.ts'

type Key = string | number

/** Every object that stories and pages write in a here-document. */
export function storyManifests(root: string): AnyObject[] {
  const objects: AnyObject[] = []
  for (const folder of ['corpus', 'pages']) {
    const at = path.join(root, folder)
    for (const name of readdirSync(at)
      .filter((each) => each.endsWith('.txt'))
      .sort()) {
      for (const [, , text = ''] of readFileSync(path.join(at, name), 'utf8').matchAll(
        /<<-?\s*['"]?(\w+)['"]?[^\n]*\n([^]*?)\n\1\n/g,
      ))
        objects.push(...objectsIn(text))
    }
  }
  return objects
}

function objectsIn(text: string): AnyObject[] {
  if (!text.includes('apiVersion')) return []
  // Stories hold broken texts, too.
  return parseAllDocuments(text).flatMap((document) => {
    if (!('toJS' in document) || document.errors.length > 0) return []
    const object = document.toJS()
    return typeof object?.kind === 'string' && typeof object.metadata === 'object' && object.metadata ? [object as AnyObject] : []
  })
}

const TEXTS = [
  '',
  'a',
  '*',
  '/',
  '..',
  '../../etc',
  '.',
  '$(A)',
  '$(A)$(B)',
  '$$(A)',
  'constructor',
  '__proto__',
  '0',
  '-1',
  '1e9',
  '999999999999',
  '1Ei',
  '1m',
  '0.0001',
  '10%',
  '100%',
  '%',
  'a'.repeat(253),
  'a'.repeat(63),
  '\u0000',
  '\n',
  '🦊',
  'Ä',
  '{{',
  '[',
  '(',
  '\\',
  "'",
  '"',
  'true',
  'null',
  '[::1]',
  '0.0.0.0',
  '127.0.0.1',
  '10.96.0.1',
  '10.0.0.0/8',
  '::/0',
  'http://',
  '/proc/self',
  '/dev/null',
  '/dev/stdout',
  '/etc/hosts',
  'metadata.name',
  "metadata.labels['x']",
  'spec.nodeName',
  'limits.cpu',
  '*/0 * * * *',
  '* * * * *',
  '0 0 30 2 *',
  '@hourly',
  'Always',
  'Never',
  'Memory',
  'nginx',
  'busybox',
  'redis',
  'postgres',
  'node-1',
  'sh',
  '-c',
  'sleep 1',
  'exit 1',
  'kill -9 1',
  'rm -rf /',
  ':(){ :|:& };:',
  'while :; do :; done',
  'cat /dev/zero',
  'yes',
  'exec sh',
  'trap "" TERM; sleep 1000',
  'seq 100000',
]
const NUMBERS = [
  0, 1, -1, 2, 3, 5, 10, 100, 1000, 65535, 65536, 2147483647, 2147483648, -2147483648, 4294967295, 9007199254740991, 1e15, 0.5,
  30, 8080, 80, 443, 53,
]

export const anyText = (random: Random): string => random.pick(TEXTS)
export const anyNumber = (random: Random): number => random.pick(NUMBERS)

/** Paths of all that may change: neither what kind of object it is, nor its name. */
function places(value: object, at: Key[] = []): Key[][] {
  return Object.entries(value).flatMap(([key, inner]): Key[][] => {
    const here = [...at, Array.isArray(value) ? Number(key) : key]
    const fixed = ['apiVersion', 'kind', 'metadata', 'metadata.name'].includes(here.join('.'))
    const below = typeof inner === 'object' && inner !== null ? places(inner, here) : []
    return fixed ? below : [here, ...below]
  })
}

const found = (value: any, at: readonly Key[]): any => at.reduce((inner, key) => inner[key], value)

/** The object with one to three of its values made something else. Never changes what it is given. */
export function mutant(object: AnyObject, others: readonly AnyObject[], random: Random): AnyObject {
  const changed = structuredClone(object)
  for (let left = 1 + random.below(3); left > 0; left--) {
    const all = places(changed)
    if (all.length === 0) break
    const at = random.pick(all)
    const key = at.at(-1) as Key
    const parent = found(changed, at.slice(0, -1))
    const value = parent[key]
    if (typeof value === 'string') parent[key] = anyText(random)
    else if (typeof value === 'number') parent[key] = anyNumber(random)
    else if (typeof value === 'boolean') parent[key] = !value
    else if (Array.isArray(value)) parent[key] = random.pick([[], [...value, ...structuredClone(value)], value.slice(1)])
    else if (random.below(10) < 3) Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]
    else {
      // What stands under the same name elsewhere.
      const donor = random.pick(others)
      const like = places(donor).filter((each) => each.at(-1) === key)
      if (like.length > 0) parent[key] = structuredClone(found(donor, random.pick(like)))
    }
  }
  return changed
}
