/** What a redis server keeps, and what its commands do to it: plain data in, an answer and plain data out. */
export type Value = { readonly until?: number } & (
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'list' | 'set'; readonly items: readonly string[] }
  | { readonly type: 'hash'; readonly fields: readonly (readonly [string, string])[] }
)
export type Keys = Readonly<Record<string, Value>>

/** As the protocol has them. */
export type Answer = { status: string } | { error: string } | { text: string | null } | { integer: number } | { items: Answer[] }

type Outcome = [Answer, Keys?]
type Run = (args: readonly string[], keys: Keys, now: number) => Outcome

interface RedisCommand {
  /** How many arguments at least and at most. */
  least: number
  most?: number
  writes?: true
  run: Run
}

const OK: Answer = { status: 'OK' }
const WRONG_TYPE: Answer = { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' }
const NO_INTEGER: Answer = { error: 'ERR value is not an integer or out of range' }
const SYNTAX: Answer = { error: 'ERR syntax error' }
const text = (value: string | null): Answer => ({ text: value })
const integer = (value: number): Answer => ({ integer: value })
const texts = (values: readonly string[]): Answer => ({ items: values.map(text) })

const isWhole = (word: string): boolean => /^-?\d{1,15}$/.test(word)

function without(keys: Keys, names: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([name]) => !names.includes(name)))
}
const put = (keys: Keys, name: string, value: Value): Keys => ({ ...keys, [name]: value })
const at = (keys: Keys, name: string): Value | undefined => (Object.hasOwn(keys, name) ? keys[name] : undefined)

/** What has expired is gone; the very same keys when nothing has. */
export function alive(keys: Keys, now: number): Keys {
  const dead = Object.keys(keys).filter((name) => ((keys[name] as Value).until ?? Number.POSITIVE_INFINITY) <= now)
  return dead.length === 0 ? keys : without(keys, dead)
}

/** Whether a letter is one that a piece of a glob takes; null stands for `*`. */
type Piece = ((letter: string) => boolean) | null

/** `h?llo*[a-c]`; a backslash takes the next one as it is. */
function piecesOf(glob: string): Piece[] {
  const pieces: Piece[] = []
  for (let i = 0; i < glob.length; i++) {
    const letter = glob[i] as string
    const end = letter === '[' ? glob.indexOf(']', i + 1) : -1
    if (letter === '*') pieces.push(null)
    else if (letter === '?') pieces.push(() => true)
    else if (end > 0) {
      pieces.push(groupOf(glob.slice(i + 1, end)))
      i = end
    } else {
      const meant = letter === '\\' && i + 1 < glob.length ? glob[++i] : letter
      pieces.push((one) => one === meant)
    }
  }
  return pieces
}

function groupOf(group: string): (letter: string) => boolean {
  const not = group.startsWith('^')
  const ranges = [...group.slice(not ? 1 : 0).matchAll(/\\?(.)(?:-(.))?/gsu)].map(([, a = '', b = a]) =>
    a < b ? [a, b] : [b, a],
  )
  return (letter) => ranges.some(([a = '', b = '']) => letter >= a && letter <= b) !== not
}

/** Whether names are like a glob: no glob can make this take long. */
export function likeGlob(glob: string): (name: string) => boolean {
  const pieces = piecesOf(glob)
  return (name) => {
    let [at, next] = [0, 0]
    // Where the last `*` stood, and how much of the name it takes.
    let [any, taken] = [-1, 0]
    while (at < name.length) {
      const piece = pieces[next]
      if (piece === null) [any, taken] = [next++, at]
      else if (piece?.(name[at] as string)) [at, next] = [at + 1, next + 1]
      else if (any < 0) return false
      else [at, next] = [++taken, any + 1]
    }
    return pieces.slice(next).every((piece) => piece === null)
  }
}

