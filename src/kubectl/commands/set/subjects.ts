/** `kubectl set subject` and `selector`. */
import type { AnyObject } from '#api/meta.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { sendChange } from '../../change.ts'
import { command, KubectlError } from '../../command.ts'
import { printDone } from '../../dry-run.ts'
import { equalJson } from '../../equal-json.ts'
import { each } from '../../report.ts'
import { subjectsOf } from '../create/access.ts'
import { setTargets } from './pod-template.ts'

export const subject = command({
  name: 'subject',
  completes: 'resources',
  async run(context) {
    const added = subjectsOf(context)
    if (added.length === 0) throw new KubectlError('you must specify at least one value of user, group or serviceaccount')
    for (const found of await setTargets(context, context.args)) {
      if (!found.info.kind.endsWith('RoleBinding'))
        throw new KubectlError('setting subjects is only supported for RoleBinding/ClusterRoleBinding')
      const old = (found.object['subjects'] ?? []) as object[]
      const fresh = added.filter((one) => !old.some((o) => equalJson(o, one)))
      const next = { ...found.object, subjects: [...old, ...fresh] } as AnyObject
      const sent = context.flags.is('local') ? next : await sendChange(context, found, next, 'kubectl-set')
      if (sent) printDone(context, found.info, sent, 'subjects updated')
    }
    return 0
  },
})

/** Plain equalities, and what is more than that (apimachinery's ParseToLabelSelector). */
function selectorOf(text: string): { labels: Record<string, string>; expressions: string[] } {
  const parsed = parseLabelSelector(text)
  if (typeof parsed === 'string') throw new KubectlError(`couldn't parse the selector string "${text}": ${parsed}`)
  const labels: Record<string, string> = {}
  const expressions: string[] = []
  for (const { key, op, values } of parsed) {
    if (op === 'Gt' || op === 'Lt') throw new KubectlError(`"${op.toLowerCase()}" isn't supported in label selectors`)
    if (op === 'NotIn' && text.includes('!=')) throw new KubectlError('"!=" is not a valid label selector operator')
    if (op === 'In' && values.length === 1 && !/\sin\s*\(/.test(text)) labels[key] = values[0] as string
    else expressions.push(`{${key} ${op} [${values.join(' ')}]}`)
  }
  return { labels, expressions }
}

export const selector = command({
  name: 'selector',
  completes: 'resources',
  async run(context) {
    const { args } = context
    const expression = args.at(-1)
    if (expression === undefined) throw new KubectlError('one selector is required')
    const { labels, expressions } = selectorOf(expression)
    await each(context, await setTargets(context, args.slice(0, -1)), async (found) => {
      if (found.info.kind !== 'Service') throw new KubectlError('setting a selector is only supported for Services')
      if (expressions.length > 0)
        throw new KubectlError(`match expression [${expressions.join(' ')}] not supported on this object`)
      // The version that is asked for has to go along in the patch.
      const { resourceVersion, ...metadata } = found.object.metadata
      const asked = context.flags.text('resource-version')
      const from = asked ? ({ ...found.object, metadata } as AnyObject) : found.object
      const version = asked || resourceVersion ? { resourceVersion: asked || resourceVersion } : {}
      const next = { ...found.object, metadata: { ...metadata, ...version }, spec: { ...found.object['spec'], selector: labels } }
      const sent = context.flags.is('local') ? next : await sendChange(context, { ...found, object: from }, next, 'kubectl-set')
      printDone(context, found.info, sent ?? found.object, 'selector updated')
    })
    return 0
  },
})
