/** The inspector: what the chosen object is, how it fares, why, and what one can do to it. */
import { useEffect, useState } from 'react'
import './inspector.css'
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import { actionsFor, isScalable, perform } from '../../state/actions.ts'
import { type Ref, select } from '../../state/choices.ts'
import { refOf } from '../../state/focus.ts'
import { useChoice, useDesk, useObject, useScene } from '../../state/hooks.ts'
import { lookOf, nodeLook } from '../../state/look.ts'
import { type Scene, timeOf, uidOf } from '../../state/scene.ts'
import { t } from '../../words/index.ts'
import { factsOf } from './facts.ts'
import { hasImages, Images } from './images.tsx'
import { Load } from './load.tsx'
import { Overview } from './overview.tsx'
import { Runtime } from './runtime.tsx'
import { Scale } from './scale.tsx'
import { Section } from './section.tsx'
import { Shares } from './shares.tsx'
import { UseOverTime } from './use-over-time.tsx'
import { Why } from './why.tsx'
import { WhyHere } from './why-here.tsx'

export default function Inspector() {
  const selected = useChoice((c) => c.selected)
  const object = useObject(selected)
  if (!selected) return <Overview />
  if (!object) return <Gone selected={selected} />
  return <Sheet key={uidOf(object)} object={object} at={selected} />
}

function Gone({ selected }: { selected: Ref }) {
  const { choices, scene } = useDesk()
  const maker = makerOf(scene, selected)
  return (
    <div className="inspector">
      <p className="empty">
        <span className="mono">{selected.key}</span> {t('is gone.')}
      </p>
      {maker && (
        <p>
          {t('It belonged to:')}{' '}
          <button type="button" className="link" onClick={() => select(choices, refOf(maker))}>
            {maker.kind} {maker.metadata.name}
          </button>
        </p>
      )}
    </div>
  )
}

/** Who had made a pod that is gone: its name still tells. */
function makerOf(scene: Scene, { table, key }: Ref): AnyObject | undefined {
  if (table !== 'pods') return undefined
  const name = key.replace(/-[^-]+$/, '')
  const maker = MAKERS.map((id) => scene.mirror.get(id, name)).find(Boolean)
  return maker && (scene.owners(maker).at(-1) ?? maker)
}
const MAKERS = ['replicasets', 'statefulsets', 'daemonsets', 'jobs']

function Sheet({ object, at }: { object: AnyObject; at: Ref }) {
  const { name, namespace } = object.metadata
  return (
    <article className="inspector" aria-label={`${object.kind} ${name}`}>
      <header>
        <p className="kind">
          {object.kind}
          {namespace && <span> {t('in {namespace}', { namespace })}</span>}
        </p>
        <h2 className="mono">{name}</h2>
        <State object={object} />
      </header>
      <Actions at={at} />
      {isScalable(at) && <Scale object={object} at={at} />}
      {hasImages(at) && <Images object={object} at={at} />}
      {at.table === 'services' && <Load service={at.key} />}
      {at.table === 'services' && <Shares object={object} />}
      <Section title={t('Why is it so?')} open>
        <Why object={object} />
      </Section>
      {object.kind === 'Pod' && <WhyHere object={object} />}
      {(object.kind === 'Pod' || object.kind === 'Node') && <UseOverTime object={object} />}
      <Section title={t('Facts')} open>
        <dl className="facts">
          {factsOf(object).map(([term, value]) => (
            <div key={term + value}>
              <dt>{term}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      {object.kind === 'Node' && <Runtime object={object} />}
      <Conditions list={object['status']?.conditions ?? []} />
      <Events object={object} />
      <Commands at={at} />
      <Yaml object={object} />
    </article>
  )
}

function State({ object }: { object: AnyObject }) {
  if (object.kind === 'Pod') {
    const look = lookOf(object as unknown as Pod)
    return (
      <p className="state" data-family={look.family}>
        {look.word}
        {look.restarts > 0 && ` · ${t('{restarts} restarts', { restarts: look.restarts })}`}
      </p>
    )
  }
  if (object.kind !== 'Node') return null
  const look = nodeLook(object as unknown as Node)
  return (
    <p className="state" data-family={look.family}>
      {look.word}
      {look.cordoned && ' · cordoned'}
    </p>
  )
}

function Actions({ at }: { at: Ref }) {
  const desk = useDesk()
  // The power switch is a choice of this page, not a field of the object.
  useChoice((c) => c.off)
  const actions = actionsFor(desk, at).filter((a) => a.id !== 'scale')
  return (
    <div className="actions">
      {actions.map((action) => (
        <button
          key={action.id + action.label}
          type="button"
          className={`button ${action.danger ? 'danger' : ''}`}
          title={action.command}
          onClick={() => void perform(desk, action)}
        >
          {action.label}
        </button>
      ))}
    </div>
  )
}

function Conditions({ list }: { list: Condition[] }) {
  if (list.length === 0) return null
  return (
    <Section title={t('Conditions')} count={list.length}>
      <ul className="conditions">
        {list.map((c) => (
          <li key={c.type} data-status={c.status}>
            <b>{c.type}</b> <i>{c.status}</i>
            {(c.reason || c.message) && (
              <p>
                {c.reason}
                {c.reason && c.message ? ': ' : ''}
                {c.message}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Events({ object }: { object: AnyObject }) {
  const { scene, clock } = useDesk()
  useScene(`events:${uidOf(object)}`)
  const events = scene.eventsOf(uidOf(object)).slice(0, 30)
  const ago = (event: AnyObject): string => humanDuration(Math.max(0, clock.now() - parseTime(timeOf(event))))
  return (
    <Section title={t('Events')} count={events.length} open>
      {events.length === 0 && <p className="empty">{t('Nobody has said anything about it yet.')}</p>}
      <ul className="events">
        {events.map((event) => (
          <li key={uidOf(event)} data-type={event['type']}>
            <b>{event['reason']}</b>
            <span className="num">
              {ago(event)}
              {(event['count'] ?? 1) > 1 && ` ×${event['count']}`}
            </span>
            <p>{event['message']}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Commands({ at }: { at: Ref }) {
  const [namespace, name] = at.key.includes('/') ? at.key.split('/') : ['', at.key]
  const suffix = namespace && namespace !== 'default' ? ` -n ${namespace}` : ''
  const kind = at.table.replace(/s$/, '')
  const more = at.table === 'pods' ? [`kubectl logs ${name}${suffix}`] : []
  const lines = [
    `kubectl get ${kind} ${name}${suffix} -o wide`,
    `kubectl describe ${kind} ${name}${suffix}`,
    ...more,
    `kubectl get ${kind} ${name}${suffix} -o yaml`,
  ]
  return (
    <Section title={t('Show me the commands')}>
      <ul className="commands">
        {lines.map((line) => (
          <li key={line}>
            <code className="mono">{line}</code>
            <button type="button" className="link" onClick={() => void navigator.clipboard?.writeText(line)}>
              {t('copy')}
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** The YAML printer is large: it is loaded when somebody wants to see it. */
function Yaml({ object }: { object: AnyObject }) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  useEffect(() => {
    if (!open) return
    let current = true
    void import('#api/yaml.ts').then(({ toYaml }) => {
      const { managedFields: _, ...metadata } = object.metadata
      if (current) setText(toYaml({ ...object, metadata }))
    })
    return () => {
      current = false
    }
  }, [open, object])
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>YAML</summary>
      <textarea className="mono yaml" readOnly aria-label={t('The object as YAML')} rows={18} value={text} />
    </details>
  )
}
