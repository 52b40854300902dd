/** Search and filter: find an object by its name and go there, or show only what matches. */
import './search.css'
import { Search as Lens } from 'lucide-react'
import { type KeyboardEvent, useMemo, useState } from 'react'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { select } from '../../state/choices.ts'
import { refOf } from '../../state/focus.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

const TABLES = ['pods', 'services', 'deployments', 'nodes', 'statefulsets', 'daemonsets', 'jobs', 'replicasets']
const MOST = 9

export function Search() {
  const desk = useDesk()
  const { choices, mirror } = desk
  const filter = useChoice((c) => c.filter)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const version = useCalmScene('pods', 500)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the objects have changed
  const found = useMemo(
    () =>
      open
        ? matches(
            TABLES.map((table) => mirror.all(table)),
            text,
          )
        : [],
    [mirror, open, text, version],
  )
  const go = (object: AnyObject): void => {
    select(choices, refOf(object))
    choices.setState({ deskOpen: true, tab: 'inspector', lookAt: refOf(object) })
    setOpen(false)
  }
  const only = (): void => {
    choices.setState({ filter: { ...filter, text } })
    setOpen(false)
  }
  const rows = found.length + (text.trim() ? 1 : 0)
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, rows))
    else if (event.key === 'ArrowUp') setAt((at - 1 + rows) % Math.max(1, rows))
    else if (event.key === 'Enter') found[at] ? go(found[at]) : only()
    else if (event.key === 'Escape') {
      setOpen(false)
      event.currentTarget.blur()
    } else return
    event.preventDefault()
  }
  return (
    <search className="search" onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}>
      <Lens size={15} aria-hidden="true" />
      <input
        id="search"
        type="search"
        placeholder={t('Find')}
        title={t('Find: name, or app=web')}
        aria-label={t('Find in the cluster')}
        role="combobox"
        aria-expanded={open && rows > 0}
        aria-controls="found"
        aria-autocomplete="list"
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value)
          setOpen(true)
          setAt(0)
          if (event.target.value === '' && filter.text) choices.setState({ filter: { ...filter, text: '' } })
        }}
        onKeyDown={onKeyDown}
      />
      <kbd title={t('The key that leads here')}>/</kbd>
      <Namespaces />
      {open && text.trim() !== '' && (
        <ul className="found" id="found">
          {found.map((object, i) => (
            <li key={object.kind + keyOf(object.metadata)}>
              <button type="button" data-on={i === at || undefined} onClick={() => go(object)}>
                <i>{object.kind}</i> <b className="mono">{object.metadata.name}</b>
                {object.metadata.namespace && object.metadata.namespace !== 'default' && <span>{object.metadata.namespace}</span>}
              </button>
            </li>
          ))}
          <li>
            <button type="button" data-on={at === found.length || undefined} onClick={only}>
              {t('Show only what matches')} <b className="mono">{text}</b>
            </button>
          </li>
        </ul>
      )}
    </search>
  )
}

function matches(tables: readonly ReadonlyMap<string, AnyObject>[], text: string): AnyObject[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 || text.includes('=')) return []
  const found: AnyObject[] = []
  for (const table of tables) {
    for (const object of table.values()) {
      const name = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`.toLowerCase()
      if (words.every((word) => name.includes(word))) found.push(object)
      if (found.length >= MOST) return found
    }
  }
  return found
}

function Namespaces() {
  const { choices, mirror } = useDesk()
  const filter = useChoice((c) => c.filter)
  useScene('namespaces')
  const names = [...mirror.all('namespaces').keys()].sort()
  return (
    <select
      aria-label={t('Namespace shown')}
      value={filter.namespace}
      onChange={(event) => choices.setState({ filter: { ...filter, namespace: event.target.value } })}
    >
      <option value="">{t('All namespaces')}</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}
