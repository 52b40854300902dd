/** Aggregated discovery with its tag, kept until kinds come or go: every client begins by asking for it. */
import { utf8 } from '#api/base64.ts'
import { hex, sha256 } from '#api/sha256.ts'
import type { RemoteVersion } from '../aggregation/port.ts'
import type { Resource } from '../resource.ts'
import { aggregated } from './lists.ts'

/** An `APIGroupDiscoveryList`, and the tag by which a client knows whether it has it already. */
export interface Whole {
  document: object
  etag: string
}

interface Kept extends Whole {
  resources: readonly Resource[]
  remote: readonly RemoteVersion[] | undefined
}

/** The last one of the core group, and of all others. Clusters of the same kinds share it. */
const kept = new Map<boolean, Kept>()

export function wholeOf(resources: readonly Resource[], core: boolean, remote?: readonly RemoteVersion[]): Whole {
  const last = kept.get(core)
  if (last && last.remote === remote && same(last.resources, resources)) return last
  const document = aggregated(resources, core, remote)
  const etag = `"${hex(sha256(utf8(JSON.stringify(document))))}"`
  const made = { document, etag, resources, remote }
  kept.set(core, made)
  return made
}

const same = (a: readonly Resource[], b: readonly Resource[]): boolean =>
  a === b || (a.length === b.length && a.every((resource, i) => resource === b[i]))
