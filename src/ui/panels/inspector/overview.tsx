/** The inspector with nothing chosen: the workloads, the machines, and how to begin. */
import { Plus } from 'lucide-react'
import type { AnyObject } from '#api/meta.ts'
import { addNode } from '../../state/actions.ts'
import { select } from '../../state/choices.ts'
import { refOf } from '../../state/focus.ts'
import { useDesk, useScene } from '../../state/hooks.ts'
import { isSystem } from '../../state/seats.ts'
import { t } from '../../words/index.ts'
import { Refusals } from './refusals.tsx'
import { Section } from './section.tsx'

const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'replicationcontrollers']

export function Overview() {
  const desk = useDesk()
  useScene('workloads')
  useScene('nodes')
  const { mirror, scene, choices } = desk
  const workloads = WORKLOADS.flatMap((table) => [...mirror.all(table).values()]).filter((o) => !isSystem(o.metadata.namespace))
  return (
    <div className="inspector">
      <p className="empty">{t('Choose a tile, a machine or a service in the graph to look into it.')}</p>
      <Refusals />
      <Section title={t('Workloads')} count={workloads.length} open>
        {workloads.length === 0 && (
          <p className="empty">{t('Nothing is asked for yet. Open an example in the editor and press Apply.')}</p>
        )}
        <ul className="list">
          {workloads.map((object) => (
            <Line key={object.kind + object.metadata.namespace + object.metadata.name} object={object} />
          ))}
        </ul>
      </Section>
      <Section title={t('Machines')} count={scene.nodes().length} open>
        <ul className="list">
          {scene.nodes().map((node) => (
            <li key={node.metadata.name}>
              <button
                type="button"
                className="link mono"
                onClick={() => select(choices, { table: 'nodes', key: node.metadata.name })}
              >
                {node.metadata.name}
              </button>
              <span className="num">{t('{n} pods', { n: scene.podsOn(node.metadata.name).length })}</span>
            </li>
          ))}
        </ul>
        {desk.simulation && (
          <button type="button" className="button" onClick={() => void addNode(desk)}>
            <Plus size={15} aria-hidden="true" /> {t('Add a node')}
          </button>
        )}
      </Section>
    </div>
  )
}

function Line({ object }: { object: AnyObject }) {
  const { choices } = useDesk()
  const wanted = object['spec']?.replicas ?? object['status']?.desiredNumberScheduled ?? object['spec']?.completions ?? 1
  const ready = object['status']?.readyReplicas ?? object['status']?.numberReady ?? object['status']?.succeeded ?? 0
  return (
    <li>
      <button type="button" className="link mono" onClick={() => select(choices, refOf(object))}>
        {object.kind} {object.metadata.name}
      </button>
      <span className="num">
        {ready}/{wanted}
      </span>
    </li>
  )
}
