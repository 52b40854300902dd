/** `-o go-template=…`: Go's templates over an object, with kubectl's two functions and its report of a failure. */

import { textOf } from '#api/bytes.ts'
import { fn, GoInt, goQuote, isMap, shown, TemplateError, TemplateSet, type Value } from '#gotemplate/index.ts'
import { KubectlError } from '../command.ts'
import { sortedKeys } from './sorted.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function base64decode(text: string): string {
  const clean = text.replace(/[\r\n]/g, '')
  if (!BASE64.test(clean)) {
    const at = /[^A-Za-z0-9+/]/.exec(text.replace(/=+$/, ''))?.index ?? text.length - (text.length % 4)
    throw new Error(`base64 decode failed: illegal base64 data at input byte ${at}`)
  }
  return textOf(Uint8Array.from(atob(clean), (c) => c.charCodeAt(0)))
}

/** Whether a path of keys and places leads somewhere. */
function exists(item: Value, ...keys: Value[]): boolean {
  let value = item
  for (const key of keys) {
    if (Array.isArray(value) && typeof key === 'bigint') value = value[Number(key)]
    else value = isMap(value) && typeof key === 'string' && Object.hasOwn(value, key) ? value[key] : undefined
    if (value === undefined) return false
  }
  return true
}

const FUNCTIONS = { exists: fn(['value', '...value'], exists), base64decode: fn(['string'], base64decode) }

/** A printer for one template; throws kubectl's words when it cannot be read. */
export function goTemplate(source: string, allowMissing = true): (object: unknown) => string {
  const set = new TemplateSet(FUNCTIONS)
  set.missingKey = allowMissing ? 'default' : 'error'
  try {
    set.parse('output', source)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new KubectlError(`error parsing template ${source}, ${error.message}`)
  }
  return (object) => {
    const data = counted(object)
    try {
      return set.execute('output', data)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      const failure = new KubectlError(`error executing template ${goQuote(source)}: ${error.message}`)
      const raw = JSON.stringify(sortedKeys(object))
      failure.written = `${error.written}Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${source}\n\traw data was:\n\t\t${raw}\n\tobject given to template engine was:\n\t\t${shown(data)}\n\n`
      throw failure
    }
  }
}

/** Whole numbers of JSON are int64. */
function counted(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? new GoInt('int64', BigInt(value)) : value
  if (Array.isArray(value)) return value.map(counted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, counted(one)]])))
}