/** Runs with the value of a type; a missing one is empty, one of another type is refused. */
function listOf(keys: Keys, name: string, type: 'list' | 'set'): readonly string[] | null {
  const value = at(keys, name)
  if (!value) return []
  return value.type === type && 'items' in value ? value.items : null
}
function hashOf(keys: Keys, name: string): readonly (readonly [string, string])[] | null {
  const value = at(keys, name)
  if (!value) return []
  return value.type === 'hash' ? value.fields : null
}
const keeping = (keys: Keys, name: string): { until?: number } => {
  const until = at(keys, name)?.until
  return until === undefined ? {} : { until }
}
/** Collections that are empty are gone. */
function collection(keys: Keys, name: string, type: 'list' | 'set', items: readonly string[]): Keys {
  return items.length === 0 ? without(keys, [name]) : put(keys, name, { type, items, ...keeping(keys, name) })
}

function stringOf(keys: Keys, name: string): string | null | undefined {
  const value = at(keys, name)
  return value ? (value.type === 'string' ? value.text : undefined) : null
}

const read = (run: (value: string | null) => Answer): Run => {
  return ([name = ''], keys) => {
    const value = stringOf(keys, name)
    return [value === undefined ? WRONG_TYPE : run(value)]
  }
}

const count = (sign: number, by: boolean): Run => {
  return ([name = '', step = '1'], keys) => {
    const value = stringOf(keys, name)
    if (value === undefined) return [WRONG_TYPE]
    if (!isWhole(value ?? '0') || (by && !isWhole(step))) return [NO_INTEGER]
    const next = Number(value ?? '0') + sign * Number(step)
    return [integer(next), put(keys, name, { type: 'string', text: String(next), ...keeping(keys, name) })]
  }
}

function set([name = '', value = '', ...options]: readonly string[], keys: Keys, now: number): Outcome {
  let until: number | undefined
  const words = options.map((word) => word.toUpperCase())
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === 'EX' || word === 'PX') {
      const time = options[++i] ?? ''
      if (!isWhole(time)) return [time === '' ? SYNTAX : NO_INTEGER]
      if (Number(time) <= 0) return [{ error: "ERR invalid expire time in 'set' command" }]
      until = now + Number(time) * (word === 'EX' ? 1000 : 1)
    } else if (!['NX', 'XX', 'KEEPTTL', 'GET'].includes(word)) return [SYNTAX]
  }
  if (words.includes('NX') && words.includes('XX')) return [SYNTAX]
  const old = at(keys, name)
  const before = stringOf(keys, name)
  if (words.includes('GET') && before === undefined) return [WRONG_TYPE]
  const answer = words.includes('GET') ? text(before ?? null) : OK
  if (words.includes('NX') ? old : words.includes('XX') && !old) return [words.includes('GET') ? answer : text(null)]
  if (words.includes('KEEPTTL')) until = old?.until
  return [answer, put(keys, name, { type: 'string', text: value, ...(until === undefined ? {} : { until }) })]
}

const push = (left: boolean): Run => {
  return ([name = '', ...values], keys) => {
    const items = listOf(keys, name, 'list')
    if (!items) return [WRONG_TYPE]
    const next = left ? [...[...values].reverse(), ...items] : [...items, ...values]
    return [integer(next.length), collection(keys, name, 'list', next)]
  }
}
const pop = (left: boolean): Run => {
  return ([name = ''], keys) => {
    const items = listOf(keys, name, 'list')
    if (!items) return [WRONG_TYPE]
    if (items.length === 0) return [text(null)]
    const rest = left ? items.slice(1) : items.slice(0, -1)
    return [text((left ? items[0] : items.at(-1)) ?? null), collection(keys, name, 'list', rest)]
  }
}

function range([name = '', from = '', to = '']: readonly string[], keys: Keys): Outcome {
  const items = listOf(keys, name, 'list')
  if (!isWhole(from) || !isWhole(to)) return [NO_INTEGER]
  if (!items) return [WRONG_TYPE]
  const place = (word: string): number => (Number(word) < 0 ? items.length + Number(word) : Number(word))
  return [texts(items.slice(Math.max(0, place(from)), place(to) + 1))]
}

