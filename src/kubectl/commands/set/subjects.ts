/** `kubectl set subject` and `selector`. */
import type { AnyObject } from '#api/meta.ts'
import { sendChange } from '../../change.ts'
import { command, KubectlError } from '../../command.ts'
import { printDone } from '../../dry-run.ts'
import { equalJson } from '../../equal-json.ts'
import { pairsOf } from '../../typed.ts'
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
      const sent = await sendChange(context, found, { ...found.object, subjects: [...old, ...fresh] } as AnyObject, 'kubectl-set')
      if (sent) printDone(context, found.info, sent, 'subjects updated')
    }
    return 0
  },
})

export const selector = command({
  name: 'selector',
  completes: 'resources',
  async run(context) {
    const { args } = context
    const expression = args.at(-1)
    if (expression === undefined || !expression.includes('=')) throw new KubectlError('one selector is required')
    for (const found of await setTargets(context, args.slice(0, -1))) {
      if (found.info.kind !== 'Service') throw new KubectlError('setting a selector is only supported for Services')
      const next = { ...found.object, spec: { ...found.object['spec'], selector: pairsOf(expression) } } as AnyObject
      printDone(context, found.info, (await sendChange(context, found, next, 'kubectl-set')) ?? found.object, 'selector updated')
    }
    return 0
  },
})
