/** What the filter hides, said in so many words, with the way out. */
import { FilterX } from 'lucide-react'
import { isOpen, passesOf } from '../../state/filter.ts'
import { useCalmScene, useChoice, useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

export function Hidden() {
  const { choices, mirror, scene } = useDesk()
  const filter = useChoice((c) => c.filter)
  useCalmScene('pods', 300)
  if (isOpen(filter)) return null
  const passes = passesOf(filter)
  const count = (all: Iterable<Parameters<typeof passes>[0]>): [hidden: number, total: number] => {
    const list = [...all]
    return [list.filter((object) => !passes(object)).length, list.length]
  }
  const [pods, allPods] = count(mirror.all('pods').values())
  const [services] = count(scene.services())
  const words = [filter.namespace && `namespace ${filter.namespace}`, filter.text.trim()].filter(Boolean).join(', ')
  const more = services > 0 ? t('and {services} Services', { services }) : ''
  const hidden =
    pods === allPods && allPods > 0
      ? t('hides all {pods} pods', { pods })
      : t('hides {pods} of {allPods} pods', { pods, allPods })
  return (
    <div className="hidden-note" role="status">
      <FilterX size={15} aria-hidden="true" />
      <span>
        {t('The filter')} <b>{words}</b> {hidden} {more}.
      </span>
      <button type="button" className="link" onClick={() => choices.setState({ filter: { namespace: '', text: '' } })}>
        {t('Clear')}
      </button>
    </div>
  )
}
