/** Which class is the default when several say so: the newest, and of equals the first by name. */
import type { AnyObject } from '#api/meta.ts'

export function defaultOf(classes: AnyObject[], annotations: string[]): AnyObject | undefined {
  const defaults = classes.filter((c) => annotations.some((key) => c.metadata.annotations?.[key] === 'true'))
  const age = (c: AnyObject): string => c.metadata.creationTimestamp ?? ''
  const newestFirst = (a: AnyObject, b: AnyObject): number => {
    if (age(a) !== age(b)) return age(a) > age(b) ? -1 : 1
    return a.metadata.name < b.metadata.name ? -1 : 1
  }
  return defaults.sort(newestFirst)[0]
}
