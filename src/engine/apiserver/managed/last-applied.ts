/** Server-side apply by kubectl over objects of client-side apply (internal/lastappliedmanager.go, lastappliedupdater.go). */

import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import { difference, type FieldSet } from '#api/patch/field-set.ts'
import { isDict } from '#api/patch/parts.ts'
import { compareObjects } from './compare.ts'
import { fieldSetOf } from './remove.ts'
import type { Shape } from './shape.ts'
import { typeProblems } from './typed.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'
const NOTHING: ReadonlySet<string> = new Set()

/** What client-side apply set and nobody has changed since: kubectl may take it over. Null when nothing is. */
export function allowedByLastApplied(shape: Shape, live: AnyObject, apiVersion: string): FieldSet | null {
  const text = live.metadata.annotations?.[ANNOTATION]
  const last = text ? parsed(text) : null
  if (!last || last.apiVersion !== apiVersion || typeProblems(shape, last) !== '') return null
  const diff = compareObjects(shape, last, live, NOTHING)
  return difference(difference(fieldSetOf(shape, last), diff?.changed ?? null), diff?.removed ?? null)
}

function parsed(text: string): AnyObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDict(value) ? (value as unknown as AnyObject) : null
  } catch {
    return null
  }
}

/** Keeps the annotation of client-side apply up to date, where there is one. */
export function withLastApplied(object: AnyObject, applied: AnyObject): AnyObject {
  const { annotations } = object.metadata
  if (!annotations?.[ANNOTATION]) return object
  const { annotations: sent, ...metadata } = applied.metadata ?? {}
  const { [ANNOTATION]: _old, ...rest } = sent ?? {}
  const last = { ...applied, metadata: sent ? { ...metadata, annotations: rest } : metadata }
  const text = `${goJson(sortedKeys(last))}\n`
  if (annotations[ANNOTATION] === text) return object
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [ANNOTATION]: text } } }
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (!isDict(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys(value[key])]),
  )
}
