/** Names for commits: `HEAD`, and the files below `refs`. */
import { byBytes } from './objects.ts'
import type { Store } from './store.ts'

export const BRANCHES = 'refs/heads/'
export const REMOTES = 'refs/remotes/'
export const TAGS = 'refs/tags/'

export class Refs {
  readonly #store: Store
  readonly #dir: string

  constructor(store: Store, gitDir: string) {
    this.#store = store
    this.#dir = gitDir
  }

  /** What a name stands for, through others that it may lead to. */
  get(name: string): string | undefined {
    const text = this.#store.read(`${this.#dir}/${name}`)?.trim() ?? this.#packed().get(name)
    if (text?.startsWith('ref: ')) return this.get(text.slice(5))
    return text !== undefined && /^[0-9a-f]{40}$/.test(text) ? text : undefined
  }

  /** Those that the real git has gathered in one file. */
  #packed(): Map<string, string> {
    const lines = (this.#store.read(`${this.#dir}/packed-refs`) ?? '').split('\n')
    return new Map(lines.flatMap((line) => (/^[0-9a-f]{40} /.test(line) ? [[line.slice(41), line.slice(0, 40)] as const] : [])))
  }

  set(name: string, id: string): string {
    return this.#store.write(`${this.#dir}/${name}`, `${id}\n`)
  }
  link(name: string, to: string): void {
    this.#store.write(`${this.#dir}/${name}`, `ref: ${to}\n`)
  }
  remove(name: string): void {
    this.#store.remove(`${this.#dir}/${name}`)
  }

  /** The branch (as `refs/heads/…`) that a name leads to; null: it is a commit itself. */
  target(name: string): string | null {
    const text = this.#store.read(`${this.#dir}/${name}`)?.trim() ?? ''
    return text.startsWith('ref: ') ? text.slice(5) : null
  }

  /** All below a prefix that ends in a slash, in order. */
  list(prefix: string): { name: string; id: string }[] {
    const found = new Map([...this.#packed()].filter(([name]) => name.startsWith(prefix)))
    const walk = (folder: string): void => {
      for (const name of this.#store.names(`${this.#dir}/${folder}`)) {
        const path = `${folder}${name}`
        if (this.#store.isFolder(`${this.#dir}/${path}`)) walk(`${path}/`)
        else {
          const id = this.get(path)
          if (id !== undefined) found.set(path, id)
        }
      }
    }
    walk(prefix)
    return [...found].map(([name, id]) => ({ name, id })).sort((a, b) => byBytes(a.name, b.name))
  }
}

export const shortRef = (name: string): string => name.replace(/^refs\/(heads|remotes|tags)\//, '')
