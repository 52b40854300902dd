/** The waiting room: pods that have no machine yet, the scheduler's words on one of them, and the smallest change that helps. */
import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useStore } from 'zustand'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { focusOn } from '../../state/focus.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { uidOf, WAITING } from '../../state/scene.ts'
import { t } from '../../words/index.ts'
import { waitingGrid } from './grid.ts'
import { WAITING_SHOWN, waitingSeatAt } from './layout.ts'
import { Tile } from './tile.tsx'

export const WaitingRoom = memo(function WaitingRoom(_: NodeProps) {
  const desk = useDesk()
  const selected = useChoice((c) => c.selected)
  useCalmScene('waiting', desk.scene.podsOn(WAITING).length > 50 ? 250 : 0)
  useScene('nodes')
  const pods = desk.scene.podsOn(WAITING)
  const grid = waitingGrid(desk.scene)
  const shown = pods.slice(0, WAITING_SHOWN)
  const focus = focusOn(desk.scene, selected)
  useScene('mirror')
  const nowhere = desk.scene.nodes().length === 0 && desk.mirror.state('nodes') === 'live'
  // Ghosts of those who would wait stand where the words are.
  const expected = useChoice((c) => c.outlook?.come.some(({ node }) => node === '') ?? false)
  const asked = pods.find((pod) => selected?.table === 'pods' && selected.key === keyOf(pod.metadata)) ?? pods[0]
  return (
    <section
      className="card waiting"
      data-empty={pods.length === 0 || undefined}
      aria-label={t('Waiting room: {pods} unscheduled pods', { pods: pods.length })}
    >
      <header>
        {/* With the longer count beside it there is no room for more. */}
        <b>{pods.length > shown.length ? t('Waiting') : t('Waiting room')}</b>
        <span className="num">
          {pods.length > shown.length
            ? t('{shown} of {pods}', { shown: shown.length, pods: pods.length })
            : pods.length > 0
              ? pods.length
              : ''}
        </span>
      </header>
      {shown.map((pod, i) => (
        <Tile
          key={uidOf(pod)}
          pod={pod}
          {...waitingSeatAt(grid, i)}
          size={grid.name === 'roomy' ? 'roomy' : 'dense'}
          dim={!focus.pod(pod)}
          selected={selected?.table === 'pods' && selected.key === keyOf(pod.metadata)}
        />
      ))}
      {asked && <Wait pod={asked} />}
      {nowhere && (
        <p className="verdict">
          {t('Nowhere to run.')}{' '}
          <button
            type="button"
            className="link"
            onClick={() => void import('../../state/actions.ts').then(({ addNode }) => addNode(desk))}
          >
            {t('+ Add a node')}
          </button>
        </p>
      )}
      {!asked && !nowhere && !expected && desk.mirror.state('pods') === 'live' && (
        <p className="empty">{t('Every pod has a machine.')}</p>
      )}
    </section>
  )
})

/** The scheduler's own words, and the smallest change that would help. */
function Wait({ pod }: { pod: Pod }) {
  const desk = useDesk()
  const verdict = useStore(desk.verdict, (v) => v.verdict)
  const fix = verdict?.pod === keyOf(pod.metadata) ? verdict.fixes[0] : undefined
  return (
    <div className="verdict">
      <p title={verdictOn(pod)}>{verdictOn(pod)}</p>
      {fix && (
        <p className="fix">
          <b>{t('Smallest change:')}</b> {fix.text}
        </p>
      )}
    </div>
  )
}

function verdictOn(pod: Pod): string {
  const verdict = pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False')
  const words = verdict?.message?.split(' preemption:')[0]?.replace(/\. no new claims to deallocate,?$/, '.')
  return words || t('It waits for the scheduler.')
}
