/** The terminal's files: a flat map of paths, with directories where a path says so. */

/** So much of an endless file is there to be read. */
const ENDLESS = 4 * 1024 * 1024

export class Files {
  #files = new Map<string, string>()
  #directories = new Set<string>()

  #clean(path: string): string {
    return path.replace(/^\.\//, '').replace(/\/+/g, '/').replace(/\/$/, '')
  }

  write(path: string, text: string): void {
    this.#files.set(this.#clean(path), text)
  }
  makeDirectory(path: string): void {
    this.#directories.add(this.#clean(path))
  }
  remove(path: string): boolean {
    return this.#files.delete(this.#clean(path))
  }
  find(path: string): string | undefined {
    if (path === '/dev/null') return ''
    if (path === '/dev/zero') return '\0'.repeat(ENDLESS)
    return this.#files.get(this.#clean(path))
  }
  /** Throws the system's words when there is none. */
  read(path: string): string {
    const text = this.find(path)
    if (text === undefined) throw new Error(`open ${path}: no such file or directory`)
    return text
  }

  /** Names in a directory; null when it is none. */
  list(path: string): string[] | null {
    const clean = this.#clean(path)
    const prefix = clean === '' || clean === '.' ? '' : `${clean}/`
    const names = new Set<string>()
    for (const file of [...this.#files.keys(), ...this.#directories]) {
      if (file.startsWith(prefix) && file !== clean) names.add(file.slice(prefix.length).split('/')[0] as string)
    }
    return names.size > 0 || prefix === '' || this.#directories.has(clean) ? [...names].sort() : null
  }
}
