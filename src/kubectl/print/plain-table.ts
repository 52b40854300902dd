/** `--server-print=false`: objects as a table that kubectl makes by itself: a name and an age. */
import type { AnyObject } from '#api/meta.ts'
import { humanDuration } from '#api/time.ts'

const ageOf = ({ metadata }: AnyObject, now: number): string =>
  metadata.creationTimestamp ? humanDuration(now - Date.parse(metadata.creationTimestamp)) : '<unknown>'

export const plainTable = (objects: readonly AnyObject[], now: number): AnyObject =>
  ({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: ['Name', 'Age'].map((name) => ({ name, type: 'string', format: '', description: '', priority: 0 })),
    rows: objects.map((object) => ({ cells: [object.metadata.name, ageOf(object, now)], object })),
  }) as unknown as AnyObject
