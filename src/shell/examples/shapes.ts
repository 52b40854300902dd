/** Short ways to say what the examples have in common. */

type Fields = Record<string, unknown>
export type Examples = Readonly<Record<string, readonly Fields[]>>

export const object = (apiVersion: string, kind: string, name: string, rest: Fields, metadata: Fields = {}): Fields => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...rest,
})
export const pod = (name: string, spec: Fields, metadata: Fields = {}): Fields => object('v1', 'Pod', name, { spec }, metadata)
export const service = (name: string, spec: Fields, labels?: Fields): Fields =>
  object('v1', 'Service', name, { spec }, labels ? { labels } : {})
export const container = (name: string, image: string, rest: Fields = {}): Fields => ({ name, image, ...rest })
export const ports = (...numbers: number[]): Fields => ({ ports: numbers.map((containerPort) => ({ containerPort })) })
export const shell = (script: string): Fields => ({ command: ['/bin/sh', '-c'], args: [script] })
export const env = (pairs: Record<string, unknown>): Fields => ({
  env: Object.entries(pairs).map(([name, value]) => (typeof value === 'string' ? { name, value } : { name, valueFrom: value })),
})
export const mount = (name: string, mountPath: string): Fields => ({ name, mountPath })

/** A workload whose selector and Pods have these labels. */
export const workload = (
  kind: string,
  name: string,
  labels: Fields,
  spec: Fields,
  containers: Fields[],
  podSpec: Fields = {},
): Fields =>
  object('apps/v1', kind, name, {
    spec: { selector: { matchLabels: labels }, ...spec, template: { metadata: { labels }, spec: { containers, ...podSpec } } },
  })
/** The workload itself has its Pods' labels, too. */
export const labelled = (made: Fields): Fields => {
  const spec = made['spec'] as { selector: { matchLabels: Fields } }
  return { ...made, metadata: { ...(made['metadata'] as Fields), labels: spec.selector.matchLabels } }
}
export const deployment = (name: string, labels: Fields, replicas: number, containers: Fields[]): Fields =>
  workload('Deployment', name, labels, { replicas }, containers)
