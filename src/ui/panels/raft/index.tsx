/** etcd's members as peers: a ring with who leads, clocks that run and votes that fly; and below it where each log ends. */
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import './raft.css'
import type { Raft, RaftMember, RaftRole } from '#api/raft.ts'
import { perform } from '../../state/actions.ts'
import { component, partition } from '../../state/fault-actions.ts'
import { useDesk } from '../../state/hooks.ts'
import { t, type Word } from '../../words/index.ts'
import { Ring, SHOWN_MS } from './ring.tsx'

const ROLES: Record<RaftRole, Word> = {
  leader: 'leads',
  follower: 'follows',
  candidate: 'stands for election',
  'pre-candidate': 'asks around',
  learner: 'learns',
  down: 'stopped',
}

export function RaftCard() {
  const desk = useDesk()
  const raft = useStore(desk.clock.store, ({ status }) => status?.raft)
  return raft ? <Card raft={raft} /> : null
}

function Card({ raft }: { raft: Raft }) {
  const desk = useDesk()
  const now = useNow(raft)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const toggle = (name: string): void =>
    setChosen((before) => (before.includes(name) ? before.filter((each) => each !== name) : [...before, name]))
  const part = (machines: readonly string[]): void => {
    setChosen([])
    void perform(desk, partition(desk, machines))
  }
  return (
    <section className="raft" aria-label={t('Members of etcd')}>
      <header>
        <b>{t('Members of etcd')}</b>
        <span aria-live="polite">{headline(raft)}</span>
        <button
          type="button"
          className="icon"
          aria-label={t('Close the members of etcd')}
          onClick={() => desk.choices.setState({ ringOpen: false })}
        >
          <X size={15} />
        </button>
      </header>
      <Ring raft={raft} now={now} chosen={chosen} onChoose={toggle} />
      <table>
        <tbody>
          {raft.members.map((member) => (
            <Row key={member.name} member={member} chosen={chosen.includes(member.name)} onChoose={() => toggle(member.name)} />
          ))}
        </tbody>
      </table>
      <footer>
        <button type="button" className="button danger" disabled={chosen.length === 0} onClick={() => part(chosen)}>
          {t('Cut the chosen off')}
        </button>
        <button type="button" className="button" onClick={() => part([])}>
          {t('Mend all wires')}
        </button>
      </footer>
    </section>
  )
}

function headline({ members, leader, quorum }: Raft): string {
  const led = members.find(({ name }) => name === leader)
  return led
    ? t('{name} leads in term {term}', { name: led.name, term: led.term })
    : t('Nobody leads: {quorum} must agree', { quorum })
}

function Row({ member, chosen, onChoose }: { member: RaftMember; chosen: boolean; onChoose(): void }) {
  const desk = useDesk()
  const { name, role, term, tail, votes } = member
  const power = component(desk, `etcd-${name}`, role === 'down')
  return (
    <tr data-role={role}>
      <th scope="row">
        <label>
          <input type="checkbox" checked={chosen} onChange={onChoose} /> <span className="mono">{name}</span>
        </label>
        <i>
          {t(ROLES[role])}
          {votes !== undefined && ` · ${t('{votes} votes', { votes })}`} · {t('term {term}', { term })}
        </i>
      </th>
      <td>
        <ol className="log" aria-label={t('The end of the log of {name}', { name })}>
          {tail.map(({ index, term: of, text, committed }) => {
            const words = t(committed ? '{index}, term {of}: {text}' : '{index}, term {of}: {text}, not committed', {
              index,
              of,
              text: text === '' ? t('the leader begins') : text,
            })
            return (
              <li
                key={`${index} ${of}`}
                data-committed={committed || undefined}
                data-empty={text === '' || undefined}
                title={words}
                aria-label={words}
              />
            )
          })}
        </ol>
        <span className="mono end">{member.index}</span>
      </td>
      <td>
        <button type="button" className="button" title={power.command} onClick={() => void perform(desk, power)}>
          {t(role === 'down' ? 'Start' : 'Stop')}
        </button>
      </td>
    </tr>
  )
}

/** The clock of the page, drawn anew each frame while something moves. */
function useNow({ members, flying, elections }: Raft): number {
  const { clock } = useDesk()
  const [now, setNow] = useState(() => clock.now())
  const last = elections.at(-1)?.at ?? 0
  const moves = flying.length > 0 || members.some((each) => each.clock) || clock.now() - last < SHOWN_MS
  useEffect(() => {
    if (!moves) return
    let frame = requestAnimationFrame(function draw() {
      setNow(clock.now())
      frame = requestAnimationFrame(draw)
    })
    return () => cancelAnimationFrame(frame)
  }, [clock, moves])
  return moves ? now : clock.now()
}
