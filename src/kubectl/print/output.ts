/** Output formats: `-o yaml`, `json`, `name`, `jsonpath`, `custom-columns`; each prints objects, none of them asks the server. */
import type { AnyObject } from '#api/meta.ts'
import { toYaml } from '#api/yaml.ts'
import { type Flags, KubectlError } from '../command.ts'
import { isInStructs, isTyped } from '../typed.ts'
import { customColumns } from './custom-columns.ts'
import { goTemplate } from './go-template.ts'
import { jsonPathPrinter } from './json-path.ts'
import { toKyaml } from './kyaml.ts'
import { sortedKeys } from './sorted.ts'

/** Prints one object or a list; null when the format is a table (none or `wide`). */
export type Printer = (object: AnyObject, named: string) => string

const FORMATS = [
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'kyaml',
  'name',
  'template',
  'templatefile',
  'yaml',
]
/** What shells offer behind `-o`. */
export const OUTPUTS = [
  'json',
  'yaml',
  'kyaml',
  'name',
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'custom-columns',
  'custom-columns-file',
  'wide',
]

/** What `get` takes besides. */
const TABLES = ['custom-columns', 'custom-columns-file', 'wide']

export function printerFor(flags: Flags, operation = ''): Printer | null {
  const [format = '', ...more] = flags.text('output').split('=')
  const argument = more.join('=') || flags.text('template')
  const keep = flags.is('show-managed-fields')
  if (more.length > 0 && PLAIN.includes(format)) throw noPrinter(flags)
  if (TABLES.includes(format) && !makesTables(flags)) throw noPrinter(flags)
  switch (format) {
    case '':
    case 'wide':
      return null
    case 'yaml':
      return (object) => separator(flags) + toYaml(trimmed(object, keep))
    case 'json':
      return (object) => `${JSON.stringify(inOrder(trimmed(object, keep), object, flags), null, 4)}\n`
    case 'kyaml':
      return (object) => toKyaml(trimmed(object, keep))
    case 'go-template':
    case 'template':
      if (!argument) throw new KubectlError('template format specified but no template given')
      return goTemplate(argument, flags.text('allow-missing-template-keys') !== 'false')
    case 'name':
      return (object, named) => (Array.isArray(object['items']) ? '' : `${named}${operation ? ` ${operation}` : ''}\n`)
    case 'jsonpath':
    case 'jsonpath-as-json':
      if (!argument) throw new KubectlError('template format specified but no template given')
      return jsonPathPrinter(argument, format === 'jsonpath-as-json', flags.text('allow-missing-template-keys') !== 'false')
    case 'custom-columns':
      if (!argument) throw new KubectlError('custom-columns format specified but no custom columns given')
      return (object) =>
        customColumns(
          argument,
          Array.isArray(object['items']) ? (object['items'] as AnyObject[]) : [object],
          flags.is('no-headers'),
        )
    default:
      throw noPrinter(flags)
  }
}

/** Formats that take nothing behind `=`. */
const PLAIN = ['json', 'kyaml', 'name', 'wide', 'yaml']

const noPrinter = (flags: Flags): KubectlError =>
  new KubectlError(
    `unable to match a printer suitable for the output format "${flags.text('output')}", allowed formats are: ${allowed(flags)}`,
  )

const documents = new WeakMap<Flags, number>()

/** From a command's second YAML document on, each begins with dashes. */
function separator(flags: Flags): string {
  const before = documents.get(flags) ?? 0
  documents.set(flags, before + 1)
  return before > 0 ? '---\n' : ''
}

/** For commands that make a printer for each object: then no dashes stand between documents. */
export const printAfresh = (flags: Flags): boolean => documents.delete(flags)

/** Go sorts the keys of maps; structs, also those that kubectl has made itself, keep their order. */
function inOrder(object: AnyObject, whole: AnyObject, flags: Flags): unknown {
  if (!isTyped(whole) && !isInStructs(flags)) return sortedKeys(object)
  const { kind, apiVersion, ...rest } = object
  return { kind, apiVersion, ...rest }
}

const makesTables = (flags: Flags): boolean => flags.knows('label-columns')

const allowed = (flags: Flags): string => (makesTables(flags) ? [...FORMATS, ...TABLES] : FORMATS).toSorted().join(',')

function trimmed(object: AnyObject, keepManaged: boolean): AnyObject {
  if (keepManaged) return object
  if (Array.isArray(object['items']))
    return { ...object, items: (object['items'] as AnyObject[]).map((item) => trimmed(item, false)) }
  if (!object.metadata?.managedFields) return object
  const { managedFields: _m, ...metadata } = object.metadata
  return { ...object, metadata }
}
