/** A selection whose object is gone is about nothing any more: what it dimmed lights up again; the inspector may still tell of it. */
import type { Stop } from '#api/request.ts'
import { type Changing, onChange } from './changes.ts'

export function watchSelection(desk: Changing): Stop {
  let there = ''
  return onChange(desk, () => {
    const { selected, deskOpen, tab } = desk.choices.getState()
    if (!selected) return
    const key = `${selected.table} ${selected.key}`
    if (desk.mirror.get(selected.table, selected.key)) there = key
    else if (there === key) {
      there = ''
      // The same thing anew: cards look again at what it is about.
      desk.choices.setState({ selected: deskOpen && tab === 'inspector' ? { ...selected } : null })
    }
  })
}
