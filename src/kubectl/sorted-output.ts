/** `get --sort-by`, for rows of tables and for objects; and how kubectl dies of what has no order. */
import type { AnyObject } from '#api/meta.ts'
import { type Context, KubectlError } from './command.ts'
import { logHead } from './klog.ts'
import { relaxed } from './print/json-path.ts'
import { sortedBy, Unsortable } from './sorting.ts'

/** As klog's last words. */
function unsortable({ io }: Context, error: unknown, place: string, path: string, of: string): unknown {
  if (!(error instanceof Unsortable)) return error
  return new KubectlError(
    `${logHead('F', place, io.now())} Field ${relaxed(path)} in ${of} is an unsortable type: interface, err: unsortable type: ${error.message}`,
    1,
    true,
  )
}

export function sortRows(context: Context, tables: AnyObject[], path: string): AnyObject[] {
  const rows = tables.flatMap((table) => (table['rows'] ?? []) as AnyObject[])
  // A path that leads nowhere in any row leaves nothing to print, as with the real kubectl.
  try {
    return sortedBy(rows, path, (row) => row['object']) ?? []
  } catch (error) {
    // Nor does one that cannot be read.
    if (error instanceof KubectlError) return []
    throw unsortable(context, error, 'sorter.go:375', path, '[][][]reflect.Value')
  }
}

/** Other than tables, objects must have the field somewhere. */
export function sorted<T>(context: Context, items: T[], objectOf: (item: T) => AnyObject): T[] {
  const path = context.flags.text('sort-by')
  let all: T[] | null
  try {
    all = sortedBy(items, path, objectOf)
  } catch (error) {
    throw unsortable(context, error, 'sorter.go:329', path, '*unstructured.Unstructured')
  }
  if (!all) throw new KubectlError(`couldn't find any field with path ${JSON.stringify(relaxed(path))} in the list of objects`)
  return all
}
