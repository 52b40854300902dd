/** What exams are set with: namespaces and workloads as they are found, and the commands that their routes have in common. */
import type { AnyObject } from '#api/meta.ts'

export const POD = 'spec.template.spec'
export const CONTAINER = `${POD}.containers.0`

export const object = (
  apiVersion: string,
  kind: string,
  name: string,
  home: string | null,
  body: Record<string, unknown>,
): AnyObject =>
  ({ apiVersion, kind, metadata: { name, ...(home === null ? {} : { namespace: home }) }, ...body }) as unknown as AnyObject

export const namespace = (name: string): AnyObject => object('v1', 'Namespace', name, null, {})

interface Template {
  replicas?: number
  image?: string
  container?: Record<string, unknown>
  /** Of the Pods, beside their containers. */
  pod?: Record<string, unknown>
  labels?: Record<string, string>
}

export function deployment(home: string, name: string, template: Template = {}): AnyObject {
  const { replicas = 1, image = 'nginx:1.27', container = {}, pod = {}, labels = { app: name } } = template
  return object('apps/v1', 'Deployment', name, home, {
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image, ...container }], terminationGracePeriodSeconds: 1, ...pod },
      },
    },
  })
}

/** A busybox that does this. */
export const shell = (script: string): { image: string; container: Record<string, unknown> } => ({
  image: 'busybox:1.36',
  container: { command: ['sh', '-c', script] },
})

export const pod = (home: string, name: string, spec: Record<string, unknown>): AnyObject =>
  object('v1', 'Pod', name, home, { spec })

export const service = (
  home: string,
  name: string,
  selector: Record<string, string>,
  ports: readonly unknown[] = [{ port: 80 }],
): AnyObject => object('v1', 'Service', name, home, { spec: { selector, ports } })

/** A strategic patch of a Deployment's first container, or of what else its Pods have. */
export const patchPods = (home: string, name: string, spec: unknown): string =>
  `kubectl patch deployment ${name} -n ${home} -p '${JSON.stringify({ spec: { template: { spec } } })}'`
export const patchMain = (home: string, name: string, container: Record<string, unknown>): string =>
  patchPods(home, name, { containers: [{ name: 'main', ...container }] })

/** Applies an object as JSON, which is YAML too. */
export const applied = (what: AnyObject): string => `echo '${JSON.stringify(what)}' | kubectl apply -f -`
