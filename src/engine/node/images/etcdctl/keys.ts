/** etcdctl get, put, del: the flags of each as a request, and what becomes of it. */
import type { Said } from '../../../machinery/etcd-messages.ts'
import { CODES, type CommandLine, valueFor, wrong } from './command-line.ts'
import { asked, type Command, ended, hexNumber, prefixEnd, type Turn } from './run.ts'
import { bytesIn, keyValueText, shown } from './show.ts'

const bad = (why: string) => wrong(CODES.arguments, why)
const TOO_MANY = 'too many arguments, only accept one argument when `--prefix` or `--from-key` is set'
const EXCLUSIVE = '`--prefix` and `--from-key` cannot be set at the same time, choose one'

/** Key and end of what the arguments and `--prefix`, `--from-key` mean. */
function rangeOf(line: CommandLine): { key: string; range_end?: string } {
  const [key = '', end] = line.args.map(bytesIn)
  const [prefix, fromKey] = ['prefix', 'from-key'].map((name) => valueFor(line, name) === 'true')
  if (end !== undefined && (prefix || fromKey)) throw bad(TOO_MANY)
  if (prefix && key !== '') return { key, range_end: prefixEnd(key) }
  if (prefix || fromKey) return { key: key || '\0', range_end: '\0' }
  return end === undefined ? { key } : { key, range_end: end }
}

const TARGETS: Record<string, string> = { CREATE: 'CREATE', KEY: 'KEY', MODIFY: 'MOD', VALUE: 'VALUE', VERSION: 'VERSION' }

function orderOf(line: CommandLine): Said {
  const [order, target] = ['order', 'sort-by'].map((name) => valueFor(line, name)) as [string, string]
  const sort_order = order.toUpperCase()
  if (!['', 'ASCEND', 'DESCEND'].includes(sort_order)) throw wrong(CODES.feature, `bad sort order ${order}`)
  if (target !== '' && !Object.hasOwn(TARGETS, target.toUpperCase())) throw wrong(CODES.feature, `bad sort target ${target}`)
  if (sort_order === '' && target === '') return {}
  return { sort_order: sort_order || 'ASCEND', sort_target: TARGETS[target.toUpperCase()] ?? 'KEY' }
}

/** A RangeRequest; throws what is wrong with the command. */
export function getRequest(line: CommandLine): Said {
  const set = (name: string): boolean => valueFor(line, name) === 'true'
  const number = (name: string): number => Number(valueFor(line, name))
  if (line.args.length === 0) throw bad('get command needs one argument as key and an optional argument as range_end')
  if (set('prefix') && set('from-key')) throw bad(EXCLUSIVE)
  if (set('keys-only') && set('count-only'))
    throw bad('`--keys-only` and `--count-only` cannot be set at the same time, choose one')
  const consistency = valueFor(line, 'consistency')
  if (!['s', 'l'].includes(consistency)) throw wrong(CODES.feature, `unknown consistency flag ${JSON.stringify(consistency)}`)
  return {
    ...rangeOf(line),
    limit: number('limit'),
    revision: Math.max(0, number('rev')),
    ...orderOf(line),
    serializable: consistency === 's',
    keys_only: set('keys-only'),
    count_only: set('count-only'),
    min_mod_revision: number('min-mod-rev'),
    max_mod_revision: number('max-mod-rev'),
    min_create_revision: number('min-create-rev'),
    max_create_revision: number('max-create-rev'),
  }
}

export const get: Command = (run) => {
  const { line, look } = run
  const request = getRequest(line)
  const valueOnly = valueFor(line, 'print-value-only') === 'true'
  const answer = asked(run, 'KV/Range', request)
  if (request['count_only'] && look.format !== 'fields') throw bad('--count-only is only for `--write-out=fields`')
  if (valueOnly && look.format !== 'simple') throw bad('print-value-only is only for `--write-out=simple`')
  const simple = ({ kvs = [] }: Said): string => kvs.map((each: Said) => keyValueText(each, look, valueOnly)).join('')
  return ended(shown('KV/Range', answer, look, simple))
}

const PUT_NEEDS = 'put command needs 1 argument and input from stdin or 2 arguments'

/** A PutRequest; `input` is what came on standard input. */
export function putRequest(line: CommandLine, input: string): Said {
  const set = (name: string): boolean => valueFor(line, name) === 'true'
  const [key, value = input] = line.args
  if (key === undefined) throw bad(PUT_NEEDS)
  if (set('ignore-value') && line.args.length > 1) throw bad("put command needs only 1 argument when 'ignore-value' is set")
  if (!set('ignore-value') && line.args.length < 2 && value === '') throw bad(PUT_NEEDS)
  const lease = hexNumber(valueFor(line, 'lease'))
  if ('why' in lease) throw bad(`bad lease ID (${lease.why}), expecting ID in Hex`)
  return {
    key: bytesIn(key),
    value: set('ignore-value') ? '' : bytesIn(value),
    lease: lease.id,
    prev_kv: set('prev-kv'),
    ignore_value: set('ignore-value'),
    ignore_lease: set('ignore-lease'),
  }
}

export const put: Command = (run) => {
  const { line, look } = run
  let text: string = run.memory ?? ''
  if (line.args.length === 1 && valueFor(line, 'ignore-value') !== 'true') {
    for (let next = run.input(); next !== null; next = run.input()) {
      if (next === undefined) return { memory: text }
      text += next
    }
  }
  return ended(shown('KV/Put', asked(run, 'KV/Put', putRequest(line, text)), look))
}

/** A DeleteRangeRequest. */
export function delRequest(line: CommandLine): Said {
  const set = (name: string): boolean => valueFor(line, name) === 'true'
  if (line.args.length === 0 || line.args.length > 2)
    throw bad('del command needs one argument as key and an optional argument as range_end')
  if (set('prefix') && set('from-key')) throw bad(EXCLUSIVE)
  return { ...rangeOf(line), prev_kv: set('prev-kv') }
}

/** Whoever deletes a range may think better of it. */
const REGRET_MS = 2000

export const del: Command = (run): Turn => {
  const { line, look } = run
  const request = delRequest(line)
  const [from, end] = line.args
  if (end !== undefined && valueFor(line, 'range') !== 'true' && run.memory === null) {
    const advice = `Please interrupt the command within next 2 seconds to cancel. You can provide \`--range\` flag to avoid the delay.`
    const err = `Warning: Keys between ${JSON.stringify(from)} and ${JSON.stringify(end)} will be deleted. ${advice}\n`
    return { err, waitMs: REGRET_MS, memory: 'warned' }
  }
  return ended(shown('KV/DeleteRange', asked(run, 'KV/DeleteRange', request), look))
}
