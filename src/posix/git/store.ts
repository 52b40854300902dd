/** The files that a repository is kept in: a process' own, or those of a server. */
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'

export interface Store {
  /** Undefined: there is no such file, or it may not be read. */
  read(path: string): string | undefined
  /** Makes the folders that lead there. Why not, or empty. */
  write(path: string, text: string): string
  /** Names in a folder; none when there is no such folder. */
  names(path: string): readonly string[]
  isFolder(path: string): boolean
  remove(path: string): void
}

export const above = (path: string): string => path.slice(0, path.lastIndexOf('/'))

export function makeFolders(sys: Sys, path: string): void {
  if (path === '' || sys.exists(path)) return
  makeFolders(sys, above(path))
  sys.mkdir(path)
}

/** The files as a process sees them. */
export function storeOf(sys: Sys): Store {
  const isFolder = (path: string): boolean => {
    const place = sys.at(path)
    return !failed(place) && place.node.k === 'd'
  }
  return {
    isFolder,
    read(path) {
      const read = sys.text(path)
      return failed(read) ? undefined : read.text
    },
    write(path, text) {
      makeFolders(sys, above(path))
      return sys.put(path, text)
    },
    names(path) {
      const names = isFolder(path) ? sys.names(path) : []
      return failed(names) ? [] : names
    },
    remove: (path) => void sys.unlink(path),
  }
}
