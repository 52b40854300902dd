/** TestCluster: a small driver for tests that speak in sentences: a cluster in virtual time, asked through its API. */

import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiResponse } from '#api/request.ts'
import { mapSelects } from '#api/selector.ts'
import { Cluster, type ClusterOptions } from '../index.ts'

export class TestCluster {
  readonly cluster: Cluster
  constructor(options: Partial<ClusterOptions> = {}) {
    this.cluster = new Cluster(options)
    this.run(15)
  }

  static of(cluster: Cluster): TestCluster {
    return Object.assign(Object.create(TestCluster.prototype), { cluster })
  }

  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): ApiResponse {
    return this.cluster.request({ method, path, body, headers })
  }

  /** Creates the object in its namespace (`default`); throws the refusal's message. */
  create(object: AnyObject): AnyObject {
    const answer = this.request('POST', this.path(object), object)
    if (answer.status >= 300) throw new Error((answer.body as AnyObject)['message'])
    return answer.body as AnyObject
  }

  /** A JSON merge patch of `RESOURCE/NAME` in the default namespace. */
  patch(resource: string, name: string, patch: unknown): AnyObject {
    const answer = this.request('PATCH', `${this.collection(resource)}/${name}`, patch, {
      'content-type': 'application/merge-patch+json',
    })
    if (answer.status >= 300) throw new Error((answer.body as AnyObject)['message'])
    return answer.body as AnyObject
  }

  delete(resource: string, name: string, query = ''): ApiResponse {
    return this.request('DELETE', `${this.collection(resource)}/${name}${query}`)
  }

  /** Lets seconds of simulated time pass. */
  run(seconds: number): this {
    this.cluster.run(seconds * 1000)
    return this
  }
  settle(): this {
    this.cluster.settle()
    return this
  }

  get<T = AnyObject>(resource: string, name: string, namespace = 'default'): T | undefined {
    const scoped = this.cluster.server.resource(resource).namespaced
    return this.cluster.read<T>(resource, scoped ? namespace : '', name)
  }

  all<T = AnyObject>(resource: string): T[] {
    return this.cluster.server.readAll(resource) as T[]
  }

  pods(labels?: Record<string, string>): Pod[] {
    return this.all<Pod>('pods').filter((pod) => !labels || mapSelects(labels, pod.metadata.labels))
  }

  readyPods(labels?: Record<string, string>): Pod[] {
    return this.pods(labels).filter(
      (pod) => !pod.metadata.deletionTimestamp && pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
    )
  }

  events(reason: string): AnyObject[] {
    return this.all('events').filter((event) => event['reason'] === reason)
  }

  path(object: AnyObject): string {
    const resource = this.cluster.server.resources.find((r) => r.kind === object.kind && r.groupVersion === object.apiVersion)
    if (!resource) throw new Error(`no kind ${object.apiVersion} ${object.kind}`)
    return this.collection(resource.id, object.metadata.namespace)
  }

  collection(id: string, namespace = 'default'): string {
    const resource = this.cluster.server.resource(id)
    const root = resource.group ? `/apis/${resource.groupVersion}` : `/api/${resource.version}`
    return resource.namespaced ? `${root}/namespaces/${namespace}/${resource.plural}` : `${root}/${resource.plural}`
  }
}
