/** Whom a container runs as, and what that may do: users and groups, capabilities, no-new-privileges (containerd's WithUser, security contexts). */
import type { Container, Pod } from '#api/kinds.ts'
import { Disk, newDisk } from '#posix/disk.ts'
import { nodeAt } from '#posix/disk-paths.ts'
import { ALL_CAPABILITIES, bitOf, CAPABILITIES, hasBit, type Privileges } from '#posix/privileges.ts'
import { fnv1a } from '../sim/random.ts'
import { ConfigError } from './environment.ts'
import type { Image } from './image.ts'
import { baseOf } from './image-base.ts'
import { podName } from './pod-record.ts'

export interface Identity {
  user: number
  gid: number
  groups: number[]
  privileges: Privileges
}

/** containerd's. */
const USUAL =
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP'
const usual = USUAL.split(' ').reduce((sum, name) => sum + bitOf(name), 0)

export const hasOwnUsers = ({ spec }: Pod): boolean => (spec as { hostUsers?: boolean }).hostUsers === false

export function identityOf(pod: Pod, container: Container, image: Image): Identity {
  const own = (container.securityContext ?? {}) as Record<string, any>
  const all = (pod.spec.securityContext ?? {}) as Record<string, any>
  const user = userOf(pod, container, own, all, image.user ?? 0)
  const known = accountOf(image, user)
  const merged = all['supplementalGroupsPolicy'] === 'Strict' ? [] : known.groups
  const given = [...(all['fsGroup'] === undefined ? [] : [all['fsGroup']]), ...(all['supplementalGroups'] ?? []), ...merged]
  return {
    user,
    gid: own['runAsGroup'] ?? all['runAsGroup'] ?? known.gid,
    groups: [...new Set<number>(given)].sort((a, b) => a - b),
    privileges: {
      ...privilegesOf(own, all),
      ...(hasOwnUsers(pod) ? { idBase: idBase(pod) } : {}),
    },
  }
}

function userOf(pod: Pod, { name }: Container, own: Record<string, any>, all: Record<string, any>, imageUser: number): number {
  const given: number | undefined = own['runAsUser'] ?? all['runAsUser']
  const user = given ?? imageUser
  if ((own['runAsNonRoot'] ?? all['runAsNonRoot']) !== true || user !== 0) return user
  const where = `(pod: "${podName(pod)}", container: ${name})`
  throw new ConfigError(
    given === 0
      ? `container's runAsUser breaks non-root policy ${where}`
      : `container has runAsNonRoot and image will run as root ${where}`,
  )
}

interface Account {
  gid: number
  groups: number[]
}

const accounts = new WeakMap<Image, Map<number, Account>>()

function accountOf(image: Image, user: number): Account {
  const known = accounts.get(image) ?? new Map<number, Account>()
  accounts.set(image, known)
  let account = known.get(user)
  if (!account) known.set(user, (account = readAccount(image, user)))
  return account
}

/** What the image's own files say of a user: the first group, and the others. */
function readAccount(image: Image, user: number): Account {
  const disk = new Disk(newDisk('image'), baseOf(image))
  const rows = (path: string): string[][] => {
    const node = nodeAt(disk, path)
    return node?.k === 'f' ? node.data.split('\n').map((line) => line.split(':')) : []
  }
  const row = rows('/etc/passwd').find(([, , uid]) => uid === String(user))
  if (!row) return { gid: 0, groups: [] }
  const [name = '', , , gid = '0'] = row
  const others = rows('/etc/group').filter(([, , , members = '']) => members.split(',').includes(name))
  return { gid: Number(gid), groups: others.map(([, , id]) => Number(id)) }
}

/** Each pod has as many users of the machine as there may be in it, and no two have the same (kubelet userns manager). */
const idBase = ({ metadata }: Pod): number => 65_536 * (1 + (fnv1a(metadata.uid ?? '') % 65_534))

function privilegesOf(own: Record<string, any>, all: Record<string, any>): Privileges {
  const privileged = own['privileged'] === true
  const profile = own['seccompProfile'] ?? all['seccompProfile']
  return {
    capabilities: privileged ? ALL_CAPABILITIES : capabilitiesOf(own['capabilities'] ?? {}),
    noNewPrivs: own['allowPrivilegeEscalation'] === false,
    filtered: !privileged && (profile?.type === 'RuntimeDefault' || profile?.type === 'Localhost'),
  }
}

/** All or none of them first, then each that is added, then each that is dropped. */
function capabilitiesOf({ add = [], drop = [] }: { add?: string[]; drop?: string[] }): number {
  const named = (list: string[]): string[] => list.map((name) => name.toUpperCase().replace(/^CAP_/, ''))
  const [more, less] = [named(add), named(drop)]
  let bits = usual
  if (more.includes('ALL')) bits = ALL_CAPABILITIES
  if (less.includes('ALL')) bits = 0
  for (const name of more) if (CAPABILITIES.includes(name) && !hasBit(bits, bitOf(name))) bits += bitOf(name)
  for (const name of less) if (CAPABILITIES.includes(name) && hasBit(bits, bitOf(name))) bits -= bitOf(name)
  return bits
}
