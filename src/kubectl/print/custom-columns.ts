/** `-o custom-columns=NAME:.metadata.name,…`. */
import type { AnyObject } from '#api/meta.ts'
import { shown } from '#gotemplate/index.ts'
import { KubectlError } from '../command.ts'
import { pathValues, relaxed } from './json-path.ts'
import { parsePath } from './json-path-parse.ts'
import { align } from './table.ts'

export function customColumns(spec: string, objects: readonly AnyObject[], noHeaders: boolean): string {
  const columns = spec.split(',').map((part) => {
    const cut = part.indexOf(':')
    if (cut < 0) throw new KubectlError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return { head: part.slice(0, cut), path: part.slice(cut + 1) }
  })
  for (const { path } of columns) checkPath(path, () => (noHeaders ? '' : align([columns.map((c) => c.head)])))
  const rows = objects.map((object) =>
    columns.map(({ path }) => {
      const values = pathValues(path, object)
      return values.length === 0 ? '<none>' : values.map((v) => (v === null ? '<nil>' : goPrint(v))).join(',')
    }),
  )
  return align(noHeaders ? rows : [columns.map((c) => c.head), ...rows])
}

/** A path that is none is told of when the heads have been printed. */
function checkPath(path: string, heads: () => string): void {
  try {
    parsePath(relaxed(path))
  } catch (error) {
    if (error instanceof KubectlError) throw error
    const refused = new KubectlError(error instanceof Error ? error.message : String(error))
    refused.written = heads()
    throw refused
  }
}

export const goPrint = (value: unknown): string => shown(value)
