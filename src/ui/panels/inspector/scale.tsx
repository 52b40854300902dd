/** More or fewer copies: a stepper that scales at once. */
import { Minus, Plus } from 'lucide-react'
import type { AnyObject } from '#api/meta.ts'
import { perform, scale } from '../../state/actions.ts'
import type { Ref } from '../../state/choices.ts'
import { useDesk } from '../../state/hooks.ts'

export function Scale({ object, at }: { object: AnyObject; at: Ref }) {
  const desk = useDesk()
  const wanted: number = object['spec']?.replicas ?? 1
  const to = (replicas: number) => (): void => void perform(desk, scale(desk, at, replicas))
  return (
    <fieldset className="scale" aria-label="Copies">
      <button type="button" className="button" aria-label="One copy less" disabled={wanted === 0} onClick={to(wanted - 1)}>
        <Minus size={15} />
      </button>
      <output className="num">
        <b>{wanted}</b> wanted, {object['status']?.readyReplicas ?? 0} ready
      </output>
      <button type="button" className="button" aria-label="One copy more" onClick={to(wanted + 1)}>
        <Plus size={15} />
      </button>
    </fieldset>
  )
}
