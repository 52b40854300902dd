/** What mongod keeps, and what commands do to it: plain data in, an answer and plain data out. */
import { type Doc, isDoc, isSpecial, type Value } from './mongo-values.ts'
import { MongoError } from './mongo-words.ts'

/** Databases, their collections, their documents. */
export type Databases = Readonly<Record<string, Collections>>
export type Collections = Readonly<Record<string, readonly Doc[]>>

/** Commands by MongoDB's own names, as far as they are simulated. */
export type Command =
  | { name: 'ping' | 'hello' | 'buildInfo' | 'listDatabases' | 'listCollections' | 'dropDatabase' }
  | { name: 'create' | 'drop'; collection: string }
  | { name: 'insert'; collection: string; documents: readonly Doc[] }
  | { name: 'find'; collection: string; filter: Doc; sort?: Doc; skip?: number; limit?: number }
  | { name: 'aggregate'; collection: string; filter: Doc }
  | { name: 'update'; collection: string; filter: Doc; update: Doc; many: boolean }
  | { name: 'delete'; collection: string; filter: Doc; many: boolean }

type Changed = { answer: Value; collections?: Collections }

const server = (message: string, codeName: string): MongoError => new MongoError('MongoServerError', message, codeName)
const unknown = (what: string): MongoError =>
  server(
    `${what}: this simulated mongod knows the operators ${Object.keys(TESTS).join(' ')} $and $or, $set $unset $inc $push`,
    'BadValue',
  )

// ——— which documents

const same = (a: Value | undefined, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b)

const plain = (value: Value | undefined): Value | undefined =>
  isDoc(value) && isSpecial(value) ? (value['$oid'] ?? value['$date']) : value

/** Only values of a type are compared. */
function compare(a: Value | undefined, b: Value): number | null {
  const [left, right] = [plain(a), plain(b)]
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right)
  return null
}

/** Equal, or a list that has it; what is absent equals null. */
const equals = (value: Value | undefined, wanted: Value): boolean =>
  same(value ?? null, wanted) || (Array.isArray(value) && value.some((each) => same(each, wanted)))
const ordered = (value: Value | undefined, wanted: Value, holds: (order: number) => boolean): boolean =>
  (Array.isArray(value) ? value : [value]).some((each) => {
    const order = compare(each, wanted)
    return order !== null && holds(order)
  })
function listed(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  throw server('$in needs an array', 'BadValue')
}

const TESTS: Readonly<Record<string, (value: Value | undefined, wanted: Value) => boolean>> = {
  $eq: equals,
  $ne: (value, wanted) => !equals(value, wanted),
  $gt: (value, wanted) => ordered(value, wanted, (order) => order > 0),
  $gte: (value, wanted) => ordered(value, wanted, (order) => order >= 0),
  $lt: (value, wanted) => ordered(value, wanted, (order) => order < 0),
  $lte: (value, wanted) => ordered(value, wanted, (order) => order <= 0),
  $in: (value, wanted) => listed(wanted).some((each) => equals(value, each)),
  $nin: (value, wanted) => !listed(wanted).some((each) => equals(value, each)),
  $exists: (value, wanted) => (value !== undefined) === Boolean(wanted),
}

const at = (value: Value | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((each, name) => {
    if (Array.isArray(each)) return (each as readonly Value[])[Number(name)]
    return isDoc(each) && Object.hasOwn(each, name) ? each[name] : undefined
  }, value)

/** So deep may conditions lie within each other. */
const DEEPEST_QUERY = 100

function matches(doc: Doc, filter: Doc, depth = 0): boolean {
  if (depth > DEEPEST_QUERY)
    throw server(`exceeded maximum query tree depth of ${DEEPEST_QUERY} at ${JSON.stringify(filter)}`, 'BadValue')
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === '$and' || name === '$or') {
      const parts = listed(wanted).map((part) => matches(doc, isDoc(part) ? part : {}, depth + 1))
      return name === '$and' ? parts.every(Boolean) : parts.some(Boolean)
    }
    if (name.startsWith('$')) throw unknown(name)
    const value = at(doc, name.split('.'))
    const operators = isDoc(wanted) && !isSpecial(wanted) ? Object.entries(wanted) : []
    if (!operators[0]?.[0].startsWith('$')) return equals(value, wanted)
    return operators.every(([operator, operand]) => {
      const holds = Object.hasOwn(TESTS, operator) ? TESTS[operator] : undefined
      if (!holds) throw unknown(operator)
      return holds(value, operand)
    })
  })
}

function found(docs: readonly Doc[], { filter, sort = {}, skip = 0, limit = 0 }: Command & { name: 'find' }): Doc[] {
  const fields = Object.entries(sort)
  const all = docs.filter((doc) => matches(doc, filter))
  // What is absent comes first.
  const rank = (a: Value | undefined, b: Value | undefined): number =>
    b === undefined ? Number(a !== undefined) : a === undefined ? -1 : (compare(a, b) ?? 0)
  const order = (a: Doc, b: Doc): number => {
    for (const [name, way] of fields) {
      const each = rank(at(a, name.split('.')), at(b, name.split('.')))
      if (each !== 0) return each * Number(way)
    }
    return 0
  }
  return (fields.length > 0 ? all.sort(order) : all).slice(skip, limit > 0 ? skip + limit : undefined)
}

