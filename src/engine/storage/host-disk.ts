/** A machine's own disk: what `hostPath` and `local` volumes are parts of (pkg/volume/hostpath). */
import { Disk, type DiskState, type Node, newDisk } from '#posix/disk.ts'
import { find, makeDirs, putFile, removePath } from '#posix/disk-paths.ts'

const FOLDERS = ['bin', 'boot', 'dev', 'etc/kubernetes', 'home', 'lib', 'lib64', 'media', 'mnt', 'opt', 'proc', 'run', 'sbin']
const MORE_FOLDERS = [
  'srv',
  'sys',
  'usr/bin',
  'usr/lib',
  'usr/local/bin',
  'usr/sbin',
  'usr/share',
  'var/cache',
  'var/lib/kubelet',
]
const LOG_FOLDERS = ['var/lib/containerd', 'var/log/containers', 'var/log/pods', 'var/run']
const STICKY = 0o1777

/** A node right after it was set up. */
export function newHost(node: string, mtime: number): DiskState {
  const state = newDisk()
  const disk = new Disk(state)
  for (const path of [...FOLDERS, ...MORE_FOLDERS, ...LOG_FOLDERS]) makeDirs(disk, path, { mtime })
  for (const path of ['root', 'tmp', 'var/tmp']) makeDirs(disk, path, { mtime, mode: path === 'root' ? 0o700 : STICKY })
  putFile(disk, '/etc/hostname', `${node}\n`, { mtime })
  putFile(disk, '/etc/hosts', '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n', { mtime })
  for (const name of ['null', 'zero', 'random', 'urandom', 'tty'])
    disk.add(find(disk, '/dev') as number, name, { k: 'c', device: name, mode: 0o666, uid: 0, gid: 0, mtime })
  return state
}

export interface HostPath {
  path: string
  type?: string
}

const KINDS: Readonly<Record<string, { kind: Node['k'] | ''; words: string }>> = {
  Directory: { kind: 'd', words: 'directory' },
  File: { kind: 'f', words: 'file' },
  Socket: { kind: '', words: 'socket file' },
  CharDevice: { kind: 'c', words: 'character device' },
  BlockDevice: { kind: '', words: 'block device' },
}

/** The node at a path as a volume is to see it, made where its type says so; or what is wrong with it. */
export function hostPlace(state: DiskState, { path, type = '' }: HostPath, now: number, mode = 0o755): number | string {
  const disk = new Disk(state)
  const found = find(disk, path)
  if (found === undefined) {
    if (type === 'FileOrCreate') {
      const above = path.slice(0, path.lastIndexOf('/'))
      if (above !== '' && find(disk, above) === undefined) return `open ${path}: no such file or directory`
      return putFile(disk, path, '', { mtime: now })
    }
    // Without a type it is the runtime that makes the directory.
    if (type === '' || type === 'DirectoryOrCreate') return makeHostDir(disk, path, now, mode)
  } else if (type === '') return found
  const wanted = KINDS[type.replace('OrCreate', '')]
  if (!wanted) return `${type} is an invalid volume type`
  if (found !== undefined && disk.get(found)?.k === wanted.kind) return found
  return `hostPath type check failed: ${path} is not a ${wanted.words}`
}

function makeHostDir(disk: Disk, path: string, now: number, mode: number): number {
  const above = path.replace(/\/+$/, '')
  makeDirs(disk, above.slice(0, above.lastIndexOf('/')), { mtime: now })
  return makeDirs(disk, above, { mtime: now, mode })
}

export const removeFromHost = (state: DiskState, path: string, now: number): void => {
  if (path !== '/') removePath(new Disk(state), path, now)
}
