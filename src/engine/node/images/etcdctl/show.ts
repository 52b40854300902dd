/** How etcdctl prints answers: simple, as JSON, as fields, as tables. */
import { textOf, bytesOf as utf8 } from '#api/bytes.ts'
import { bytesOf, latin1, toBytes } from '../../../machinery/etcd-bytes.ts'
import { hexId } from '../../../machinery/etcd-identity.ts'
import { jsonText } from '../../../machinery/etcd-json.ts'
import { METHODS, type Message, type Said } from '../../../machinery/etcd-messages.ts'
import { CODES, type CommandLine, valueFor, wrong } from './command-line.ts'

export const FORMATS = ['simple', 'json', 'fields', 'table', 'protobuf']

export interface Look {
  format: string
  hex: boolean
}

export function lookOf(line: CommandLine): Look {
  const format = valueFor(line, 'write-out')
  if (!FORMATS.includes(format)) throw wrong(CODES.feature, 'unsupported output format')
  return { format, hex: valueFor(line, 'hex') === 'true' }
}

const text = (bytes: string): string => textOf(bytesOf(bytes))
const hexed = (bytes: string): string =>
  [...bytes].map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

/** Go's %q. */
export function quoted(bytes: string): string {
  const escapes: Record<string, string> = {
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\b': '\\b',
    '\f': '\\f',
    '\v': '\\v',
    '\x07': '\\a',
  }
  const escaped = (char: string): string => {
    if (char === '"' || char === '\\') return `\\${char}`
    const code = char.codePointAt(0) as number
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
    return code < 32 || code === 127 ? (escapes[char] ?? `\\x${code.toString(16).padStart(2, '0')}`) : char
  }
  return `"${[...text(bytes)].map(escaped).join('')}"`
}

export function keyValueText({ key = '', value = '' }: Said, { hex }: Look, valueOnly = false): string {
  const shown = hex ? hexed : text
  return `${valueOnly ? '' : `${shown(key)}\n`}${shown(value)}\n`
}

export const headerFields = (
  { cluster_id: cluster = 0, member_id: member = 0, revision = 0, raft_term: term = 0 }: Said,
  hex = false,
): string => {
  const id = (value: string | number): string => (hex ? hexId(String(value)) : String(value))
  const line = revision > 0 ? `"Revision" : ${revision}\n` : ''
  return `"ClusterID" : ${id(cluster)}\n"MemberID" : ${id(member)}\n${line}"RaftTerm" : ${term}\n`
}

export function keyFields(stored: Said, before = ''): string {
  const { key = '', create_revision: made = 0, mod_revision: changed = 0, version = 0, value = '', lease = '0' } = stored
  return `"${before}Key" : ${quoted(key)}\n"${before}CreateRevision" : ${made}\n"${before}ModRevision" : ${changed}\n"${before}Version" : ${version}\n"${before}Value" : ${quoted(value)}\n"${before}Lease" : ${lease}\n`
}

const rangeFields = ({ header = {}, kvs = [], more = false, count = 0 }: Said): string =>
  `${headerFields(header)}${kvs.map((each: Said) => keyFields(each)).join('')}"More" : ${more}\n"Count" : ${count}\n`
const putFields = ({ header = {}, prev_kv: before }: Said): string =>
  headerFields(header) + (before ? keyFields(before, 'Prev') : '')
const deleteFields = ({ header = {}, deleted = 0, prev_kvs: before = [] }: Said): string =>
  `${headerFields(header)}"Deleted" : ${deleted}\n${before.map((each: Said) => keyFields(each, 'Prev')).join('')}`

const operationFields = (each: Said): string =>
  each['response_put']
    ? putFields(each['response_put'])
    : each['response_delete_range']
      ? deleteFields(each['response_delete_range'])
      : rangeFields(each['response_range'] ?? {})

const FIELDS: Record<string, (said: Said) => string> = {
  'KV/Range': rangeFields,
  'KV/Put': putFields,
  'KV/DeleteRange': deleteFields,
  'KV/Txn': ({ header, succeeded = false, responses = [] }) =>
    `${headerFields(header)}"Succeeded" : ${succeeded}\n${responses.map(operationFields).join('')}`,
  'Lease/LeaseRevoke': ({ header }) => headerFields(header),
  'Maintenance/Alarm': ({ header }) => headerFields(header),
}

const rangeText = ({ kvs = [] }: Said, look: Look): string => kvs.map((each: Said) => keyValueText(each, look)).join('')
const putText = ({ prev_kv: before }: Said, look: Look): string => `OK\n${before ? keyValueText(before, look) : ''}`
const deleteText = ({ deleted = 0, prev_kvs: before = [] }: Said, look: Look): string =>
  `${deleted}\n${before.map((each: Said) => keyValueText(each, look)).join('')}`

const operationText = (each: Said, look: Look): string =>
  each['response_put']
    ? putText(each['response_put'], look)
    : each['response_delete_range']
      ? deleteText(each['response_delete_range'], look)
      : rangeText(each['response_range'] ?? {}, look)

export const SIMPLE: Record<string, (said: Said, look: Look) => string> = {
  'KV/Range': rangeText,
  'KV/Put': putText,
  'KV/DeleteRange': deleteText,
  'KV/Txn': ({ succeeded, responses = [] }, look) =>
    `${succeeded ? 'SUCCESS' : 'FAILURE'}\n${responses.map((each: Said) => `\n${operationText(each, look)}`).join('')}`,
  'Maintenance/Alarm': () => '',
}

function goJson(method: string, said: Said): string {
  const { gives } = METHODS[method] as (typeof METHODS)[string]
  if (method !== 'KV/Txn') return jsonText(gives, said, 'go')
  const { responses = [], ...rest } = said
  const one = gives.fields['responses']?.[1] as Message
  const list = responses.map((each: Said) => `{"Response":${jsonText(one, each, 'go')}}`).join(',')
  return `${jsonText(gives, rest, 'go').slice(0, -1)}${list ? `,"responses":[${list}]` : ''}}`
}

export const unsupported = (format: string): ReturnType<typeof wrong> =>
  wrong(CODES.feature, `${format} not supported as output format`)

/** An answer in the format that is asked for; `simple` in place of the usual words. */
export function shown(method: string, said: Said, look: Look, simple = SIMPLE[method]): string {
  const { format } = look
  if (format === 'simple' && simple) return simple(said, look)
  if (format === 'json') return `${goJson(method, said)}\n`
  if (format === 'protobuf') return text(toBytes((METHODS[method] as (typeof METHODS)[string]).gives, said))
  const fields = FIELDS[method]
  if (format !== 'fields' || !fields) throw unsupported(format)
  return fields(said)
}

/** tablewriter's: headings in the middle, cells at the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? '').length)))
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`
  const middle = (heading: string, width: number): string => {
    const gap = width - heading.length
    return ' '.repeat(Math.floor(gap / 2)) + heading + ' '.repeat(Math.ceil(gap / 2))
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const body = rows.map((row) => line(row.map((cell, i) => cell.padStart(widths[i] as number)))).join('')
  return `${rule}${line(headings.map((heading, i) => middle(heading, widths[i] as number)))}${rule}${body}${rule}`
}

/** `29 kB`: humanize.Bytes. */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const e = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3 + 1e-12))
  const value = Math.floor((bytes / 1000 ** e) * 10 + 0.5) / 10
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[e]}`
}

export const bytesIn = (word: string): string => latin1(utf8(word))
