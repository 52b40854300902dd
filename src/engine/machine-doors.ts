/** The doors of machines, wired to what there is of a cluster. */
import type { ControlPods } from './addons/addon.ts'
import type { Server } from './apiserver/api-server.ts'
import type { ControlMachines } from './control-machines.ts'
import { MachineDoors } from './host/doors.ts'
import type { Connect } from './machinery/client.ts'
import type { Streams } from './machinery/streams.ts'
import type { Machines } from './machines.ts'
import type { CertificateAuthority } from './root-certificate.ts'

interface Parts {
  server: Server
  streams: Streams
  machines: Machines
  connect: Connect
  hosts: ControlMachines
  /** Absent: the control plane is not in Pods. */
  pods: ControlPods | undefined
  authority: CertificateAuthority
}

export const doorsOf = ({ server, streams, machines, connect, hosts, pods, authority }: Parts): MachineDoors =>
  new MachineDoors({
    world: server.world,
    streams,
    connect,
    ask: (request) => server.request(request),
    machine: (name) => machines.node(name),
    fetch: (...asked) => machines.network.fetch(...asked),
    disk: (name) => machines.contents.host(name),
    hosts: () => hosts.addresses(),
    control: pods ?? null,
    authority,
  })
