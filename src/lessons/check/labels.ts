/** Label selectors of checks: equality only, as a lesson's author writes them. */
import type { AnyObject } from '#api/meta.ts'

export const matchesLabels = (object: AnyObject, selector: string): boolean =>
  selector.split(',').every((pair) => {
    const [key = '', value = ''] = pair.split('=')
    return object.metadata.labels?.[key.trim()] === value.trim()
  })
