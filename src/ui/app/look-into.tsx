/** Where the inspector is not on the screen, one button leads from what is chosen to it. */
import { useChoice, useDesk } from '../state/hooks.ts'
import { t } from '../words/index.ts'

export function LookInto() {
  const { choices, mirror } = useDesk()
  const selected = useChoice((c) => c.selected)
  const touring = useChoice((c) => c.tour)
  if (!selected || touring || !mirror.get(selected.table, selected.key)) return null
  const look = (): void => choices.setState({ screen: 'code', tab: 'inspector', deskOpen: true })
  return (
    <button type="button" className="button primary inspect-chosen" onClick={look}>
      {t('Look into {name}', { name: selected.key.split('/').at(-1) ?? '' })}
    </button>
  )
}
