/** Folders of files that stories bring along, from the disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** Reads a folder beside the corpus; its files' paths begin with its last name. */
export const folderOf =
  (corpus: string) =>
  (folder: string): Map<string, string> => {
    const files = new Map<string, string>()
    const visit = (at: string, name: string): void => {
      if (statSync(at).isDirectory()) for (const each of readdirSync(at)) visit(path.join(at, each), `${name}/${each}`)
      else files.set(name, readFileSync(at, 'utf8'))
    }
    visit(path.join(corpus, folder), path.basename(folder))
    return files
  }
