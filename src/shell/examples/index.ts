/** The manifests that Kubernetes' pages name as `https://k8s.io/examples/…`, written anew from what those pages say of them. */
import { toYaml } from '#api/yaml.ts'
import { administration } from './administration.ts'
import { configuration } from './configuration.ts'
import { pods } from './pods.ts'
import type { Examples } from './shapes.ts'
import { stateful } from './stateful.ts'
import { taskObjects } from './tasks-cluster.ts'
import { taskPods } from './tasks-pods.ts'
import { texts } from './texts.ts'
import { tutorials } from './tutorials.ts'
import { workloads } from './workloads.ts'

const all: Examples = {
  ...workloads,
  ...pods,
  ...configuration,
  ...administration,
  ...stateful,
  ...taskObjects,
  ...taskPods,
  ...tutorials,
}

export const exampleNames = (): string[] => Object.keys(all).sort()

export function example(path: string): string | undefined {
  if (Object.hasOwn(texts, path)) return texts[path]
  if (!Object.hasOwn(all, path)) return undefined
  return all[path]?.map((object) => toYaml(object)).join('---\n')
}
