/** Where a machine's control groups show in a container; what is in them comes with the rest of the engine. */
import type { Volume } from '#api/kinds.ts'
import { later } from '../sim/later.ts'
import type { Mount } from './files.ts'
import type { hostGroup } from './host-groups.ts'
import { MANIFESTS } from './mirrors.ts'

export const hostGroups = later<typeof hostGroup>('control groups of machines')

const TOP = '/sys/fs/cgroup'

/** Null: a mount of a host path has nothing of them. */
export function groupMount(volume: Volume | undefined, path: string, subPath: string): Pick<Mount, 'path' | 'group'> | null {
  const host = (volume?.['hostPath'] as { path: string } | undefined)?.path
  if (host === undefined) return null
  const at = `${host}/${subPath}`.replace(/\/+/g, '/').replace(/\/$/, '')
  if (at === TOP || at.startsWith(`${TOP}/`)) return { path, group: at.slice(TOP.length) }
  return TOP.startsWith(`${at}/`) ? { path: `${path === '/' ? '' : path}${TOP.slice(at.length)}`, group: '' } : null
}

/** Whether a mount of a host path shows the folder of the machine's manifests, or is above or below it. */
export function seesManifests(volume: Volume | undefined): boolean {
  const host = (volume?.['hostPath'] as { path: string } | undefined)?.path.replace(/\/+$/, '')
  return host !== undefined && (`${MANIFESTS}/`.startsWith(`${host}/`) || host.startsWith(`${MANIFESTS}/`))
}
