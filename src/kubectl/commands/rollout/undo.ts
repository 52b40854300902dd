/** `kubectl rollout undo`: back to an earlier template. */
import type { Deployment } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { templateText } from '../../describe/template.ts'
import { withoutHash } from '../../describe/workloads.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { equalJson } from '../../equal-json.ts'
import { eachFound, type Found } from '../../targets.ts'
import { type Revision, revisionsOf } from './revisions.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** The Deployment's own bookkeeping, which no ReplicaSet gives back. */
const KEPT = [
  LAST_APPLIED,
  ...['revision', 'revision-history', 'desired-replicas', 'max-replicas'].map((word) => `deployment.kubernetes.io/${word}`),
  'deprecated.deployment.rollback.to',
]

export const undo = command({
  name: 'undo',
  completes: 'resources',
  async run(context) {
    if (context.args.length === 0 && !context.flags.has('filename')) throw new KubectlError('required resource not specified')
    await eachFound(context, { everything: true, known: true }, (found) => undoOne(context, found))
    return 0
  },
})

const notFound = (revision: number): KubectlError => new KubectlError(`unable to find specified revision ${revision} in history`)

async function undoOne(context: Context, found: Found): Promise<void> {
  const asked = context.flags.int('to-revision')
  if (found.object.metadata.annotations?.[LAST_APPLIED]) {
    context.io.err(
      `Warning: resource ${found.info.plural}/${found.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
    )
  }
  const known = await revisionsOf(context, found, 'rollbacker')
  if (asked < 0) throw notFound(asked)
  const isDeployment = found.object.kind === 'Deployment'
  if (asked === 0 && known.length < 2) {
    throw new KubectlError(
      isDeployment ? `no rollout history found for deployment ${JSON.stringify(found.name)}` : 'no last revision to roll back to',
    )
  }
  const target = asked === 0 ? known.at(-2) : known.find((revision) => revision.number === asked)
  if (!target) throw notFound(asked)
  const result = isDeployment
    ? await undoDeployment(context, found, target, asked)
    : await undoRevision(context, found, target, asked)
  printDone(context, found.info, found.object, result)
}

const SUCCESS = 'rolled back'
const skipped = (asked: number): string => `skipped rollback (current template already matches revision ${asked})`

async function undoDeployment(context: Context, found: Found, target: Revision, asked: number): Promise<string> {
  const deployment = found.object as unknown as Deployment
  if (dryRunOf(context) === 'client') return detail(target)
  if (deployment.spec.paused)
    throw new KubectlError("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again")
  const template = withoutHash(target.template)
  if (equalJson(template, deployment.spec.template)) return skipped(asked)
  const pick = (object: AnyObject | Deployment, kept: boolean) =>
    Object.entries(object.metadata.annotations ?? {}).filter(([key]) => KEPT.includes(key) === kept)
  const annotations = Object.fromEntries([...pick(deployment, true), ...pick(target.source, false)])
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
  await context.client.patch(found.info, found.namespace, found.name, 'json', patch, writeQuery(context, 'kubectl-rollout'))
  return SUCCESS
}

async function undoRevision(context: Context, found: Found, target: Revision, asked: number): Promise<string> {
  if (dryRunOf(context) === 'client') return `will roll back to ${detail(target)}`
  if (equalJson(target.template, found.object['spec'].template)) return skipped(asked)
  await context.client.patch(
    found.info,
    found.namespace,
    found.name,
    'strategic',
    target.source['data'],
    writeQuery(context, 'kubectl-rollout'),
  )
  return SUCCESS
}

const detail = ({ template }: Revision): string => `Pod Template:\n${templateText(template)}`
