/** Calls of MongoDB's shell (`db.things.find().limit(2)`), each as the commands that it sends. */
import { bytesOf } from '#api/bytes.ts'
import type { Host } from '../programs/program.ts'
import { type Asked, type Login, MONGO, type Told } from './mongo-server.ts'
import type { Command } from './mongo-store.ts'
import { type Doc, inspected, isDoc, tojson, type Value } from './mongo-values.ts'
import { type Chain, docOf, MongoError, refused, type Step } from './mongo-words.ts'
import { speak } from './protocol.ts'

/** Whom a shell talks to, and as whom. */
export interface Link {
  host: string
  port: number
  login?: Login
  db: string
  /** The shell `mongo`, which prints in its own way. */
  old: boolean
}

export function send(host: Host, { host: to, port, login, old }: Link, db: string, command: Command): Value {
  const asked: Asked = { db, command, ...(login ? { login } : {}) }
  const address = to === 'localhost' ? '127.0.0.1' : to
  const heard = speak<Told>(host, address, port, MONGO, asked, HELLO)
  if ('message' in heard) {
    const told = heard.message
    if ('answer' in told) return told.answer
    throw new MongoError(told.error.kind, told.error.message, told.error.codeName)
  }
  if ('why' in heard) {
    if (heard.why === 'no such host') throw new MongoError('MongoNetworkError', `getaddrinfo ENOTFOUND ${to}`)
    const why = { 'no route to host': 'EHOSTUNREACH', timeout: 'ETIMEDOUT' }[heard.why as string] ?? 'ECONNREFUSED'
    const ip = /^[\d.]+$/.test(address) ? address : (host.resolve(address)[0] ?? address)
    throw new MongoError('MongoNetworkError', `connect ${why} ${ip}:${port}`)
  }
  throw new MongoError(old ? 'MongoServerError' : 'MongoServerSelectionError', strange(heard.bytes, `${to}:${port}`, old))
}

/** With these bytes a shell begins, and more: how long its message is, and that it is the first. */
const HELLO = 'M\x01\0\0\x01\0\0\0\0\0\0\0\xd4\x07\0\0'
const MOST = 67_108_864

/** What the shells make of an answer that no mongod gives: its first bytes should tell how long it is. */
function strange(bytes: string, where: string, old: boolean): string {
  const [a, b, c, d] = bytesOf(bytes)
  if (old) return `network error while attempting to run command 'isMaster' on host '${where}' `
  if (a === undefined || b === undefined || c === undefined || d === undefined) return `connection <monitor> to ${where} closed`
  const size = a | (b << 8) | (c << 16) | (d << 24)
  if (size < 0) return `Invalid message size: ${size}`
  return size > MOST ? `Invalid message size: ${size}, max allowed: ${MOST}` : `connection <monitor> to ${where} closed`
}

type Cursor = Command & { name: 'find' }
/** What a chain has come to. */
type Thing =
  | { kind: 'db'; db: string }
  | { kind: 'collection'; db: string; collection: string }
  | { kind: 'cursor'; db: string; find: Cursor }
  | { kind: 'value'; value: Value | undefined }

const value = (of: Value | undefined): Thing => ({ kind: 'value', value: of })

/** What is printed for a chain; empty: nothing. */
export function called({ steps, print }: Chain, link: Link, host: Host): string {
  let thing: Thing = { kind: 'db', db: link.db }
  for (const step of steps) thing = next(thing, step, link, host)
  if (thing.kind === 'db') return `${thing.db}\n`
  if (thing.kind === 'collection') return `${thing.db}.${thing.collection}\n`
  if (thing.kind === 'cursor') {
    const docs = send(host, link, thing.db, thing.find) as readonly Doc[]
    if (link.old) return docs.map((doc) => `${tojson(doc, true)}\n`).join('')
    return docs.length > 0 ? `${inspected(docs)}\n` : '\n'
  }
  return thing.value === undefined ? '' : `${shown(thing.value, link, print === 'printjson')}\n`
}

const shown = (of: Value, { old }: Link, quotes: boolean): string =>
  typeof of === 'string' && !quotes ? of : old ? tojson(of) : inspected(of)

function next(thing: Thing, step: Step, link: Link, host: Host): Thing {
  if (thing.kind === 'db') return ofDatabase(thing.db, step, link, host)
  if (thing.kind === 'collection') return ofCollection(thing, step, link, host)
  if (thing.kind === 'cursor') return ofCursor(thing, step, link, host)
  const { value: of } = thing
  if (!step.args && step.name === 'length' && (Array.isArray(of) || typeof of === 'string')) return value(of.length)
  if (!step.args && Array.isArray(of) && /^\d+$/.test(step.name)) return value(of[Number(step.name)] as Value | undefined)
  if (!step.args && isDoc(of)) return value(Object.hasOwn(of, step.name) ? of[step.name] : undefined)
  if (step.name === 'pretty' && step.args?.length === 0) return thing
  throw refused(`.${step.name}`)
}

const nameOf = (of: Value | undefined, what: string): string => {
  if (typeof of === 'string' && of !== '') return of
  throw refused(`${what} takes a name`)
}

function ofDatabase(db: string, { name, args }: Step, link: Link, host: Host): Thing {
  if (!args) return { kind: 'collection', db, collection: name }
  const ask = (command: Command, of = db): Value => send(host, link, of, command)
  switch (name) {
    case 'runCommand':
    case 'adminCommand':
      return value(command(args, ask, name === 'adminCommand' ? 'admin' : db))
    case 'hello':
    case 'isMaster':
      return value(ask({ name: 'hello' }))
    case 'version':
      return value((ask({ name: 'buildInfo' }) as Doc)['version'])
    case 'getName':
      return value(db)
    case 'getSiblingDB':
      return { kind: 'db', db: nameOf(args[0], name) }
    case 'getCollection':
      return { kind: 'collection', db, collection: nameOf(args[0], name) }
    case 'getCollectionNames':
      return value(ask({ name: 'listCollections' }))
    case 'createCollection':
      if (args.length > 1) throw refused('createCollection with options')
      return value(ask({ name: 'create', collection: nameOf(args[0], name) }))
    case 'dropDatabase':
      return value(ask({ name }))
  }
  throw refused(`db.${name}()`)
}

