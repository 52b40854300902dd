/** Why a machine takes no pods, or is not ready. */
import type { Node } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { t } from '../../words/index.ts'
import type { Desk } from '../desk.ts'
import type { Explained, Finding } from './index.ts'

export function whyNode({ choices }: Desk, object: AnyObject): Explained | null {
  const node = object as unknown as Node
  const findings: Finding[] = []
  const { name } = node.metadata
  if (choices.getState().off.includes(name))
    findings.push({
      tone: 'bad',
      title: t('No power'),
      text: t('You switched it off. The cluster knows it only by its silence.'),
    })
  for (const c of (node.status?.conditions ?? []) as Condition[]) {
    if (c.type === 'Ready' && c.status === 'Unknown')
      findings.push({
        tone: 'bad',
        title: t('Silent'),
        text: t('{said} After 40 to 50 s that means NotReady, after 5 minutes more its pods are replaced.', {
          said: c.message ?? t('Its kubelet has not been heard of.'),
        }),
      })
    else if (c.type === 'Ready' && c.status === 'False')
      findings.push({ tone: 'bad', title: c.reason ?? 'NotReady', text: c.message ?? '' })
    else if (c.type !== 'Ready' && c.status === 'True') findings.push({ tone: 'bad', title: c.type, text: c.message ?? '' })
  }
  if (node.spec.unschedulable)
    findings.push({
      tone: 'wait',
      title: t('Cordoned'),
      text: t('Its pods stay, new ones go elsewhere.'),
      command: `kubectl uncordon ${name}`,
    })
  for (const taint of node.spec.taints ?? [])
    findings.push({
      tone: 'wait',
      title: t('Taint {key}', { key: taint.key }),
      text:
        taint.effect === 'NoExecute'
          ? t('{effect}: only pods that tolerate it may stay.', { effect: taint.effect })
          : t('{effect}: only pods that tolerate it come here.', { effect: taint.effect }),
    })
  return findings.length > 0 ? { question: t('What is the matter with it?'), findings } : null
}
