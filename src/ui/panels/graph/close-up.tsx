/** The closest look: a double click on a pod shows its containers, its conditions and what was last said about it, beside the tile. */
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Pod } from '#api/kinds.ts'
import type { Condition } from '#api/meta.ts'
import { useChoice, useDesk, useObject, useScene } from '../../state/hooks.ts'
import { lookOf } from '../../state/look.ts'
import { uidOf } from '../../state/scene.ts'
import { t } from '../../words/index.ts'

export function CloseUp() {
  const { choices, scene } = useDesk()
  const at = useChoice((c) => c.closeUp)
  const pod = useObject(at?.ref ?? null) as unknown as Pod | undefined
  useScene(pod ? `events:${uidOf(pod)}` : '')
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!at || !card.current) return
    const { width, height } = card.current.getBoundingClientRect()
    const frame = card.current.parentElement?.getBoundingClientRect()
    if (!frame) return
    card.current.style.left = `${Math.max(8, Math.min(at.x - frame.left, frame.width - width - 8))}px`
    card.current.style.top = `${Math.max(8, Math.min(at.y - frame.top, frame.height - height - 8))}px`
  }, [at])
  if (!at || !pod) return null
  const look = lookOf(pod)
  const last = scene.eventsOf(uidOf(pod))[0]
  return (
    <section className="close-up" ref={card} aria-label={t('Pod {name}, close up', { name: pod.metadata.name })}>
      <header>
        <b className="mono">{pod.metadata.name}</b>
        <button
          type="button"
          className="icon"
          aria-label={t('Close the close-up')}
          onClick={() => choices.setState({ closeUp: null })}
        >
          <X size={15} />
        </button>
      </header>
      <ul className="containers">
        {pod.spec.containers.map((c) => {
          const status = pod.status?.containerStatuses?.find((s) => s.name === c.name)
          const probes = (['startupProbe', 'readinessProbe', 'livenessProbe'] as const).filter((name) => c[name])
          return (
            <li key={c.name} data-ready={status?.ready || undefined}>
              <b>{c.name}</b> <span className="mono">{c.image}</span>
              <i>
                {status?.ready
                  ? t('ready')
                  : (status?.state?.waiting?.reason ?? (status?.state?.running ? t('running') : t('not running')))}
                {probes.length > 0 && ` · ${probes.map((name) => name.replace('Probe', '')).join(', ')}`}
                {(c.volumeMounts?.length ?? 0) > 0 && ` · ${t('{n} volumes', { n: c.volumeMounts?.length ?? 0 })}`}
              </i>
            </li>
          )
        })}
      </ul>
      <ul className="flags">
        {((pod.status?.conditions ?? []) as Condition[]).map((c) => (
          <li key={c.type} data-status={c.status} title={c.message}>
            {c.status === 'True' ? '✓' : '✗'} {c.type}
          </li>
        ))}
      </ul>
      <p>
        {look.word}
        {last && (
          <>
            {' · '}
            <b>{last['reason']}</b> {last['message']}
          </>
        )}
      </p>
    </section>
  )
}