// ——— changes

function put(doc: Doc, [name = '', ...rest]: readonly string[], change: (old: Value | undefined) => Value | undefined): Doc {
  const old = Object.hasOwn(doc, name) ? doc[name] : undefined
  if (rest.length > 0 && old !== undefined && !isDoc(old))
    throw server(`Cannot create field '${rest[0]}' in element {${name}: ${JSON.stringify(old)}}`, 'PathNotViable')
  const value = rest.length > 0 ? put(isDoc(old) ? old : {}, rest, change) : change(old)
  if (value !== undefined) return { ...doc, [name]: value }
  return Object.fromEntries(Object.entries(doc).filter(([field]) => field !== name))
}

const CHANGES: Readonly<Record<string, (old: Value | undefined, operand: Value, name: string) => Value | undefined>> = {
  $set: (_old, operand) => operand,
  $unset: () => undefined,
  $inc(old = 0, operand, name) {
    if (typeof old === 'number' && typeof operand === 'number') {
      if (Number.isFinite(old + operand)) return old + operand
      throw server('Failed to apply $inc operations to current value', 'BadValue')
    }
    throw server(`Cannot apply $inc to a value of non-numeric type: '${name}'`, 'TypeMismatch')
  },
  $push(old = [], operand, name) {
    if (Array.isArray(old)) return [...old, operand]
    throw server(`The field '${name}' must be an array`, 'BadValue')
  },
}

function updated(doc: Doc, update: Doc): Doc {
  let next = doc
  for (const [operator, fields] of Object.entries(update)) {
    const change = Object.hasOwn(CHANGES, operator) ? CHANGES[operator] : undefined
    if (!change || !isDoc(fields)) throw unknown(operator)
    for (const [name, operand] of Object.entries(fields)) {
      const path = name.split('.')
      if (path.length + depthOf(operand) > DEEPEST)
        throw server(`Document exceeds maximum nested object depth of ${DEEPEST}`, 'Overflow')
      next = put(next, path, (old) => change(old, operand, name))
      if (!same(next['_id'], doc['_id'] ?? null))
        throw server("Performing an update on the path '_id' would modify the immutable field '_id'", 'ImmutableField')
    }
  }
  return next
}

/** So deep may lie what a document holds. */
const DEEPEST = 180
const depthOf = (value: Value): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.values(value).reduce<number>((deepest, each: Value) => Math.max(deepest, 1 + depthOf(each)), 1)

/** The first that is meant, or all. */
function each(docs: readonly Doc[], filter: Doc, many: boolean): Set<Doc> {
  const meant = docs.filter((doc) => matches(doc, filter))
  return new Set(many ? meant : meant.slice(0, 1))
}

function inserted(docs: readonly Doc[], documents: readonly Doc[], namespace: string): readonly Doc[] {
  if (documents.some((doc) => depthOf(doc) > DEEPEST))
    throw server(`cannot insert document because it exceeds ${DEEPEST} levels of nesting`, 'Overflow')
  const ids = new Set(docs.map((doc) => JSON.stringify(doc['_id'])))
  for (const { _id: id = null } of documents) {
    const text = JSON.stringify(id)
    if (ids.has(text)) {
      const shown = isDoc(id) && isSpecial(id) ? `ObjectId('${id['$oid'] ?? ''}')` : text
      throw server(`E11000 duplicate key error collection: ${namespace} index: _id_ dup key: { _id: ${shown} }`, 'DuplicateKey')
    }
    ids.add(text)
  }
  return [...docs, ...documents]
}

/** What a command does within a database. */
export function run(command: Extract<Command, { collection: string }>, collections: Collections, db: string): Changed {
  const { collection } = command
  const there = Object.hasOwn(collections, collection)
  const docs = (there && collections[collection]) || []
  const kept = (next: readonly Doc[]): Collections => ({ ...collections, [collection]: next })
  switch (command.name) {
    case 'create':
      if (there) throw server(`Collection ${db}.${collection} already exists.`, 'NamespaceExists')
      return { answer: { ok: 1 }, collections: kept([]) }
    case 'drop': {
      const { [collection]: _gone, ...rest } = collections
      return there ? { answer: true, collections: rest } : { answer: true }
    }
    case 'insert':
      return { answer: { ok: 1 }, collections: kept(inserted(docs, command.documents, `${db}.${collection}`)) }
    case 'find':
      return { answer: found(docs, command) }
    case 'aggregate':
      return { answer: docs.filter((doc) => matches(doc, command.filter)).length }
    case 'update': {
      const meant = each(docs, command.filter, command.many)
      let modified = 0
      const next = docs.map((doc) => {
        if (!meant.has(doc)) return doc
        const after = updated(doc, command.update)
        if (!same(after, doc)) modified++
        return after
      })
      return { answer: { matched: meant.size, modified }, ...(modified > 0 ? { collections: kept(next) } : {}) }
    }
    default: {
      const meant = each(docs, command.filter, command.many)
      return { answer: meant.size, ...(meant.size > 0 ? { collections: kept(docs.filter((doc) => !meant.has(doc))) } : {}) }
    }
  }
}
