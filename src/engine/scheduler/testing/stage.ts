/** A scheduler alone on a stage: a stand-in for the API server, nodes and Pods by the handful. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { conflict } from '#api/status.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { createScheduler, type SchedulerPart } from '../scheduler.ts'

export class Stage extends FakeApi {
  readonly scheduler: SchedulerPart

  constructor() {
    super()
    this.scheduler = createScheduler({ world: this.world, connect: () => this, source: this })
  }

  node(name: string, room: Record<string, string> = {}, more: Record<string, unknown> = {}): this {
    this.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      spec: {},
      status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...room } },
      ...more,
    } as AnyObject)
    return this
  }

  pod(name: string, cpu = '100m', spec: Record<string, unknown> = {}, labels: Record<string, string> = { app: name }): this {
    const containers = [{ name: 'app', image: 'nginx:1.27', resources: { requests: { cpu } } }]
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels }, spec: { containers, ...spec } }
    this.create('pods', pod as AnyObject)
    return this
  }

  /** Binds, as the API server does: once only. */
  override post(resource: string, namespace: string, name: string, subresource: string, body?: any): unknown {
    super.post(resource, namespace, name, subresource)
    const pod = this.get<Pod>(resource, namespace, name)
    if (pod.spec.nodeName) throw conflict({ group: '', resource: 'pods' }, name, `pod ${name} is already assigned to node`)
    return this.update(resource, { ...pod, spec: { ...pod.spec, nodeName: body.target.name } })
  }

  /** Where a Pod is; `undefined` while it waits. */
  at(name: string): string | undefined {
    return this.get<Pod>('pods', 'default', name).spec.nodeName
  }
  status(name: string): Pod['status'] {
    return this.get<Pod>('pods', 'default', name).status
  }
  /** What the events say about an object, in order. */
  said(name: string): string[] {
    return this.list('events.events.k8s.io')
      .filter((event) => event['regarding'].name === name)
      .map((event) => `${event['reason']}: ${event['note']}`)
  }
}
