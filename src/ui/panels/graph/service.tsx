/** A Service as a card: its address, how many stand behind it, how much it serves. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import type { Service } from '#api/kinds.ts'
import { mapSelects } from '#api/selector.ts'
import { passesOf } from '../../state/filter.ts'
import { focusOn } from '../../state/focus.ts'
import { useChoice, useDesk, useObject, usePage, useScene } from '../../state/hooks.ts'
import { perSecond, t } from '../../words/index.ts'

export const ServiceCard = memo(function ServiceCard({ id }: NodeProps) {
  const key = id.slice('service:'.length)
  const { scene } = useDesk()
  const service = useObject({ table: 'services', key }) as Service | undefined
  const selected = useChoice((c) => c.selected)
  useScene(`service:${key}`)
  const passes = passesOf(useChoice((c) => c.filter))
  if (!service || !passes(service)) return null
  const endpoints = scene.endpoints(key)
  const ready = endpoints.filter((e) => e.ready).length
  const dim = !focusOn(scene, selected).service(key)
  const chosen = selected?.table === 'services' && selected.key === key
  const { name, namespace } = service.metadata
  const nodePort = service.spec.ports?.[0]?.nodePort
  return (
    <button
      type="button"
      tabIndex={-1}
      className="card service"
      data-ref={`services ${key}`}
      data-dim={dim || undefined}
      data-selected={chosen || undefined}
      data-empty={(ready === 0 && service.spec.selector !== undefined) || undefined}
      aria-label={t('Service {name}: {ready} of {endpoints} endpoints ready', { name, ready, endpoints: endpoints.length })}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <svg className="diamond" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M10 1.5L18.5 10 10 18.5 1.5 10z" />
      </svg>
      <span className="title">
        <b>{name}</b>
        {namespace !== 'default' && <i className="ns">{namespace}</i>}
        <i className="ns">Service</i>
        {nodePort && <i className="ns mono">⇠{nodePort}</i>}
      </span>
      {/* Without anybody behind it the address matters less than why. */}
      {(endpoints.length > 0 || !service.spec.selector) && <span className="sub mono">{addressOf(service)}</span>}
      <ServiceFoot id={key} service={service} ready={ready} all={endpoints.length} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </button>
  )
})

function ServiceFoot({ id, service, ready, all }: { id: string; service: Service; ready: number; all: number }) {
  const { scene, traffic } = useDesk()
  usePage('traffic')
  const { rate, lately: lost } = traffic.of(id)
  if (all === 0 && !service.spec.selector) return <span className="sub">{t('no selector')}</span>
  if (all === 0) return <span className="sub warn">{nothingBehind(service, scene.mirror.all('pods').values())}</span>
  return (
    <span className="sub foot">
      <span data-bad={ready < all || undefined}>{t('{ready}/{all} ready', { ready, all })}</span>
      {/* There is room for one of the two; losses matter more. */}
      {rate > 0 && lost === 0 && <span className="num">{perSecond(rate)}</span>}
      {lost > 0 && <span className="lost num">{t('{lost} lost', { lost })}</span>}
    </span>
  )
}

function addressOf({ spec }: Service): string {
  const port = spec.ports?.[0]
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  const at = spec.clusterIP === 'None' ? 'headless' : (spec.clusterIP ?? '')
  return `${at}${port ? `:${port.port}` : ''}`
}

function nothingBehind(
  { spec, metadata }: Service,
  pods: Iterable<{ metadata: { namespace?: string; labels?: Record<string, string> } }>,
): string {
  const here = [...pods].filter((pod) => pod.metadata.namespace === metadata.namespace)
  const hits = here.filter((pod) => mapSelects(spec.selector, pod.metadata.labels)).length
  return t('selector matches {hits} of {pods} pods', { hits, pods: here.length })
}
