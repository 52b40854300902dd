/** One more machine for the cluster, at the press of a button; in a frame, where there is room for one thing only, a pod to kill. */
import { Skull } from 'lucide-react'
import { useState } from 'react'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { addNode, killPod, perform } from '../../state/actions.ts'
import type { Desk } from '../../state/desk.ts'
import { useDesk } from '../../state/hooks.ts'
import { lookOf } from '../../state/look.ts'
import { isSystem } from '../../state/seats.ts'
import { t } from '../../words/index.ts'

export function AddNode() {
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  if (!desk.simulation) return null
  const run = async (): Promise<void> => {
    setBusy(true)
    await (desk.options.embed ? killOne(desk) : addNode(desk))
    setBusy(false)
  }
  if (desk.options.embed)
    return (
      <button type="button" className="button add-node" disabled={busy} onClick={() => void run()}>
        <Skull size={15} aria-hidden="true" /> {t('Kill a pod')}
      </button>
    )
  return (
    <button
      type="button"
      className="icon"
      aria-label={t('Add a node')}
      title={t('Add a node')}
      disabled={busy}
      onClick={() => void run()}
    >
      <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M9 13H3.2A1.7 1.7 0 0 1 1.5 11.3V4.7A1.7 1.7 0 0 1 3.2 3h9.6a1.7 1.7 0 0 1 1.7 1.7V8M4.5 10h4M12.5 10v5M10 12.5h5" />
      </svg>
    </button>
  )
}

async function killOne(desk: Desk): Promise<void> {
  const pods = [...desk.mirror.all('pods').values()] as unknown as Pod[]
  const victim = pods.find(
    (pod) => !isSystem(pod.metadata.namespace) && lookOf(pod).family === 'good' && !pod.metadata.deletionTimestamp,
  )
  if (victim) await perform(desk, killPod(desk, keyOf(victim.metadata)))
}
