/** System calls on files, as one process makes them; what goes wrong comes back as words. */
import type { DirNode, FileNode, Node } from './disk.ts'
import type { Kernel } from './kernel.ts'
import { may } from './privileges.ts'
import type { OpenFile, Proc } from './state.ts'
import { allowed, type Errno, failed, type Place, type Vacancy } from './vfs.ts'

export interface OpenMode {
  read?: boolean
  write?: boolean
  append?: boolean
  create?: boolean
  truncate?: boolean
  exclusive?: boolean
  mode?: number
}

export class FileCalls {
  readonly kernel: Kernel
  readonly proc: Proc

  constructor(kernel: Kernel, proc: Proc) {
    this.kernel = kernel
    this.proc = proc
  }

  at(path: string, follow = true): Place | Errno {
    return this.kernel.vfs.at(path, this.proc, follow)
  }

  exists(path: string): boolean {
    return !failed(this.at(path))
  }

  /** The whole text of a file (or device), or why not. */
  text(path: string): { text: string } | Errno {
    const place = this.at(path)
    if (failed(place)) return place
    if (place.node.k === 'd') return 'Is a directory'
    if (!allowed(place.node, this.proc, 4)) return 'Permission denied'
    return { text: place.node.k === 'f' ? place.node.data : '' }
  }

  /** Opens without giving it a descriptor. */
  openFile(path: string, mode: OpenMode): OpenFile | Errno {
    const special = this.#special(path)
    if (special) return special
    const found = this.kernel.vfs.walk(path, this.proc)
    if (failed(found)) return found
    const writes = mode.write === true || mode.append === true
    if (!('node' in found)) {
      if (!mode.create) return 'No such file or directory'
      return this.#create(found, mode)
    }
    if (mode.exclusive) return 'File exists'
    const { node } = found
    if (node.k === 'd' && writes) return 'Is a directory'
    if (writes && found.readOnly && node.k === 'f') return 'Read-only file system'
    if (writes && found.disk === null) return 'Permission denied'
    if (mode.read !== false && !writes && !allowed(node, this.proc, 4)) return 'Permission denied'
    if (writes && !allowed(node, this.proc, 2)) return 'Permission denied'
    if (node.k === 'c' && node.device === 'tty') return this.#terminal()
    return this.kernel.opens.open(found, {
      read: mode.read ?? !writes,
      write: writes,
      append: mode.append ?? false,
      truncate: mode.truncate ?? false,
    })
  }

