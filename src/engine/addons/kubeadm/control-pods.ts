/** A control plane in Pods: its machines are Nodes whose kubelets run its parts as static Pods, and a part runs while its container does. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { MANIFESTS, readManifest } from '../../node/mirrors.ts'
import type { Part } from '../../sim/world.ts'
import type { ControlHost, ControlPods, ControlPorts } from '../addon.ts'
import { EtcdData } from './etcd-data.ts'
import { filesOf } from './files.ts'
import { clusterInfo } from './joining.ts'
import { staticPodsOf } from './manifests.ts'

const ROLE = 'node-role.kubernetes.io/control-plane'
const LABELS = { [ROLE]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }

/** How often it is looked whether a Node is there to be labelled. */
const LOOK_MS = 500

export class StaticControlPods implements ControlPods, Part {
  readonly name = 'control-pods'
  readonly #ports: ControlPorts
  /** The release it was set up with, and what was upgraded since: by `MACHINE/FILE`. */
  readonly #release: string
  #upgraded: Record<string, string> = {}
  /** Of the API server that began to serve last. */
  #serving: string
  readonly #data: EtcdData
  /** Manifests that were taken away, by machine and file: as they stood there. */
  #away: Record<string, string> = {}

  constructor(ports: ControlPorts, release: string) {
    this.#ports = ports
    this.#release = release
    this.#serving = release
    ports.server.release = release
    this.#data = new EtcdData(ports, () => ports.world.after(LOOK_MS, this.name, 'bootstrap', ''))
    ports.world.join(this)
    ports.machines.onContainer = (machine, { name, podUid, image }, runs) => {
      const record = ports.machines.node(machine)?.kubelet.recordOf(podUid)
      if (!record?.manifest || !this.#isHost(machine)) return
      if (name === 'kube-apiserver' && runs) this.#serve(image.slice(image.lastIndexOf(':') + 1))
      if (name === 'etcd') this.#data.ran(machine, record.pod, runs)
      else ports.hosts.follow(name, machine, runs)
    }
  }

  #serve(release: string): void {
    this.#serving = release
    this.#ports.server.release = release
  }

  #isHost(machine: string): boolean {
    return this.#ports.hosts.addresses().some(({ name }) => name === machine)
  }

  #manifests(host: string): Readonly<Record<string, AnyObject>> {
    const all = this.#ports.hosts.addresses()
    return staticPodsOf(all.find(({ name }) => name === host) as ControlHost, all, (file) => this.releaseOf(host, file))
  }

  releaseOf(host: string, file: string): string {
    return this.#isHost(host) ? (this.#upgraded[`${host}/${file}`] ?? this.#release) : ''
  }

  upgrade(host: string, file: string, release: string): void {
    if (release) this.#upgraded[`${host}/${file}`] = release
    const node = this.#ports.machines.node(host)
    // Away and back: what does not change is started anew all the same.
    node?.manifest(file, null)
    node?.manifest(file, this.#manifests(host)[file] ?? null)
  }

  begin(): void {
    const { api, hosts, machines, world, authority } = this.#ports
    const [first] = hosts.addresses()
    if (first) api.create('configmaps', clusterInfo(first.ip, authority.certificate), { because: 'who joins asks for it first' })
    for (const { name, ip } of hosts.addresses()) {
      machines.add({ name, ip, index: 0, taints: [{ key: ROLE, effect: 'NoSchedule' }], kubelet: this.#release })
      for (const [file, pod] of Object.entries(this.#manifests(name))) machines.node(name)?.manifest(file, pod)
      for (const [path, text] of filesOf({ name, ip }, authority, world.now)) machines.contents.place(name, path, text)
      this.#data.begin(name)
      world.after(LOOK_MS, this.name, 'label', name)
    }
  }

  due(what: string, host: string): void {
    if (what === 'bootstrap') this.#bootstrap()
    else this.#label(host)
  }

  /** What an API server makes that finds nothing in its store. */
  #bootstrap(): void {
    const { store, world } = this.#ports
    try {
      store.bootstrap()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      world.after(LOOK_MS, this.name, 'bootstrap', '')
    }
  }

  /** A role is nothing that a kubelet may say of itself: who sets the cluster up does, once the Node is there. */
  #label(host: string): void {
    const { api, world } = this.#ports
    const because = `${host} is of the control plane`
    try {
      api.patch('nodes', '', host, 'strategic', { metadata: { labels: LABELS } }, { because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      world.after(LOOK_MS, this.name, 'label', host)
    }
  }

  switch(component: string, on: boolean): boolean {
    const { hosts, machines } = this.#ports
    if (this.#isHost(component)) {
      machines.node(component)?.power(on)
      return true
    }
    const place = hosts.processOf(component)
    if (!place) return false
    const file = `${place.process}.yaml`
    machines.node(place.host)?.manifest(file, on ? this.#back(place.host, file) : this.#take(place.host, file))
    return true
  }

  /** Who takes a manifest away keeps it as it stands. */
  #take(host: string, file: string): null {
    const text = this.#data.find(host, `${MANIFESTS}/${file}`)
    if (text !== undefined) this.#away[`${host}/${file}`] = text
    return null
  }
  #back(host: string, file: string): AnyObject | null {
    const text = this.#away[`${host}/${file}`]
    return (text === undefined ? null : readManifest.get()(text)) ?? this.#manifests(host)[file] ?? null
  }

  save(): unknown {
    return { upgraded: this.#upgraded, serving: this.#serving, data: this.#data.save(), away: this.#away }
  }
  load(saved: any): void {
    this.#upgraded = saved.upgraded
    this.#serve(saved.serving)
    this.#data.load(saved.data)
    this.#away = { ...saved.away }
  }
}
