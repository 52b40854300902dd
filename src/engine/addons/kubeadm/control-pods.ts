/** A control plane in Pods: its machines are Nodes whose kubelets run its parts as static Pods, and a part runs while its container does. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { Part } from '../../sim/world.ts'
import type { ControlHost, ControlPods, ControlPorts } from '../addon.ts'
import { filesOf } from './files.ts'
import { staticPodsOf } from './manifests.ts'

const ROLE = 'node-role.kubernetes.io/control-plane'
const LABELS = { [ROLE]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }

/** How often it is looked whether a Node is there to be labelled. */
const LOOK_MS = 500

export class StaticControlPods implements ControlPods, Part {
  readonly name = 'control-pods'
  readonly #ports: ControlPorts

  constructor(ports: ControlPorts) {
    this.#ports = ports
    ports.world.join(this)
    ports.machines.onContainer = (machine, { name, podUid }, runs) => {
      const isStatic = ports.machines.node(machine)?.kubelet.recordOf(podUid)?.manifest
      if (isStatic && this.#isHost(machine)) ports.hosts.follow(name, machine, runs)
    }
  }

  #isHost(machine: string): boolean {
    return this.#ports.hosts.addresses().some(({ name }) => name === machine)
  }

  #manifests(host: string): Readonly<Record<string, AnyObject>> {
    const all = this.#ports.hosts.addresses()
    return staticPodsOf(all.find(({ name }) => name === host) as ControlHost, all)
  }

  begin(): void {
    const { hosts, machines, world, certificate } = this.#ports
    for (const { name, ip } of hosts.addresses()) {
      machines.add({ name, ip, index: 0, taints: [{ key: ROLE, effect: 'NoSchedule' }] })
      for (const [file, pod] of Object.entries(this.#manifests(name))) machines.node(name)?.manifest(file, pod)
      for (const [path, text] of filesOf(ip, certificate)) machines.contents.place(name, path, text)
      world.after(LOOK_MS, this.name, 'label', name)
    }
  }

  /** A role is nothing that a kubelet may say of itself: who sets the cluster up does, once the Node is there. */
  due(_what: string, host: string): void {
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
    machines.node(place.host)?.manifest(file, on ? (this.#manifests(place.host)[file] ?? null) : null)
    return true
  }

  save(): unknown {
    return null
  }
  load(): void {}
}
