/** A lesson as data, from a link or a file: its words and its checks as JSON, read without running anything. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered } from './check/answers.ts'
import { can, said } from './check/asked.ts'
import { after, again, allOf, always, anyOf, type Check, eventually, held, never, now, order } from './check/check.ts'
import { audit, event, refused } from './check/happenings.ts'
import { reach } from './check/roads.ts'
import { both, type Claim, count, either, isReady, not, obj, type Value } from './check/value.ts'
import { type Deed, type Lesson, misfits, type Step } from './lesson.ts'
import { readProse } from './prose.ts'

export const KIND = 'tabernetes-lesson'
export const VERSION = 1
const LARGEST = 200_000
/** Deeper or longer ones nobody writes by hand. */
const DEEPEST = 12
const MOST = 200

class Wrong extends Error {}
const wrong = (where: string, what: string): Wrong => new Wrong(`${where}: ${what}`)

type Data = Readonly<Record<string, unknown>>

function record(value: unknown, where: string): Data {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'must be an object')
  if (Object.keys(value).length > MOST) throw wrong(where, `has more than ${MOST} entries`)
  return value as Data
}
function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(where, 'must be a list')
  if (value.length > MOST) throw wrong(where, `has more than ${MOST} entries`)
  return value
}
function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'must be a text')
  return value
}
const texts = (value: unknown, where: string): string[] => list(value, where).map((each, i) => text(each, `${where}[${i}]`))

/** The one word that says what a piece of data is. */
function wordOf<T>(data: Data, words: Readonly<Record<string, T>>, where: string): [word: string, reader: T] {
  const found = Object.keys(data).filter((key) => Object.hasOwn(words, key))
  const [word] = found
  if (word === undefined || found.length > 1) throw wrong(where, `must say exactly one of ${Object.keys(words).join(', ')}`)
  return [word, words[word] as T]
}

// ——— what is so

type ClaimReader = (data: Data, where: string, depth: number) => Claim

const CLAIMS: Record<string, ClaimReader> = {
  obj(data, where) {
    const object = obj(text(data['obj'], where))
    if (typeof data['path'] === 'string') return compared(object.path(data['path']), data, where)
    if (data['ready'] === true) return object.map((it) => it !== undefined && isReady(it))
    return data['exists'] === false ? not(object.exists()) : object.exists()
  },
  count: (data, where) =>
    compared(
      count(text(data['count'], where), {
        ...(typeof data['labels'] === 'string' ? { labels: data['labels'] } : {}),
        ...(typeof data['namespace'] === 'string' ? { namespace: data['namespace'] } : {}),
        ...(data['ready'] === true ? { is: isReady } : {}),
      }),
      data,
      where,
    ),
  said: (data, where) => compared(said(text(data['said'], where), String(data['container'] ?? '')), data, where),
  can(data, where) {
    const [user = '', verb = '', resource = '', namespace] = texts(data['can'], where)
    return can(user, verb, resource, namespace)
  },
  both: (data, where, depth) => both(...list(data['both'], where).map((each) => claimOf(each, where, depth + 1))),
  either: (data, where, depth) => either(...list(data['either'], where).map((each) => claimOf(each, where, depth + 1))),
  not: (data, where, depth) => not(claimOf(data['not'], where, depth + 1)),
}

function compared(value: Value<any>, data: Data, where: string): Claim {
  const [word] = wordOf(data, { is: 1, atLeast: 1, atMost: 1, includes: 1 }, where)
  const wanted = data[word]
  if (word === 'is') return value.map((it) => it === wanted)
  if (word === 'includes') return value.map((it) => String(it ?? '').includes(text(wanted, where)))
  if (typeof wanted !== 'number') throw wrong(where, `${word} must be a number`)
  return value.map((it) => (word === 'atLeast' ? it >= wanted : it <= wanted))
}

function claimOf(value: unknown, where: string, depth = 0): Claim {
  if (depth > DEEPEST) throw wrong(where, 'is nested too deeply')
  const data = record(value, where)
  const [word, read] = wordOf(data, CLAIMS, where)
  return read(data, `${where}.${word}`, depth)
}

// ——— what is waited for

type CheckReader = (data: Data, where: string, depth: number) => Check
const ofClaim =
  (word: string, make: (claim: Claim) => Check): CheckReader =>
  (data, where, depth) =>
    make(claimOf(data[word], where, depth + 1))
const ofChecks =
  (word: string, make: (...checks: Check[]) => Check): CheckReader =>
  (data, where, depth) =>
    make(...list(data[word], where).map((each, i) => checkOf(each, `${where}[${i}]`, depth + 1)))
const ofWrite =
  (word: string, make: (who: string, verb: string, object: string) => Check): CheckReader =>
  (data, where) => {
    const [who = '', verb = '', object = ''] = texts(data[word], where)
    return make(who, verb, object)
  }

