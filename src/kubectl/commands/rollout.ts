/** `kubectl rollout`: status, history, undo, restart, pause and resume of Deployments. */
import type { Deployment, ReplicaSet } from '#api/kinds.ts'
import { type AnyObject, controllerOf } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { templateText } from '../describe/template.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { align } from '../print/table.ts'
import { FILE_FLAGS, type Found, findObjects, SELECTOR_FLAGS } from '../targets.ts'
import { statusCommand } from './rollout-status.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'
const flags = [...WRITE_FLAGS, ...FILE_FLAGS, ...SELECTOR_FLAGS]

/** The ReplicaSets of a Deployment by revision, oldest first. */
async function revisions(context: Context, { namespace, object }: Found): Promise<[number, ReplicaSet][]> {
  const info = await context.client.discovery.find('replicasets.apps')
  if (!info) throw new KubectlError('the server doesn\'t have a resource type "replicasets"')
  const { items } = await context.client.list<ReplicaSet>(info, namespace)
  return items
    .filter((rs) => controllerOf(rs.metadata)?.uid === object.metadata.uid)
    .map((rs): [number, ReplicaSet] => [Number(rs.metadata.annotations?.[REVISION] ?? 0), rs])
    .sort(([a], [b]) => a - b)
}

function deploymentsOnly(found: Found[], what: string): Found[] {
  const wrong = found.find(({ object }) => object.kind !== 'Deployment')
  if (wrong) throw new KubectlError(`${what} of ${wrong.info.plural} is not supported here yet; Deployments are`)
  if (found.length === 0) throw new KubectlError('required resource not specified')
  return found
}

const history = command({
  name: 'history',
  short: 'View rollout history',
  usage: 'rollout history (TYPE NAME | TYPE/NAME) [flags]',
  completes: 'resources',
  flags: [...flags, { name: 'revision', type: 'int', default: '0', help: 'See the details, including podTemplate of the revision specified' }],
  async run(context) {
    const asked = context.flags.int('revision')
    if (asked < 0) throw new KubectlError(`revision must be a positive integer: ${asked}`)
    for (const found of deploymentsOnly(await findObjects(context, context.args, { everything: true }), 'the history')) {
      const known = await revisions(context, found)
      const title = `deployment.apps/${found.name}`
      if (asked > 0) {
        const [, rs] = known.find(([n]) => n === asked) ?? []
        if (!rs) throw new KubectlError(`unable to find the specified revision`)
        context.io.out(`${title} with revision #${asked}\nPod Template:\n${templateText(rs.spec.template, rs.metadata.annotations?.[CAUSE])}\n`)
      } else if (known.length === 0) context.io.out(`${title} \nNo rollout history found.\n`)
      else context.io.out(`${title} \n${align([['REVISION', 'CHANGE-CAUSE'], ...known.map(([n, rs]) => [String(n), rs.metadata.annotations?.[CAUSE] ?? '<none>'])], 2)}\n`)
    }
    return 0
  },
})

const undo = command({
  name: 'undo',
  short: 'Undo a previous rollout',
  usage: 'rollout undo (TYPE NAME | TYPE/NAME) [flags]',
  completes: 'resources',
  flags: [...flags, { name: 'to-revision', type: 'int', default: '0', help: 'The revision to rollback to. Default to 0 (last revision).' }],
  async run(context) {
    for (const found of deploymentsOnly(await findObjects(context, context.args, { everything: true }), 'undoing a rollout')) await undoOne(context, found)
    return 0
  },
})

