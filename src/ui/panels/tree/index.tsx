/** The graph's twin for keyboards and screen readers: the same cluster as a treegrid, shown when it has the focus. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import './tree.css'
import { select } from '../../state/choices.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import { move, type Row, rowsOf } from './rows.ts'

/** Beyond this many pods the machines start folded: nobody walks thousands of rows. */
const FOLD_ABOVE = 60

export default function Tree() {
  const desk = useDesk()
  const many = desk.mirror.all('pods').size > FOLD_ABOVE
  const version = useCalmScene('pods', many ? 300 : 0) + useScene('node changes')
  const [open, setOpen] = useState(false)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState('')
  const twin = useRef<HTMLTableElement>(null)
  const shownFolds = useMemo(
    () => (many && folded.size === 0 ? allMachines(desk.scene.nodes().map((n) => n.metadata.name)) : folded),
    [many, folded, desk],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the scene's plain data has changed
  const rows = useMemo(() => (open ? rowsOf(desk.scene, shownFolds) : []), [desk, shownFolds, version, open])
  const index = Math.max(
    0,
    rows.findIndex((r) => r.id === at),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the current row, also when folds change
  useEffect(() => {
    if (open) twin.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus()
  }, [open, at, shownFolds])

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[index]
    const step = move(rows, index, event.key)
    if (step) {
      const next = new Set(shownFolds)
      if (step.fold) next.add(step.fold)
      if (step.unfold) next.delete(step.unfold)
      if (step.fold || step.unfold) setFolded(next)
      setAt(rows[step.to]?.id ?? '')
    } else if (event.key === 'Enter' && row?.ref) {
      select(desk.choices, row.ref)
      desk.choices.setState({ deskOpen: true })
    } else if (event.key === '.' && row?.ref) {
      const box = (event.target as Element).getBoundingClientRect()
      desk.choices.setState({ menu: { ref: row.ref, x: box.left + 40, y: box.bottom } })
    } else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form is here, so no fieldset
    <div
      id="twin"
      className={open ? 'twin' : 'twin visually-hidden'}
      tabIndex={open ? -1 : 0}
      role="group"
      aria-label={t('The cluster as a table')}
      onFocus={() => setOpen(true)}
      // Its menu lies outside of it, and gives the focus back.
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && !e.relatedTarget?.closest('.menu') && setOpen(false)}
    >
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a treegrid is a table one walks with arrows (ARIA practices)
        <table ref={twin} role="treegrid" aria-label={t('Zones, machines and pods')} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col">{t('Name')}</th>
              <th scope="col">{t('State')}</th>
              <th scope="col">{t('More')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <TreeRow key={row.id} row={row} current={i === index} onFocus={() => setAt(row.id)} />
            ))}
          </tbody>
        </table>
      )}
      {open && <p className="keys">{t('Arrows move · Enter looks into it · . opens its menu · Tab leaves')}</p>}
    </div>
  )
}

const allMachines = (names: string[]): ReadonlySet<string> => new Set(names.map((name) => `node ${name}`))

function TreeRow({ row, current, onFocus }: { row: Row; current: boolean; onFocus(): void }) {
  const desk = useDesk()
  const selected = useChoice((c) => c.selected?.key === row.ref?.key && c.selected?.table === row.ref?.table && row.ref !== null)
  return (
    <tr
      tabIndex={current ? 0 : -1}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.expanded}
      aria-selected={selected}
      onFocus={onFocus}
      onClick={() => row.ref && select(desk.choices, row.ref)}
    >
      <th scope="row" className="mono" style={{ paddingLeft: row.level * 16 - 4 }}>
        {row.expanded !== undefined && <span aria-hidden="true">{row.expanded ? '▾ ' : '▸ '}</span>}
        {row.name}
      </th>
      <td>{row.state}</td>
      <td>{row.detail}</td>
    </tr>
  )
}
