/**
 * Which data the members of etcd have: what lies in the directory that each was started with. Those that have the same are one cluster; whose
 * majority runs, its store is what API servers find. The others are put aside, and come back with their directories.
 */
import type { Pod } from '#api/kinds.ts'
import { Disk } from '#posix/disk.ts'
import { putFile, readFile } from '#posix/disk-paths.ts'
import { databaseIn, databaseText } from '../../machinery/etcd-snapshot.ts'
import type { ControlPorts, SavedStore } from '../addon.ts'
import { DATA } from './manifests.ts'

/** What a directory holds of which this etcd can make nothing. */
const BROKEN = 'broken'
const FIRST = '1'
/** So many stores are kept that nobody is served from. */
const MOST_ASIDE = 4
const LOG_FILE = 'member/wal/0000000000000000-0000000000000000.wal'

interface Aside extends SavedStore {
  /** How many members it was made for. */
  size: number
}

interface Data {
  /** Of which store each machine's member has the data. */
  of: Record<string, string>
  /** Machines whose member runs. */
  running: string[]
  active: string
  aside: Record<string, Aside>
  /** How many stores have begun empty, or been made of snapshots. */
  begun: number
  /** How often a machine has begun with a certain snapshot: each time that is another store. */
  openings: Record<string, number>
}

type Mount = { mountPath: string; name: string }

/** Where on the machine's disk a member's data lie; null: nowhere that outlives its container. */
export function dataPath({ spec }: Pod): string | null {
  const [container] = spec.containers as unknown as { command?: string[]; args?: string[]; volumeMounts?: Mount[] }[]
  const words = [...(container?.command ?? []), ...(container?.args ?? [])]
  const flag = words.findIndex((word) => /^--?data-dir(=|$)/.test(word))
  const dir = words[flag]?.includes('=') ? (words[flag] as string).replace(/^[^=]*=/, '') : words[flag + 1]
  if (flag < 0 || !dir?.startsWith('/')) return null
  const below = (container?.volumeMounts ?? []).filter(({ mountPath }) =>
    `${dir}/`.startsWith(`${mountPath.replace(/\/$/, '')}/`),
  )
  const mount = below.sort((a, b) => b.mountPath.length - a.mountPath.length)[0]
  const volume = (spec.volumes as { name: string; hostPath?: { path: string } }[] | undefined)?.find(
    ({ name }) => name === mount?.name,
  )
  return mount && volume?.hostPath ? volume.hostPath.path + dir.slice(mount.mountPath.replace(/\/$/, '').length) : null
}

export class EtcdData {
  readonly #ports: ControlPorts
  /** Another store is served from now on, and it was empty: what every cluster has is not in it. */
  readonly #empty: () => void
  #data: Data = { of: {}, running: [], active: FIRST, aside: {}, begun: 1, openings: {} }

  constructor(ports: ControlPorts, empty: () => void) {
    this.#ports = ports
    this.#empty = empty
  }

  /** A new cluster: each member's directory as it is while it is served from. */
  begin(host: string): void {
    this.#data.of[host] = FIRST
    this.#mark(host, DATA, FIRST)
    this.#place(host, `${DATA}/${LOG_FILE}`, '')
  }

  #disk(host: string): Disk | null {
    const volume = { name: '', hostPath: { path: '/' } }
    const found = this.#ports.machines.contents.of(host, {} as Pod, volume)
    return found && 'files' in found ? new Disk(found.files) : null
  }
  #place(host: string, path: string, text: string): void {
    const disk = this.#disk(host)
    if (disk) putFile(disk, path, text, { mode: 0o600, mtime: this.#ports.world.now })
  }
  /** While a store is served its content is not in this file, only its name. */
  #mark(host: string, path: string, live: string): void {
    this.#place(host, `${path}/member/snap/db`, databaseText({ hash: 0, revision: 0, version: '3.6.0', total: 0, live }))
  }

  /** The container of a machine's member has begun, or ended. */
  ran(host: string, pod: Pod | undefined, runs: boolean): void {
    const { running } = this.#data
    this.#data.running = running.filter((each) => each !== host)
    if (runs && pod) {
      this.#data.running.push(host)
      this.#data.of[host] = this.#open(host, dataPath(pod))
    }
    this.#decide(host)
  }

  #open(host: string, path: string | null): string {
    const { hosts } = this.#ports
    const text = path === null ? undefined : this.find(host, `${path}/member/snap/db`)
    if (text === undefined) {
      const id = String(++this.#data.begun)
      this.#data.aside[id] = { state: null, revision: 1, size: hosts.addresses().length }
      if (path !== null) this.#mark(host, path, id)
      return id
    }
    const database = databaseIn(text)
    if (database?.live !== undefined) return database.live
    if (!database?.state || !database.restored) return BROKEN
    const { restored, revision, hash, state } = database
    const base = `${restored.cluster} ${revision} ${hash}`
    const opening = (this.#data.openings[`${host} ${base}`] ?? 0) + 1
    this.#data.openings[`${host} ${base}`] = opening
    const id = `${base} ${opening}`
    if (id !== this.#data.active) this.#data.aside[id] ??= { state, revision, size: Object.keys(restored.peers).length }
    this.#mark(host, path as string, id)
    return id
  }

  /** A file of the machine's disk. */
  find(host: string, path: string): string | undefined {
    const disk = this.#disk(host)
    return disk ? readFile(disk, path) : undefined
  }

  #count(id: string): number {
    return this.#data.running.filter((host) => this.#data.of[host] === id).length
  }

  #decide(host: string): void {
    const { hosts } = this.#ports
    const all = hosts.addresses().map(({ name }) => name)
    const { active, aside, of } = this.#data
    if (this.#count(active) * 2 <= all.length) {
      const next = Object.keys(aside).find((id) => aside[id]?.size === all.length && this.#count(id) * 2 > all.length)
      if (next !== undefined) this.#serve(next, host)
    }
    for (const name of all) hosts.follow('etcd', name, this.#data.running.includes(name) && of[name] === this.#data.active)
  }

  #serve(id: string, name: string): void {
    const { store, hosts, world } = this.#ports
    const { active, aside } = this.#data
    const next = aside[id] as Aside
    delete aside[id]
    aside[active] = { ...store.save(), size: hosts.addresses().length }
    for (const old of Object.keys(aside).slice(0, -MOST_ASIDE)) delete aside[old]
    this.#data.active = id
    store.put(next)
    hosts.ring?.reborn()
    if (next.state === null) this.#empty()
    const because = next.state === null ? 'its data directory was empty' : `its data directory ends at revision ${next.revision}`
    world.trace({ by: 'system:etcd', verb: 'restore', resource: 'snapshots', namespace: '', name, code: 200, because })
  }

  save(): unknown {
    const { of, running, aside, openings } = this.#data
    return { ...this.#data, of: { ...of }, running: [...running], aside: { ...aside }, openings: { ...openings } }
  }
  load(saved: any): void {
    const { of, running, aside, openings } = saved
    this.#data = { ...saved, of: { ...of }, running: [...running], aside: { ...aside }, openings: { ...openings } }
  }
}
