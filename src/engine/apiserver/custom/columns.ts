/** How objects of a custom kind are printed: the columns of its definition, or their age (registry/customresource/tableconvertor). */
import { goValue } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import type { World } from '../../sim/world.ts'
import type { Column } from '../resource.ts'
import { type JsonPath, jsonPath } from './json-path.ts'
import { inOrder } from './problem.ts'

export interface PrinterColumn {
  name?: string
  type?: string
  format?: string
  description?: string
  priority?: number
  jsonPath?: string
}

const NAME: Column = { name: 'Name', type: 'string', format: 'name', priority: 0, cell: (object) => object.metadata?.name ?? '' }

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

/** Lists and maps are written as JSON, with their keys sorted. */
function textOf(value: unknown): string {
  if (value === null) return '<no value>'
  return typeof value === 'object' ? JSON.stringify(inOrder(value)) : typeof value === 'number' ? goValue(value) : String(value)
}

/** A column that can't be read ends the list. */
export function columnsOf(given: readonly PrinterColumn[] | undefined): Column[] {
  const columns = [NAME]
  for (const column of given?.length ? given : [AGE]) {
    const path = jsonPath(column.jsonPath ?? '')
    if (!path) break
    columns.push(columnOf(column, path))
  }
  return columns
}

function columnOf(column: PrinterColumn, path: JsonPath): Column {
  const { name = '', type = '', format, priority = 0, jsonPath: text = '' } = column
  const own = column === AGE ? undefined : column.description || `Custom resource definition column (in JSONPath format): ${text}`
  return {
    name,
    type: type as Column['type'],
    priority,
    ...(format ? { format } : {}),
    ...(own ? { description: own } : {}),
    cell: (object: AnyObject, world: World) => cellOf(type, path.find(object), world),
  }
}

type Cell = ReturnType<Column['cell']>

function cellOf(type: string, found: unknown[], world: World): Cell {
  if (found.length === 0) return null
  const [value] = found
  if (type === 'string') return textOf(value)
  if (value === null) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    default:
      return typeof value === 'string' ? ageSince(value, world) : null
  }
}

function ageSince(text: string, world: World): string {
  if (text === '' || text === 'null') return '<unknown>'
  const at = parseTime(text)
  return Number.isNaN(at) ? '<invalid>' : humanDuration(world.now - at)
}