function hset([name = '', ...pairs]: readonly string[], keys: Keys): Outcome {
  if (pairs.length % 2) return [{ error: "ERR wrong number of arguments for 'hset' command" }]
  const fields = hashOf(keys, name)
  if (!fields) return [WRONG_TYPE]
  const next = new Map(fields)
  for (let i = 0; i < pairs.length; i += 2) next.set(pairs[i] as string, pairs[i + 1] as string)
  return [integer(next.size - fields.length), put(keys, name, { type: 'hash', fields: [...next], ...keeping(keys, name) })]
}
function hdel([name = '', ...gone]: readonly string[], keys: Keys): Outcome {
  const fields = hashOf(keys, name)
  if (!fields) return [WRONG_TYPE]
  const left = fields.filter(([field]) => !gone.includes(field))
  const next = left.length === 0 ? without(keys, [name]) : put(keys, name, { type: 'hash', fields: left, ...keeping(keys, name) })
  return [integer(fields.length - left.length), next]
}
const hash = (of: (fields: readonly (readonly [string, string])[], field: string) => Answer): Run => {
  return ([name = '', field = ''], keys) => {
    const fields = hashOf(keys, name)
    return [fields ? of(fields, field) : WRONG_TYPE]
  }
}

const change = (of: (items: readonly string[], values: readonly string[]) => readonly string[]): Run => {
  return ([name = '', ...values], keys) => {
    const items = listOf(keys, name, 'set')
    if (!items) return [WRONG_TYPE]
    const next = of(items, values)
    return [integer(Math.abs(next.length - items.length)), collection(keys, name, 'set', next)]
  }
}
const collected = (type: 'list' | 'set', of: (items: readonly string[], value: string) => Answer): Run => {
  return ([name = '', value = ''], keys) => {
    const items = listOf(keys, name, type)
    return [items ? of(items, value) : WRONG_TYPE]
  }
}

function expire([name = '', seconds = '', ...more]: readonly string[], keys: Keys, now: number): Outcome {
  if (!isWhole(seconds)) return [NO_INTEGER]
  if (more.length > 0) return [{ error: `ERR Unsupported option ${more[0]}` }]
  const value = at(keys, name)
  if (!value) return [integer(0)]
  return [integer(1), alive(put(keys, name, { ...value, until: now + Number(seconds) * 1000 }), now)]
}
const left = (unit: number): Run => {
  return ([name = ''], keys, now) => {
    const value = at(keys, name)
    if (!value) return [integer(-2)]
    return [integer(value.until === undefined ? -1 : Math.round((value.until - now) / unit))]
  }
}
function persist([name = '']: readonly string[], keys: Keys): Outcome {
  const value = at(keys, name)
  if (value?.until === undefined) return [integer(0)]
  const { until: _until, ...rest } = value
  return [integer(1), put(keys, name, rest as Value)]
}
function mset(args: readonly string[], keys: Keys): Outcome {
  if (args.length % 2) return [{ error: "ERR wrong number of arguments for 'mset' command" }]
  let next = keys
  for (let i = 0; i < args.length; i += 2) next = put(next, args[i] as string, { type: 'string', text: args[i + 1] as string })
  return [OK, next]
}
const MOST_BYTES = 500_000_000
const TOO_LONG: Answer = { error: 'ERR string exceeds maximum allowed size (proto-max-bulk-len)' }

function append([name = '', more = '']: readonly string[], keys: Keys): Outcome {
  const value = stringOf(keys, name)
  if (value === undefined) return [WRONG_TYPE]
  if ((value ?? '').length + more.length > MOST_BYTES) return [TOO_LONG]
  const whole = (value ?? '') + more
  return [integer(whole.length), put(keys, name, { type: 'string', text: whole, ...keeping(keys, name) })]
}
function del(args: readonly string[], keys: Keys): Outcome {
  const names = [...new Set(args)].filter((name) => at(keys, name))
  return [integer(names.length), names.length > 0 ? without(keys, names) : keys]
}