const CHECKS: Record<string, CheckReader> = {
  eventually: ofClaim('eventually', eventually),
  now: ofClaim('now', now),
  again: ofClaim('again', again),
  always: ofClaim('always', always),
  held(data, where, depth) {
    const ms = data['ms']
    if (typeof ms !== 'number' || !(ms > 0)) throw wrong(where, 'needs ms, a number of simulated milliseconds')
    return held(claimOf(data['held'], where, depth + 1), ms)
  },
  never: (data, where, depth) => never(checkOf(data['never'], where, depth + 1)),
  after(data, where, depth) {
    const [first, second] = list(data['after'], where)
    return after(checkOf(first, where, depth + 1), checkOf(second, where, depth + 1))
  },
  order: ofChecks('order', order),
  all: ofChecks('all', allOf),
  any: ofChecks('any', anyOf),
  answer(data, where) {
    const right = answer(text(data['answer'], where), texts(data['is'], `${where}.is`))
    return data['wrong'] === true ? right.wrong() : right
  },
  answered: (data, where) => answered(text(data['answered'], where)),
  audit: ofWrite('audit', audit),
  refused: ofWrite('refused', refused),
  event(data, where) {
    const [reason = '', about = ''] = texts(data['event'], where)
    return event(reason, about)
  },
  reach(data, where) {
    const [from = '', to = ''] = texts(data['reach'], where)
    return data['fails'] === true ? reach(from, to).fails() : reach(from, to)
  },
}

export function checkOf(value: unknown, where = 'check', depth = 0): Check {
  if (depth > DEEPEST) throw wrong(where, 'is nested too deeply')
  const data = record(value, where)
  const [word, read] = wordOf(data, CHECKS, where)
  return read(data, `${where}.${word}`, depth)
}

// ——— the lesson

const checks = (value: unknown, where: string): Record<string, Check> =>
  Object.fromEntries(Object.entries(record(value ?? {}, where)).map(([id, each]) => [id, checkOf(each, `${where}.${id}`)]))

function stepOf(value: unknown, id: string): Step {
  const where = `steps.${id}`
  const data = record(value, where)
  return {
    id,
    goals: checks(data['goals'], `${where}.goals`),
    hints: checks(data['hints'], `${where}.hints`),
    solution: list(data['solution'] ?? [], `${where}.solution`).map((deed, i): Deed => {
      if (typeof deed === 'string') return deed
      const { answer: question, is, write, text: body, wait } = record(deed, `${where}.solution[${i}]`)
      if (typeof question === 'string' && typeof is === 'string') return { answer: question, is }
      if (typeof write === 'string' && typeof body === 'string') return { write, text: body }
      if (typeof wait === 'number' && wait >= 0 && wait <= 3_600_000) return { wait }
      throw wrong(`${where}.solution[${i}]`, 'must be a command, an answer, a file or a wait')
    }),
    wrong: [],
  }
}

function objectsIn(value: unknown): AnyObject[] {
  return list(value, 'objects').map((each, i) => {
    const { apiVersion, kind, metadata } = record(each, `objects[${i}]`)
    const { name } = record(metadata, `objects[${i}].metadata`)
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
      throw wrong(`objects[${i}]`, 'needs apiVersion, kind and metadata.name')
    return each as AnyObject
  })
}

/** Words and facts that must fit each other; routes and length are an author's own affair. */
const MUST = /^(?:step|goal of|hint of) .*stands in/

export type Read = { ok: true; lesson: Lesson } | { ok: false; message: string }

/** A lesson from its text; or what is wrong with it, and where. */
export function readLesson(source: string): Read {
  if (source.length > LARGEST) return { ok: false, message: `it is longer than ${LARGEST / 1000} kB` }
  try {
    const data = record(JSON.parse(source), 'lesson')
    if (data['kind'] !== KIND) throw wrong('kind', `must be ${KIND}`)
    if (data['version'] !== VERSION) throw wrong('version', `is ${String(data['version'])}, and this page reads ${VERSION}`)
    const prose = readProse(text(data['markdown'], 'markdown'))
    const steps = record(data['steps'], 'steps')
    const files = Object.entries(record(data['files'] ?? {}, 'files')).map(([name, body]) => [name, text(body, `files.${name}`)])
    const warmUp = data['warmUp'] ?? 0
    if (typeof warmUp !== 'number' || !(warmUp >= 0 && warmUp <= 3_600_000))
      throw wrong('warmUp', 'must be at most an hour, in ms')
    const lesson: Lesson = {
      prose,
      start: { objects: objectsIn(data['objects'] ?? []), warmUp },
      files: Object.fromEntries(files) as Record<string, string>,
      steps: prose.steps.map(({ id }) => stepOf(steps[id], id)),
    }
    const [misfit] = misfits(lesson).filter((each) => MUST.test(each))
    if (misfit) throw new Wrong(misfit)
    return { ok: true, lesson }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}
