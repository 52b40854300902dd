/** Output formats: `-o yaml`, `json`, `name`, `jsonpath`, `custom-columns`; each prints objects, none of them asks the server. */
import type { AnyObject } from '#api/meta.ts'
import { toYaml } from '#api/yaml.ts'
import { type Flag, type Flags, KubectlError } from '../command.ts'
import { customColumns } from './custom-columns.ts'
import { jsonPath } from './json-path.ts'
import { sortedKeys } from './sorted.ts'

export const OUTPUT_FLAGS: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    type: 'string',
    help: 'Output format. One of: (json, yaml, name, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide).',
  },
  {
    name: 'show-managed-fields',
    type: 'bool',
    help: 'If true, keep the managedFields when printing objects in JSON or YAML format.',
  },
  { name: 'template', type: 'string', help: 'Template string to use when -o=jsonpath.' },
]

/** Prints one object or a list; null when the format is a table (none or `wide`). */
export type Printer = (object: AnyObject, named: string) => string

const FORMATS = 'custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,name,wide,yaml'

export function printerFor(flags: Flags, operation = ''): Printer | null {
  const [format = '', ...more] = flags.text('output').split('=')
  const argument = more.join('=') || flags.text('template')
  const keep = flags.is('show-managed-fields')
  switch (format) {
    case '':
    case 'wide':
      return null
    case 'yaml':
      return (object) => toYaml(trimmed(object, keep))
    case 'json':
      return (object) => `${JSON.stringify(sortedKeys(trimmed(object, keep)), null, 4)}\n`
    case 'name':
      return (object, named) => (Array.isArray(object['items']) ? '' : `${named}${operation ? ` ${operation}` : ''}\n`)
    case 'jsonpath':
    case 'jsonpath-as-json':
      if (!argument) throw new KubectlError('template format specified but no template given')
      return (object) => jsonPath(argument, object, format === 'jsonpath-as-json')
    case 'custom-columns':
      if (!argument) throw new KubectlError('custom-columns format specified but no custom columns given')
      return (object) =>
        customColumns(
          argument,
          Array.isArray(object['items']) ? (object['items'] as AnyObject[]) : [object],
          flags.is('no-headers'),
        )
    default:
      throw new KubectlError(
        `unable to match a printer suitable for the output format "${flags.text('output')}", allowed formats are: ${FORMATS}`,
      )
  }
}

function trimmed(object: AnyObject, keepManaged: boolean): AnyObject {
  if (keepManaged) return object
  if (Array.isArray(object['items']))
    return { ...object, items: (object['items'] as AnyObject[]).map((item) => trimmed(item, false)) }
  if (!object.metadata?.managedFields) return object
  const { managedFields: _m, ...metadata } = object.metadata
  return { ...object, metadata }
}