/** A command as MongoDB has it: as a document, or only its name. */
function command(args: readonly Value[], ask: (command: Command, db: string) => Value, db: string): Value {
  const [given] = args
  const name = typeof given === 'string' ? given : isDoc(given) ? (Object.keys(given)[0] ?? '') : ''
  if (name === 'ping' || name === 'buildInfo') return ask({ name }, db)
  if (name === 'hello' || name === 'isMaster') return ask({ name: 'hello' }, db)
  throw refused(`the command '${name}'`)
}

function newIds(host: Host, count: number): string[] {
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')
  const seconds = hex(Math.floor(host.now / 1000), 8)
  const process = hex(host.random(2 ** 24), 6) + hex(host.random(2 ** 16), 4)
  const first = host.random(2 ** 24)
  return Array.from({ length: count }, (_, i) => seconds + process + hex((first + i) % 2 ** 24, 6))
}

function insert(docs: readonly Doc[], { db, collection }: Thing & { kind: 'collection' }, link: Link, host: Host): Value[] {
  const ids = newIds(host, docs.length)
  const documents = docs.map((doc, i): Doc => (Object.hasOwn(doc, '_id') ? doc : { _id: { $oid: ids[i] as string }, ...doc }))
  send(host, link, db, { name: 'insert', collection, documents })
  return documents.map((doc) => doc['_id'] ?? null)
}

function ofCollection(thing: Thing & { kind: 'collection' }, { name, args }: Step, link: Link, host: Host): Thing {
  const { db, collection } = thing
  if (!args) return { ...thing, collection: `${collection}.${name}` }
  const ask = (command: Command): Value => send(host, link, db, command)
  const most = name.startsWith('update') || name === 'insertMany' ? 2 : 1
  if (args.length > most || (name === 'insertMany' && args.length > 1)) throw refused(`${name} with more arguments`)
  const filter = docOf(args[0] && Array.isArray(args[0]) && name === 'insertMany' ? undefined : args[0], name)
  switch (name) {
    case 'insertOne':
      if (!args[0]) throw new MongoError('MongoInvalidArgumentError', 'Document must not be null or undefined')
      return value({ acknowledged: true, insertedId: insert([filter], thing, link, host)[0] ?? null })
    case 'insertMany': {
      if (!Array.isArray(args[0]))
        throw new MongoError('MongoInvalidArgumentError', 'Argument "docs" must be an array of documents')
      const docs = (args[0] as readonly Value[]).map((doc) => docOf(doc, name))
      const ids = insert(docs, thing, link, host)
      const listed = link.old ? ids : Object.fromEntries(ids.map((id, i) => [String(i), id]))
      return value({ acknowledged: true, insertedIds: listed })
    }
    case 'find':
      return { kind: 'cursor', db, find: { name, collection, filter } }
    case 'findOne':
      return value((ask({ name: 'find', collection, filter, limit: 1 }) as readonly Doc[])[0] ?? null)
    case 'countDocuments':
    case 'count':
    case 'estimatedDocumentCount':
      return value(ask({ name: 'aggregate', collection, filter }))
    case 'updateOne':
    case 'updateMany':
      return value(update(filter, docOf(args[1], name), name === 'updateMany', collection, ask, link))
    case 'deleteOne':
    case 'deleteMany':
      if (!args[0]) throw new MongoError('MongoshInvalidInputError', '[COMMON-10001] Missing required argument at position 0')
      return value({
        acknowledged: true,
        deletedCount: ask({ name: 'delete', collection, filter, many: name === 'deleteMany' }),
      })
    case 'drop':
      return value(ask({ name, collection }))
  }
  throw refused(`db.${collection}.${name}()`)
}

function update(
  filter: Doc,
  changes: Doc,
  many: boolean,
  collection: string,
  ask: (command: Command) => Value,
  { old }: Link,
): Doc {
  const names = Object.keys(changes)
  if (names.length === 0 || names.some((each) => !each.startsWith('$')))
    throw new MongoError('MongoInvalidArgumentError', 'Update document requires atomic operators')
  const { matched = 0, modified = 0 } = ask({ name: 'update', collection, filter, update: changes, many }) as Doc
  if (old) return { acknowledged: true, matchedCount: matched, modifiedCount: modified }
  return { acknowledged: true, insertedId: null, matchedCount: matched, modifiedCount: modified, upsertedCount: 0 }
}

function ofCursor(thing: Thing & { kind: 'cursor' }, { name, args }: Step, link: Link, host: Host): Thing {
  const { db, find } = thing
  const [first] = args ?? []
  if (args && name === 'sort') return { kind: 'cursor', db, find: { ...find, sort: docOf(first, name) } }
  if (args && (name === 'limit' || name === 'skip') && typeof first === 'number')
    return { kind: 'cursor', db, find: { ...find, [name]: first } }
  if (args && name === 'pretty') return thing
  if (args && name === 'toArray') return value(send(host, link, db, find))
  if (args && (name === 'count' || name === 'size' || name === 'itcount'))
    return value((send(host, link, db, find) as readonly Doc[]).length)
  throw refused(`.${name}${args ? '()' : ''}`)
}