const writing = (least: number, most: number | undefined, run: Run): RedisCommand => ({
  least,
  ...(most === undefined ? {} : { most }),
  writes: true,
  run,
})
const reading = (least: number, most: number | undefined, run: Run): RedisCommand => ({
  least,
  ...(most === undefined ? {} : { most }),
  run,
})
const MANY = undefined

export const COMMANDS: Readonly<Record<string, RedisCommand>> = {
  append: writing(2, 2, append),
  dbsize: reading(0, 0, (_, keys) => [integer(Object.keys(keys).length)]),
  decr: writing(1, 1, count(-1, false)),
  decrby: writing(2, 2, count(-1, true)),
  del: writing(1, MANY, del),
  echo: reading(1, 1, ([word = '']) => [text(word)]),
  exists: reading(1, MANY, (names, keys) => [integer(names.filter((name) => at(keys, name)).length)]),
  expire: writing(2, MANY, expire),
  flushall: writing(0, 1, () => [OK, {}]),
  flushdb: writing(0, 1, () => [OK, {}]),
  get: reading(1, 1, read(text)),
  hdel: writing(2, MANY, hdel),
  hget: reading(
    2,
    2,
    hash((fields, field) => text(fields.find(([name]) => name === field)?.[1] ?? null)),
  ),
  hgetall: reading(
    1,
    1,
    hash((fields) => texts(fields.flat())),
  ),
  hkeys: reading(
    1,
    1,
    hash((fields) => texts(fields.map(([name]) => name))),
  ),
  hlen: reading(
    1,
    1,
    hash((fields) => integer(fields.length)),
  ),
  hset: writing(3, MANY, hset),
  hvals: reading(
    1,
    1,
    hash((fields) => texts(fields.map(([, value]) => value))),
  ),
  incr: writing(1, 1, count(1, false)),
  incrby: writing(2, 2, count(1, true)),
  keys: reading(1, 1, ([glob = ''], keys) => {
    const isWanted = likeGlob(glob)
    return [texts(Object.keys(keys).filter(isWanted))]
  }),
  llen: reading(
    1,
    1,
    collected('list', (items) => integer(items.length)),
  ),
  lpop: writing(1, 1, pop(true)),
  lpush: writing(2, MANY, push(true)),
  lrange: reading(3, 3, range),
  mget: reading(1, MANY, (names, keys) => [{ items: names.map((name) => text(stringOf(keys, name) ?? null)) }]),
  mset: writing(2, MANY, mset),
  persist: writing(1, 1, persist),
  ping: reading(0, 1, ([word]) => [word === undefined ? { status: 'PONG' } : text(word)]),
  pttl: reading(1, 1, left(1)),
  rpop: writing(1, 1, pop(false)),
  rpush: writing(2, MANY, push(false)),
  sadd: writing(
    2,
    MANY,
    change((items, values) => [...new Set([...items, ...values])]),
  ),
  scard: reading(
    1,
    1,
    collected('set', (items) => integer(items.length)),
  ),
  set: writing(2, MANY, set),
  sismember: reading(
    2,
    2,
    collected('set', (items, value) => integer(Number(items.includes(value)))),
  ),
  smembers: reading(1, 1, collected('set', texts)),
  srem: writing(
    2,
    MANY,
    change((items, values) => items.filter((item) => !values.includes(item))),
  ),
  strlen: reading(
    1,
    1,
    read((value) => integer((value ?? '').length)),
  ),
  ttl: reading(1, 1, left(1000)),
  type: reading(1, 1, ([name = ''], keys) => [{ status: at(keys, name)?.type ?? 'none' }]),
}
