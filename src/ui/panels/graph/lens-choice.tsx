/** The lenses, over the graph where the top bar has no room for them. */
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

const LENSES = [
  ['places', 'Places'],
  ['traffic', 'Traffic'],
  ['ownership', 'Owners'],
] as const

export function LensChoice() {
  const { choices } = useDesk()
  const lens = useChoice((c) => c.lens)
  return (
    <fieldset className="segments lens-choice" aria-label={t('Lens of the graph')}>
      {LENSES.map(([id, name]) => (
        <button key={id} type="button" aria-pressed={lens === id} onClick={() => choices.setState({ lens: id })}>
          {t(name)}
        </button>
      ))}
    </fieldset>
  )
}
