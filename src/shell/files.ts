/** The learner's files by name, for those who fill them or read them from outside: the editor's tabs, lessons, stories. */
import type { Disk } from '#posix/disk.ts'
import { filesBelow, find, listDir, makeDirs, putFile, readFile, removePath } from '#posix/disk-paths.ts'

export const HOME = '/root'

export class Files {
  readonly #disk: Disk
  readonly #now: () => number

  constructor(disk: Disk, now: () => number) {
    this.#disk = disk
    this.#now = now
  }

  #whole(path: string): string {
    return path.startsWith('/') ? path : `${HOME}/${path}`
  }

  write(path: string, text: string): void {
    putFile(this.#disk, this.#whole(path), text, { mtime: this.#now() })
  }
  makeDirectory(path: string): void {
    makeDirs(this.#disk, this.#whole(path), { mtime: this.#now() })
  }
  remove(path: string): boolean {
    return removePath(this.#disk, this.#whole(path), this.#now())
  }
  find(path: string): string | undefined {
    return readFile(this.#disk, this.#whole(path))
  }
  /** Names in a directory; null when it is none. */
  list(path: string): string[] | null {
    return listDir(this.#disk, this.#whole(path)) ?? null
  }
  /** Every file of the home directory, by its path in it. */
  all(): Record<string, string> {
    const home = find(this.#disk, HOME)
    const texts: Record<string, string> = {}
    for (const [path, node] of home === undefined ? [] : filesBelow(this.#disk, home))
      if (node.k === 'f') texts[path.slice(1)] = node.data
    return texts
  }
}