  #terminal(): OpenFile | Errno {
    if (!this.proc.tty) return 'No such device or address'
    return this.kernel.opens.make('tty', { tty: this.proc.tty, path: '/dev/tty' })
  }

  /** `/dev/stdout`, `/proc/1/fd/1`: what is open already. */
  #special(path: string): OpenFile | undefined {
    const own = /^\/dev\/(?:std(in|out|err)|fd\/(\d+))$/.exec(path)
    if (own) {
      const fd = own[2] ? Number(own[2]) : { in: 0, out: 1, err: 2 }[own[1] as 'in']
      return this.kernel.opens.get(this.proc.fds[fd])
    }
    const other = /^\/proc\/(\d+|self)\/fd\/(\d+)$/.exec(path)
    if (!other) return undefined
    const proc = other[1] === 'self' ? this.proc : this.kernel.find(Number(other[1]))
    return proc && (this.proc.uid === 0 || proc.uid === this.proc.uid)
      ? this.kernel.opens.get(proc.fds[Number(other[2])])
      : undefined
  }

  #create(vacancy: Vacancy, mode: OpenMode): OpenFile | Errno {
    const made = this.#make(vacancy, {
      k: 'f',
      mode: (mode.mode ?? 0o666) & ~this.proc.umask,
      uid: this.proc.uid,
      gid: this.proc.gid,
      mtime: this.kernel.now,
      data: '',
    })
    if (typeof made === 'string') return made
    return this.kernel.opens.make('file', {
      path: vacancy.path,
      disk: vacancy.diskName,
      ino: made,
      read: mode.read ?? false,
      write: true,
      append: mode.append ?? false,
    })
  }

  #make(vacancy: Vacancy, node: Node): number | Errno {
    if (vacancy.readOnly) return 'Read-only file system'
    const dir = vacancy.disk.dir(vacancy.parent) as DirNode
    if (!allowed(dir, this.proc, 2)) return 'Permission denied'
    // A set-group-ID directory hands its group on.
    if (dir.mode & 0o2000) node.gid = dir.gid
    if (dir.mode & 0o2000 && node.k === 'd') node.mode |= 0o2000
    return vacancy.disk.add(vacancy.parent, vacancy.name, node)
  }

  #vacancy(path: string): Vacancy | Errno {
    const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
    const found = this.kernel.vfs.walk(clean, this.proc, false)
    if (failed(found)) return found
    return 'node' in found ? 'File exists' : found
  }

  mkdir(path: string, mode = 0o777): '' | Errno {
    const vacancy = this.#vacancy(path)
    if (failed(vacancy)) return vacancy
    const { uid, gid, umask } = this.proc
    const made = this.#make(vacancy, { k: 'd', mode: mode & ~umask, uid, gid, mtime: this.kernel.now, entries: {} })
    return typeof made === 'string' ? made : ''
  }

  symlink(target: string, path: string): '' | Errno {
    const vacancy = this.#vacancy(path)
    if (failed(vacancy)) return vacancy
    const { uid, gid } = this.proc
    const made = this.#make(vacancy, { k: 'l', mode: 0o777, uid, gid, mtime: this.kernel.now, target })
    return typeof made === 'string' ? made : ''
  }

  link(old: string, path: string): '' | Errno {
    const from = this.at(old, false)
    if (failed(from)) return from
    if (from.node.k === 'd') return 'Operation not permitted'
    const vacancy = this.#vacancy(path)
    if (failed(vacancy)) return vacancy
    if (vacancy.readOnly) return 'Read-only file system'
    if (from.disk === null || from.diskName !== vacancy.diskName) return 'Invalid cross-device link'
    vacancy.disk.link(vacancy.parent, vacancy.name, from.ino, this.kernel.now)
    return ''
  }

  /** Whether the process may change the directory a place stands in. */
  #removable(place: Place): '' | Errno {
    if (this.kernel.vfs.mountAt(place.path)) return 'Device or resource busy'
    if (place.disk === null) return 'Operation not permitted'
    if (place.readOnly) return 'Read-only file system'
    const dir = place.disk.dir(place.parent)
    if (!dir || !allowed(dir, this.proc, 2)) return 'Permission denied'
    const { uid } = this.proc
    if (dir.mode & 0o1000 && uid !== 0 && uid !== place.node.uid && uid !== dir.uid) return 'Operation not permitted'
    return ''
  }

  unlink(path: string): '' | Errno {
    const place = this.at(path, false)
    if (failed(place)) return place
    if (place.node.k === 'd') return 'Is a directory'
    const why = this.#removable(place)
    if (why) return why
    const open = Object.values(this.kernel.state.opens).some(
      (o) => o.k === 'file' && o.disk === place.diskName && o.ino === place.ino,
    )
    place.disk?.unlink(place.parent, place.name, this.kernel.now, open)
    return ''
  }

  rmdir(path: string): '' | Errno {
    const place = this.at(path, false)
    if (failed(place)) return place
    if (place.node.k !== 'd') return 'Not a directory'
    if (this.kernel.vfs.names(place).length > 0) return 'Directory not empty'
    const why = this.#removable(place)
    if (why) return why
    place.disk?.unlink(place.parent, place.name, this.kernel.now)
    return ''
  }

  rename(old: string, path: string): '' | Errno {
    const from = this.at(old, false)
    if (failed(from)) return from
    const why = this.#removable(from)
    if (why) return why
    const to = this.kernel.vfs.walk(path.length > 1 ? path.replace(/\/+$/, '') : path, this.proc, false)
    if (failed(to)) return to
    if (to.diskName !== from.diskName || to.disk === null) return 'Invalid cross-device link'
    if (to.readOnly) return 'Read-only file system'
    if (`${to.path}/`.startsWith(`${from.path}/`) && to.path !== from.path) return 'Invalid argument'
    if ('node' in to) {
      if (to.ino === from.ino) return ''
      if (to.node.k === 'd' && from.node.k !== 'd') return 'Is a directory'
      if (to.node.k !== 'd' && from.node.k === 'd') return 'Not a directory'
      if (to.node.k === 'd' && this.kernel.vfs.names(to).length > 0) return 'Directory not empty'
    }
    const dir = to.disk.dir(to.parent)
    if (!dir || !allowed(dir, this.proc, 2)) return 'Permission denied'
    to.disk.move(from.parent, from.name, to.parent, to.name, this.kernel.now)
    return ''
  }

  /** Changes what is said about a node: mode, owner, time. */
  change(path: string, what: { mode?: number; uid?: number; gid?: number; mtime?: number }, follow = true): '' | Errno {
    const place = this.at(path, follow)
    if (failed(place)) return place
    if (place.disk === null) return 'Operation not permitted'
    if (place.readOnly) return 'Read-only file system'
    const { uid } = this.proc
    const owns = uid === 0 || uid === place.node.uid
    const times = what.mtime !== undefined && what.mode === undefined && what.uid === undefined
    if (!owns && !(times && allowed(place.node, this.proc, 2))) return times ? 'Permission denied' : 'Operation not permitted'
    if (what.uid !== undefined && !may(this.kernel, this.proc, 'CHOWN') && what.uid !== place.node.uid)
      return 'Operation not permitted'
    Object.assign(place.disk.edit(place.ino), what)
    place.disk.touched(place.ino)
    return ''
  }

  /** Writes a whole file. */
  put(path: string, data: string, append = false): '' | Errno {
    const file = this.openFile(path, { write: true, create: true, append, truncate: !append })
    if (failed(file)) return file
    this.kernel.opens.keep(file)
    const why = this.kernel.opens.write(this.proc, file, data)
    this.kernel.opens.drop(file)
    return why as '' | Errno
  }

  truncate(path: string, size: number): '' | Errno {
    const place = this.at(path)
    if (failed(place)) return place
    if (place.node.k !== 'f') return 'Is a directory'
    const { data } = place.node as FileNode
    this.kernel.opens.replace(place, data.length > size ? data.slice(0, size) : data.padEnd(size, '\0'))
    return ''
  }

  names(path: string): string[] | Errno {
    const place = this.at(path)
    if (failed(place)) return place
    if (place.node.k !== 'd') return 'Not a directory'
    if (!allowed(place.node, this.proc, 4)) return 'Permission denied'
    return this.kernel.vfs.names(place)
  }
}
