/** The control-plane strip: who runs this cluster; a chip lights up when its part has just written something. */
import { memo, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useDesk } from '../../state/hooks.ts'

const PARTS = [
  { id: 'apiserver', name: 'API server', job: 'the front door: every read and write goes through it' },
  { id: 'etcd', name: 'etcd', job: 'the memory: every object, every version' },
  { id: 'scheduler', name: 'Scheduler', job: 'picks a machine for each new pod' },
  { id: 'controllers', name: 'Controllers', job: 'compare what is asked for with what is there, and act' },
  { id: 'nodes', name: 'Node watch', job: 'notices machines that stop answering' },
  { id: 'kubelet', name: 'Kubelets', job: 'one per machine: start and watch the containers' },
] as const

export const Strip = memo(function Strip() {
  const { story } = useDesk()
  const last = useStore(story.store, (s) => s.told.at(-1))
  const list = useRef<HTMLUListElement>(null)
  const seq = last?.seq
  const who = last?.who
  useEffect(() => {
    if (seq === undefined || !who || !list.current) return
    // Every write passes the API server and ends in etcd, whoever asked for it.
    for (const id of new Set([who, 'apiserver', 'etcd'])) flash(list.current.querySelector(`[data-part="${id}"]`))
  }, [seq, who])
  return (
    <ul className="strip" ref={list} aria-label="Control plane">
      {PARTS.map(({ id, name, job }) => (
        <li key={id} data-part={id} title={job}>
          <i aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  )
})

function flash(chip: Element | null): void {
  if (!chip || chip.hasAttribute('data-lit')) return
  chip.setAttribute('data-lit', '')
  setTimeout(() => chip.removeAttribute('data-lit'), 700)
}
