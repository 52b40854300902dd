/** Where kubeconfigs are: the files that `--kubeconfig`, KUBECONFIG or the home directory name. */

import { KubectlError } from '../error.ts'
import type { Flags } from '../flags.ts'
import type { Io } from '../io.ts'
import { CONFIG_LISTS, configText, emptyConfig, type Kubeconfig, merged, parseConfig } from './kubeconfig.ts'

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** The files that a kubeconfig names. */
function rename({ clusters, users }: Kubeconfig, change: (file: string) => string): void {
  for (const [list, keys] of [
    [clusters, ['certificate-authority']],
    [users, ['client-certificate', 'client-key', 'tokenFile']],
  ] as const)
    for (const [name, fields] of list)
      for (const key of keys) {
        const file = fields[key]
        if (typeof file === 'string' && file !== '') list.set(name, { ...list.get(name), [key]: change(file) })
      }
}

/** Reads and changes the configuration that holds for a command. */
export class ConfigStore {
  readonly #io: Io
  readonly #paths: string[]
  readonly explicit: boolean
  /** What holds where there is no file yet. */
  readonly #otherwise: Kubeconfig

  constructor(io: Io, flags: Flags, otherwise: Kubeconfig) {
    this.#io = io
    const given = flags.text('kubeconfig')
    this.explicit = given !== ''
    const listed = (io.env?.('KUBECONFIG') ?? '').split(':').filter(Boolean)
    this.#paths = given ? [given] : listed.length > 0 ? [...new Set(listed)] : [`${io.env?.('HOME') ?? '/root'}/.kube/config`]
    this.#otherwise = otherwise
  }

  /** The file that is named when the configuration as a whole is meant. */
  async defaultPath(): Promise<string> {
    if (this.#paths.length === 1) return this.#paths[0] as string
    for (const path of this.#paths) if ((await this.#text(path)) !== null) return path
    return this.#paths.at(-1) as string
  }

  async #text(path: string): Promise<string | null> {
    try {
      return await this.#io.read(path)
    } catch {
      return null
    }
  }

  async #files(): Promise<{ path: string; config: Kubeconfig }[]> {
    const files: { path: string; config: Kubeconfig }[] = []
    for (const path of this.#paths) {
      const text = await this.#text(path)
      if (text !== null) files.push({ path, config: parseConfig(text, path) })
      else if (this.explicit) throw new KubectlError(`stat ${path}: no such file or directory`)
    }
    return files
  }

  /** Whether any of the files is there. */
  async exists(): Promise<boolean> {
    for (const path of this.#paths) if ((await this.#text(path)) !== null) return true
    return false
  }

  async load(): Promise<Kubeconfig> {
    const files = await this.#files()
    return files.length > 0 ? merged(files.map(({ config }) => config)) : this.#otherwise
  }

  /** For connections: files that it names are found from where it stands itself. */
  async resolved(): Promise<Kubeconfig> {
    const files = await this.#files()
    for (const { path, config } of files)
      rename(config, (file) => (file.startsWith('/') || !path.includes('/') ? file : `${folderOf(path)}${file}`))
    return files.length > 0 ? merged(files.map(({ config }) => config)) : this.#otherwise
  }

  /** For changes: an explicit file need not be there yet. */
  async start(): Promise<Kubeconfig> {
    if (await this.exists()) return this.load()
    return this.explicit ? emptyConfig() : this.#otherwise
  }

  /** Writes what differs from the files: each thing where it stands, what is new in the first file. */
  async save(next: Kubeconfig): Promise<void> {
    if (!this.#io.write) throw new KubectlError('there is no file here that a kubeconfig could be written to')
    const files = (await this.exists()) ? await this.#files() : []
    if (files.length === 0) files.push({ path: await this.defaultPath(), config: emptyConfig() })
    const first = files[0] as (typeof files)[0]
    for (const [list] of CONFIG_LISTS) {
      for (const { config } of files)
        for (const name of [...config[list].keys()]) if (!next[list].has(name)) config[list].delete(name)
      for (const [name, fields] of next[list])
        (files.find(({ config }) => config[list].has(name)) ?? first).config[list].set(name, fields)
    }
    const holder = files.find(({ config }) => config.currentContext !== '') ?? first
    holder.config.currentContext = next.currentContext
    for (const { path, config } of files) {
      const folder = folderOf(path.startsWith('/') ? path : `${this.#io.env?.('PWD') ?? ''}/${path}`)
      rename(config, (file) => (file.startsWith(folder) ? file.slice(folder.length) : file))
      await this.#io.write(path, configText(config))
    }
  }
}
