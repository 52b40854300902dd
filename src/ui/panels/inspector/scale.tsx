/** More or fewer copies: a stepper that scales at once. */
import { Minus, Plus } from 'lucide-react'
import type { AnyObject } from '#api/meta.ts'
import { perform, scale } from '../../state/actions.ts'
import type { Ref } from '../../state/choices.ts'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

export function Scale({ object, at }: { object: AnyObject; at: Ref }) {
  const desk = useDesk()
  const wanted: number = object['spec']?.replicas ?? 1
  const to = (replicas: number) => (): void => void perform(desk, scale(desk, at, replicas))
  return (
    <fieldset className="scale" aria-label={t('Copies')}>
      <button type="button" className="button" aria-label={t('One copy less')} disabled={wanted === 0} onClick={to(wanted - 1)}>
        <Minus size={15} />
      </button>
      <output className="num">
        {t('{wanted} wanted, {ready} ready', { wanted, ready: object['status']?.readyReplicas ?? 0 })}
      </output>
      <button type="button" className="button" aria-label={t('One copy more')} onClick={to(wanted + 1)}>
        <Plus size={15} />
      </button>
    </fieldset>
  )
}
