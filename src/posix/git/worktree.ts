/** The files that one works on, beside `.git`: looked at, written and taken away. */
import { byteLength } from '#api/bytes.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { Ignore } from './ignore.ts'
import { blobId } from './objects.ts'
import { above, makeFolders, type Store, storeOf } from './store.ts'

export interface WorkFile {
  path: string
  mode: string
  text: string
  mtime: number
}

export class Worktree {
  readonly root: string
  readonly #sys: Sys
  readonly #store: Store
  readonly ignore: Ignore

  constructor(sys: Sys, root: string, gitDir: string) {
    this.#sys = sys
    this.#store = storeOf(sys)
    this.root = root
    this.ignore = new Ignore(this.#store, root, gitDir)
  }

  full(path: string): string {
    return path === '' ? this.root : `${this.root === '/' ? '' : this.root}/${path}`
  }

  /** Undefined: there is none, or it is a folder. */
  file(path: string): WorkFile | undefined {
    const place = this.#sys.at(this.full(path), false)
    if (failed(place)) return undefined
    const { node } = place
    if (node.k === 'l') return { path, mode: '120000', text: node.target, mtime: node.mtime }
    if (node.k !== 'f') return undefined
    return { path, mode: node.mode & 0o100 ? '100755' : '100644', text: node.data, mtime: node.mtime }
  }

  isFolder(path: string): boolean {
    const place = this.#sys.at(this.full(path), false)
    return !failed(place) && place.node.k === 'd'
  }

  /** All files below a folder; folders that are repositories of their own are passed over, and those that `skip` says. */
  list(below = '', skip: (path: string, isFolder: boolean) => boolean = () => false): string[] {
    const out: string[] = []
    const walk = (folder: string): void => {
      for (const name of this.#store.names(this.full(folder.replace(/\/$/, '')))) {
        const path = `${folder}${name}`
        if (name === '.git') continue
        const isFolder = this.isFolder(path)
        if (skip(path, isFolder)) continue
        if (!isFolder) out.push(path)
        else if (!this.#sys.exists(this.full(`${path}/.git`))) walk(`${path}/`)
      }
    }
    walk(below === '' ? '' : `${below.replace(/\/$/, '')}/`)
    return out
  }

  write(path: string, mode: string, text: string): void {
    const full = this.full(path)
    makeFolders(this.#sys, above(full))
    if (!failed(this.#sys.at(full, false)) && (mode === '120000' || this.file(path)?.mode === '120000')) this.#sys.unlink(full)
    if (mode === '120000') {
      this.#sys.symlink(text, full)
      return
    }
    this.#sys.put(full, text)
    const place = this.#sys.at(full)
    if (failed(place)) return
    const now = place.node.mode & 0o777
    const bits = mode === '100755' ? now | (0o111 & ~this.#sys.proc.umask) : now & ~0o111
    if (bits !== now) this.#sys.change(full, { mode: bits })
  }

  /** With the folders that are empty then. */
  remove(path: string): void {
    this.#sys.unlink(this.full(path))
    for (
      let folder = above(path.includes('/') ? path : `/${path}`);
      folder !== '';
      folder = folder.includes('/') ? above(folder) : ''
    ) {
      if (this.#sys.rmdir(this.full(folder)) !== '') break
    }
  }
}

export const stagedOf = (file: WorkFile, id = blobId(file.text)) => ({
  path: file.path,
  mode: file.mode,
  id,
  stage: 0,
  size: byteLength(file.text),
  mtime: file.mtime,
})
