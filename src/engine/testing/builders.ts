/** Builders: the objects tests need, in one line each. */
import type { AnyObject } from '#api/meta.ts'

export const deployment = (
  name: string,
  replicas: number,
  image = 'nginx:1.27',
  more: Record<string, unknown> = {},
): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
    ...more,
  },
})

export const pod = (name: string, image = 'nginx:1.27', spec: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'web', image }], ...spec },
})

export const service = (name: string, app: string, port = 80): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app }, ports: [{ port }] },
})

const podTemplate = (app: string, container: Record<string, unknown>, spec: Record<string, unknown> = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', ...container }], ...spec },
})

export const statefulSet = (name: string, replicas: number, image = 'nginx:1.27'): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name },
  spec: { replicas, serviceName: name, selector: { matchLabels: { app: name } }, template: podTemplate(name, { image }) },
})

export const daemonSet = (name: string, image = 'nginx:1.27'): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: podTemplate(name, { image }) },
})

export const job = (name: string, completions: number, script: string): AnyObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    completions,
    parallelism: 2,
    template: podTemplate(name, { image: 'busybox:1.36', command: ['sh', '-c', script] }, { restartPolicy: 'Never' }),
  },
})
