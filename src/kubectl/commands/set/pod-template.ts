/** What `kubectl set` changes: the pod spec inside an object, wherever its kind keeps it. */
import type { Container, PodSpec } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { sendChange } from '../../change.ts'
import { type Context, KubectlError } from '../../command.ts'
import { printDone } from '../../dry-run.ts'
import { withZeros } from '../../go-zeros.ts'
import { readManifests } from '../../manifests.ts'
import { type Found, findObjects } from '../../targets.ts'

const PATHS: Record<string, readonly string[]> = { Pod: ['spec'], CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'] }
const TEMPLATE = ['spec', 'template', 'spec']

function within(object: any, [key, ...rest]: readonly string[], change: (spec: PodSpec) => PodSpec): any {
  if (key === undefined) return change(object)
  return { ...object, [key]: within(object[key], rest, change) }
}

export function podSpecOf(object: AnyObject): PodSpec | undefined {
  let at: any = object
  for (const key of PATHS[object.kind] ?? TEMPLATE) at = at?.[key]
  return at?.containers ? at : undefined
}

/** The objects that a `set` command means: the server's, or with `--local` those of the files. */
export async function setTargets(context: Context, words: readonly string[]): Promise<Found[]> {
  const { flags } = context
  if (flags.is('all') && flags.has('selector')) throw new KubectlError('cannot set --all and --selector at the same time')
  // One that is missing ends it all.
  if (!flags.is('local')) return findObjects(context, words, { strict: true, known: true })
  if (flags.text('dry-run') === 'server') {
    throw new KubectlError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
  }
  if (!flags.has('filename')) {
    throw new KubectlError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    )
  }
  const manifests = await readManifests(context)
  return manifests.map(({ info, namespace, object }) => ({
    info,
    namespace,
    name: object.metadata.name,
    object: withZeros(object),
  }))
}

/** What a refused change was to be. */
const FAILURES: Record<string, string> = {
  'image updated': 'image update to pod template:',
  'env updated': 'env update to pod template:',
  'resource requirements updated': 'resources update to pod template',
  'serviceaccount updated': 'ServiceAccountName',
}

/** Sends a changed pod spec, and says what was done; silent when nothing changed. */
export async function changeSpec(
  context: Context,
  found: Found,
  done: string,
  change: (spec: PodSpec) => PodSpec,
): Promise<void> {
  const { object, info } = found
  if (!podSpecOf(object)) {
    // Files alone know no resources, only kinds.
    const resource = context.flags.is('local') ? info.kind.toLowerCase() : info.plural
    const shown = `${resource}${info.group ? `.${info.group}` : ''}/${found.name}`
    throw new KubectlError(`error: ${shown} the object is not a pod or does not have a pod template: *v1.${info.kind}`)
  }
  const next = within(object, PATHS[object.kind] ?? TEMPLATE, change) as AnyObject
  if (context.flags.is('local')) return printDone(context, info, next, done)
  const sent = await sendChange(context, found, next, 'kubectl-set').catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error
    throw new KubectlError(`failed to patch ${FAILURES[done] ?? 'object'} ${error.message}`)
  })
  // A ServiceAccount is told of even when it was the same.
  if (sent || done === 'serviceaccount updated') printDone(context, info, sent ?? object, done)
}

/** Changes the containers whose name fits the pattern (`*` stands for anything); tells how many there were. */
export function mapContainers(
  spec: PodSpec,
  pattern: string,
  change: (container: Container) => Container,
): { spec: PodSpec; hits: number } {
  const expression = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
  let hits = 0
  const map = (list: readonly Container[]): Container[] =>
    list.map((container) => {
      if (!expression.test(container.name)) return container
      hits += 1
      return change(container)
    })
  const containers = map(spec.containers)
  const next = { ...spec, containers, ...(spec.initContainers ? { initContainers: map(spec.initContainers) } : {}) }
  return { spec: next, hits }
}
