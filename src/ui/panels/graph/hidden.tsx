/** What the filter hides, said in so many words, with the way out. */
import { FilterX } from 'lucide-react'
import { isOpen, passesOf } from '../../state/filter.ts'
import { useCalmScene, useChoice, useDesk } from '../../state/hooks.ts'

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
  const more = services > 0 ? ` and ${services} service${services > 1 ? 's' : ''}` : ''
  const hidden = `hides ${pods === allPods && allPods > 0 ? `all ${allPods}` : `${pods} of ${allPods}`} pods${more}`
  return (
    <div className="hidden-note" role="status">
      <FilterX size={15} aria-hidden="true" />
      <span>
        The filter <b>{words}</b> {hidden}.
      </span>
      <button type="button" className="link" onClick={() => choices.setState({ filter: { namespace: '', text: '' } })}>
        Clear
      </button>
    </div>
  )
}