async function undoOne(context: Context, found: Found): Promise<void> {
  const { client, flags: given } = context
  const asked = given.int('to-revision')
  if (asked < 0) throw new KubectlError(`invalid revision number ${asked}: must be a positive integer`)
  const deployment = found.object as unknown as Deployment
  const known = await revisions(context, found)
  const [, target] = asked > 0 ? (known.find(([n]) => n === asked) ?? []) : (known.at(-2) ?? [])
  if (!target) throw new KubectlError(asked > 0 ? 'unable to find specified revision ' + asked + ' in history' : `no rollout history found for deployment "${found.name}"`)
  if (deployment.spec.paused) {
    throw new KubectlError(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/${found.name}' and try again`)
  }
  const { 'pod-template-hash': _hash, ...labels } = target.spec.template?.metadata?.labels ?? {}
  const template = { ...target.spec.template, metadata: { ...target.spec.template?.metadata, labels } }
  if (sameTemplate(template, deployment.spec.template)) {
    printDone(context, found.info, found.object, `skipped rollback (current template already matches revision ${asked || known.at(-1)?.[0]})`)
    return
  }
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: rolledBackAnnotations(deployment, target) },
  ]
  if (dryRunOf(context) !== 'client') await client.patch(found.info, found.namespace, found.name, 'json', patch, writeQuery(context, 'kubectl-rollout'))
  if (found.object.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']) {
    context.io.err(`Warning: resource deployments/${found.name} was previously managed by 'kubectl apply'. The rollback does not update the last-applied-configuration annotation.\n`)
  }
  printDone(context, found.info, found.object, 'rolled back')
}

const sameTemplate = (a: unknown, b: unknown): boolean => JSON.stringify(normal(a)) === JSON.stringify(normal(b))

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== null)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, normal(v)]))
}

const KEPT = ['kubectl.kubernetes.io/last-applied-configuration', REVISION, 'deployment.kubernetes.io/revision-history', 'deployment.kubernetes.io/desired-replicas', 'deployment.kubernetes.io/max-replicas', 'deprecated.deployment.rollback.to']

/** The Deployment keeps its bookkeeping; everything else comes from the ReplicaSet. */
function rolledBackAnnotations(deployment: Deployment, rs: ReplicaSet): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => KEPT.includes(key))
  const old = Object.entries(rs.metadata.annotations ?? {}).filter(([key]) => !KEPT.includes(key))
  return Object.fromEntries([...own, ...old])
}

/** restart, pause and resume are one strategic patch each. */
function patching(name: string, short: string, done: string, patch: (object: AnyObject, context: Context) => { patch: unknown; refuse?: string }): Command {
  return command({
    name,
    short,
    usage: `rollout ${name} RESOURCE`,
    completes: 'resources',
    flags,
    async run(context) {
      let status = 0
      for (const found of await findObjects(context, context.args, { everything: true })) {
        const { patch: body, refuse } = patch(found.object, context)
        if (refuse) {
          context.io.err(`error: ${refuse}\n`)
          status = 1
          continue
        }
        if (dryRunOf(context) !== 'client') await context.client.patch(found.info, found.namespace, found.name, 'strategic', body, writeQuery(context, 'kubectl-rollout'))
        printDone(context, found.info, found.object, done)
      }
      return status
    },
  })
}

const restart = patching('restart', 'Restart a resource', 'restarted', (object, { io }) => {
  const at = formatTime(io.now())
  if (!object['spec']?.template) return { patch: null, refuse: `${object.kind.toLowerCase()}s "${object.metadata.name}" restarting is not supported` }
  if (object['spec'].paused) return { patch: null, refuse: `deployments.apps "${object.metadata.name}" can't restart paused deployment (run rollout resume first)` }
  return { patch: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } } }
})
const pause = patching('pause', 'Mark the provided resource as paused', 'paused', (object) =>
  object['spec']?.paused ? { patch: null, refuse: `deployments.apps "${object.metadata.name}" is already paused` } : { patch: { spec: { paused: true } } },
)
const resume = patching('resume', 'Resume a paused resource', 'resumed', (object) =>
  object['spec']?.paused ? { patch: { spec: { paused: null } } } : { patch: null, refuse: `deployments.apps "${object.metadata.name}" is not paused` },
)

export const rollout = command({
  name: 'rollout',
  short: 'Manage the rollout of a resource',
  usage: 'rollout SUBCOMMAND',
  subcommands: [history, pause, restart, resume, statusCommand, undo],
})
