/** A workload as a card, for the owners' lens: what was asked for, and how far it is. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { passesOf } from '../../state/filter.ts'
import { rootOf } from '../../state/focus.ts'
import { useCalmScene, useChoice, useDesk, useObject } from '../../state/hooks.ts'
import { uidOf } from '../../state/scene.ts'
import { t } from '../../words/index.ts'

export const WorkloadCard = memo(function WorkloadCard({ id }: NodeProps) {
  const [table = '', key = ''] = id.slice('workload:'.length).split(' ')
  const { scene } = useDesk()
  const object = useObject({ table, key })
  const selected = useChoice((c) => c.selected)
  useCalmScene('pods', 250)
  const passes = passesOf(useChoice((c) => c.filter))
  if (!object || !passes(object)) return null
  const chosen = selected ? scene.mirror.get(selected.table, selected.key) : undefined
  const dim = chosen !== undefined && selected?.table !== 'nodes' && rootOf(scene, chosen) !== uidOf(object)
  const wanted: number = object['spec']?.replicas ?? object['status']?.desiredNumberScheduled ?? object['spec']?.completions ?? 1
  const ready: number = object['status']?.readyReplicas ?? object['status']?.numberReady ?? object['status']?.succeeded ?? 0
  const revision = object.metadata.annotations?.['deployment.kubernetes.io/revision']
  return (
    <button
      type="button"
      tabIndex={-1}
      className="card service workload"
      data-ref={`${table} ${key}`}
      data-dim={dim || undefined}
      data-selected={(selected?.table === table && selected.key === key) || undefined}
      aria-label={t('{kind} {name}: {ready} of {wanted} ready', { kind: object.kind, name: object.metadata.name, ready, wanted })}
    >
      <svg className="diamond" viewBox="0 0 20 20" aria-hidden="true">
        <rect x="2" y="2" width="16" height="16" rx="4" strokeDasharray="3 2" />
        <path d="M6 10h8M10 6v8" />
      </svg>
      <span className="title">
        <b>{object.metadata.name}</b>
      </span>
      <span className="sub">
        {object.kind}
        {revision && ` · ${t('rev {revision}', { revision })}`}
      </span>
      <span className="sub foot">
        <span data-bad={ready < wanted || undefined}>{t('{wanted} wanted, {ready} ready', { wanted, ready })}</span>
      </span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </button>
  )
})
