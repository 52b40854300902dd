/** etcdctl txn: comparisons and requests, line by line, until there are three lists. */
import type { Said } from '../../../machinery/etcd-messages.ts'
import { CODES, type CommandLine, commandLine, Exit, wrong } from './command-line.ts'
import { delRequest, getRequest, putRequest } from './keys.ts'
import { asked, type Command, ended, hexNumber, isSet } from './run.ts'
import { bytesIn, shown } from './show.ts'

const RESULTS: Record<string, string> = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '>': 'GREATER', '<': 'LESS' }
const TARGETS: Record<string, [target: string, field: string]> = {
  ver: ['VERSION', 'version'],
  version: ['VERSION', 'version'],
  c: ['CREATE', 'create_revision'],
  create: ['CREATE', 'create_revision'],
  m: ['MOD', 'mod_revision'],
  mod: ['MOD', 'mod_revision'],
  val: ['VALUE', 'value'],
  value: ['VALUE', 'value'],
  lease: ['LEASE', 'lease'],
}

const invalid = (why: string): Exit => wrong(CODES.input, why)

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' }

/** What a text in Go's quotes means, as bytes. */
function unquoted(word: string): string {
  let bytes = ''
  for (const [, hex, plain, other] of word.slice(1, -1).matchAll(/\\x([0-9a-fA-F]{2})|\\([^x])|([^\\])/gu)) {
    if (hex) bytes += String.fromCharCode(Number.parseInt(hex, 16))
    else bytes += bytesIn(plain ? (ESCAPES[plain] ?? plain) : (other ?? ''))
  }
  return bytes
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"'
const COMPARISON = new RegExp(`^(${QUOTED})\\)\\s*(\\S+)\\s*(${QUOTED})`)

function comparison(line: string): Said {
  const [target = '', rest] = line.split(/\(([^]*)/)
  if (rest === undefined) throw invalid(`malformed comparison: ${line}`)
  const [, key, operator = '', value = ''] = COMPARISON.exec(rest) ?? []
  if (key === undefined) throw invalid(`malformed comparison: ${line}; got ${target}("")  ""`)
  const found = Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined
  if (!found) throw invalid(`malformed comparison: ${line} (unknown target ${target})`)
  const [name, field] = found
  const plain = unquoted(value)
  const lease = name === 'LEASE' ? hexNumber(plain) : { id: '0' }
  if ('why' in lease || (name !== 'VALUE' && name !== 'LEASE' && !/^[-+]?\d+$/.test(plain)))
    throw invalid(`invalid txn compare request: ${line}`)
  const sent = name === 'VALUE' ? plain : Number(plain)
  if (!Object.hasOwn(RESULTS, operator)) throw new Exit(2, 'panic: Unknown result op\n\ngoroutine 1 [running]:\n')
  // The real one hands a lease to what takes none.
  if (name === 'LEASE') throw new Exit(2, 'panic: bad value\n\ngoroutine 1 [running]:\n')
  return { result: RESULTS[operator], target: name, key: unquoted(key), [field]: sent }
}

const WORDS = /"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g

const REQUESTS: Record<string, (line: CommandLine) => Said> = {
  get: (line) => ({ request_range: getRequest(line) }),
  put: (line) => ({ request_put: putRequest(line, '') }),
  del: (line) => ({ request_delete_range: delRequest(line) }),
}

/** A request of a transaction, which is a command of the same words and flags. */
function operation(line: string): Said {
  const words = [...line.matchAll(WORDS)].map(([word]) =>
    /^["']/.test(word) ? (word.startsWith('"') ? unquoted(word) : word.slice(1, -1)) : word,
  )
  const make = Object.hasOwn(REQUESTS, words[0] ?? '') ? REQUESTS[words[0] as string] : undefined
  if (!make) throw invalid(`invalid txn request: ${line}`)
  let parsed: CommandLine
  try {
    parsed = commandLine(words)
  } catch (error) {
    if (error instanceof Exit) throw invalid(`invalid txn request: ${line}`)
    throw error
  }
  return make(parsed)
}

interface Memory {
  lists: [Said[], Said[], Said[]]
  at: number
  asked: boolean
}

const ASKS = ['compares:', 'success requests (get, put, del):', 'failure requests (get, put, del):']

export const txn: Command = (run) => {
  if (run.line.args.length > 0) throw wrong(CODES.arguments, 'txn command does not accept argument')
  const memory: Memory = run.memory ?? { lists: [[], [], []], at: 0, asked: false }
  let out = ''
  while (memory.at < 3) {
    if (isSet(run, 'interactive') && !memory.asked) out += `${ASKS[memory.at]}\n`
    memory.asked = true
    const line = run.input()
    if (line === undefined) return { out, memory }
    if (line === null) throw new Exit(CODES.input, 'Error: EOF\n', out)
    const bare = line.trim()
    if (bare === '') {
      memory.at += 1
      memory.asked = false
    } else memory.lists[memory.at as 0].push(memory.at === 0 ? comparison(bare) : operation(bare))
  }
  const [compare, success, failure] = memory.lists
  return ended(out + shown('KV/Txn', asked(run, 'KV/Txn', { compare, success, failure }), run.look))
}
