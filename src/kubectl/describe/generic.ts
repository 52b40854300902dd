/** `kubectl describe` of kinds without a describer of their own, custom ones above all: every field, with a readable label. */
import type { AnyObject } from '#api/meta.ts'
import { describer } from './describer.ts'
import { byFirst, type Page } from './page.ts'

const SKIPPED = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
])

export const generic = describer({
  kinds: [],
  describe(object: AnyObject, page) {
    page.head(object)
    content(page, 0, object, '')
  },
})

function content(page: Page, level: number, map: Record<string, any>, path: string): void {
  for (const [field, value] of Object.entries(map).sort(byFirst)) {
    const here = `${path}.${field}`
    if (SKIPPED.has(here) || value === undefined) continue
    if (Array.isArray(value)) {
      page.line(level, `${labelFor(field)}:`)
      for (const item of value) {
        if (isMap(item)) content(page, level + 1, item, here)
        else page.line(level + 1, plain(item))
      }
    } else if (isMap(value)) {
      page.line(level, `${labelFor(field)}:`)
      content(page, level + 1, value, here)
    } else page.field(level, labelFor(field), plain(value))
  }
}

const isMap = (value: unknown): value is Record<string, any> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const plain = (value: unknown): string => (value === null ? '<nil>' : String(value))

const ACRONYMS = ['API', 'URL', 'UID', 'GUID']

/** `resourceVersion` as `Resource Version`, `apiURL` as `API URL`; names with anything but letters and dashes stay. */
export function labelFor(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|-+/gu) ?? [field]
  const merged: string[] = []
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string
    const next = parts[i + 1]
    if (/^\p{Lu}{2,}$/u.test(part) && next !== undefined && /^\p{Lu}/u.test(next)) {
      merged.push(part + next)
      i += 1
    } else merged.push(part)
  }
  return merged
    .map((part) =>
      ACRONYMS.includes(part.toUpperCase()) ? part.toUpperCase() : part === part.toLowerCase() ? capital(part) : part,
    )
    .join(' ')
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
