/** The files every image begins with: directories, devices, users, and a name in `/bin` for each small program. */
import { type Base, Disk, type Node, newDisk, ROOT } from './disk.ts'
import { find, makeDirs, putFile, putLink } from './disk-paths.ts'
import { binary } from './exec.ts'

export interface Skeleton {
  /** Small programs by name, with the directory they lie in. */
  applets: readonly string[]
  /** Each a link to this one file; without: files of their own. */
  busybox?: string
  files?: Readonly<Record<string, string>>
  /** Programs of the image's own: path → name in the kernel's table. */
  programs?: Readonly<Record<string, string>>
  links?: Readonly<Record<string, string>>
  directories?: readonly string[]
  /** Directories that belong to a user, with all that is in them. */
  owned?: Readonly<Record<string, number>>
  /** All of busybox is in `/bin`, as in its own image. */
  flat?: boolean
  /** Which of them run as their owner. */
  setuid?: readonly string[]
  /** It knows users by name. Default true. */
  users?: boolean
}

const DIRECTORIES = [
  '/bin',
  '/dev/pts',
  '/dev/shm',
  '/etc',
  '/home',
  '/proc',
  '/root',
  '/sys/fs/cgroup',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/share',
  '/sbin',
  '/var/log',
  '/var/lib',
  '/var/run',
  '/var/spool',
  '/run',
  '/opt',
  '/mnt',
  '/srv',
  '/lib',
  '/media',
]
const DEVICES: Readonly<Record<string, number>> = {
  null: 0o666,
  zero: 0o666,
  full: 0o666,
  random: 0o666,
  urandom: 0o666,
  tty: 0o666,
}

const SBIN = new Set(['ifconfig', 'ip', 'route', 'arp', 'sysctl', 'reboot', 'halt', 'poweroff', 'init', 'mkfs.ext4', 'blkid'])
const USR = new Set(
  'awk basename bc cal cmp cut dc diff dirname dos2unix du env expand expr find fold free head hexdump hostid id install last less logger md5sum mkfifo nc nl nohup nproc nslookup od paste patch pgrep pkill printf readlink realpath renice reset rev seq sha1sum sha256sum sha512sum shuf sort split stat strings sum tac tail tee telnet test time timeout top tr traceroute truncate tty unexpand uniq unix2dos unzip uptime wc wget which who whoami xargs yes'.split(
    ' ',
  ),
)

/** Where a small program lies. */
export const appletPath = (name: string): string => `${SBIN.has(name) ? '/sbin' : USR.has(name) ? '/usr/bin' : '/bin'}/${name}`

export function makeBase(skeleton: Skeleton): Base {
  const disk = new Disk(newDisk())
  for (const path of DIRECTORIES) makeDirs(disk, path)
  makeDirs(disk, '/tmp', { mode: 0o1777 })
  makeDirs(disk, '/var/tmp', { mode: 0o1777 })
  Object.assign(disk.edit(find(disk, '/root') as number), { mode: 0o700 })
  for (const path of ['/tmp', '/var/tmp', '/dev/shm']) Object.assign(disk.edit(find(disk, path) as number), { mode: 0o1777 })
  const dev = find(disk, '/dev') as number
  for (const [name, mode] of Object.entries(DEVICES))
    disk.add(dev, name, { k: 'c', device: name, mode, uid: 0, gid: 0, mtime: 0 })
  for (const [name, target] of Object.entries({
    fd: '/proc/self/fd',
    stdin: '/proc/self/fd/0',
    stdout: '/proc/self/fd/1',
    stderr: '/proc/self/fd/2',
  }))
    putLink(disk, `/dev/${name}`, target)
  const users: Record<string, string> = {
    '/etc/passwd':
      'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    '/etc/group': 'root:x:0:\ndaemon:x:1:\nbin:x:2:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n',
    '/etc/shadow': 'root:*:::::::\n',
  }
  for (const [path, uid] of Object.entries(skeleton.owned ?? {})) makeDirs(disk, path, { uid, gid: uid, mode: 0o755 })
  const files = { ...(skeleton.users === false ? {} : users), ...skeleton.files }
  for (const [path, data] of Object.entries(files))
    putFile(disk, path, data, /shadow/.test(path) ? { mode: 0o640 } : data.startsWith('#!') ? { mode: 0o755 } : {})
  programs(disk, skeleton)
  for (const path of skeleton.directories ?? []) makeDirs(disk, path)
  for (const [path, target] of Object.entries(skeleton.links ?? {})) putLink(disk, path, target)
  const nodes: Record<number, Node> = {}
  for (const [ino, node] of Object.entries(disk.state.nodes)) if (node) nodes[Number(ino)] = node
  return nodes
}

function programs(disk: Disk, skeleton: Skeleton): void {
  const shared = skeleton.busybox
  const first = shared ? putFile(disk, shared, binary('busybox'), { mode: 0o755 }) : 0
  for (const name of skeleton.applets) {
    const path = skeleton.flat ? `/bin/${name}` : appletPath(name)
    if (find(disk, path) !== undefined || skeleton.programs?.[path] !== undefined) continue
    if (shared) disk.link(makeDirs(disk, path.slice(0, path.lastIndexOf('/'))), name, first, 0)
    else putFile(disk, path, binary(name), { mode: 0o755 })
  }
  for (const [path, name] of Object.entries(skeleton.programs ?? {}))
    putFile(disk, path, binary(name), { mode: skeleton.setuid?.includes(path) ? 0o6755 : 0o755 })
}

export { ROOT }
