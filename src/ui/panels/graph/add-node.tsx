/** One more machine for the cluster, at the press of a button. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { addNode } from '../../state/actions.ts'
import { useDesk } from '../../state/hooks.ts'

export function AddNode() {
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  if (!desk.simulation) return null
  const add = async (): Promise<void> => {
    setBusy(true)
    await addNode(desk)
    setBusy(false)
  }
  return (
    <button type="button" className="button add-node" disabled={busy} onClick={() => void add()}>
      <Plus size={15} aria-hidden="true" /> Add a node
    </button>
  )
}
