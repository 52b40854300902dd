/** The ring itself: members on a circle, the wires between them, and what is on its way there. */
import type { MouseEvent } from 'react'
import type { Raft, RaftMember } from '#api/raft.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

const [WIDTH, HEIGHT, RADIUS, DOT] = [300, 216, 78, 17]
/** An election that is over is shown for so long, in simulated time. */
export const SHOWN_MS = 1500
/** Votes of an election that is over are shown for the first part of that time. */
const FLIGHT_MS = 500

interface Point {
  x: number
  y: number
}

const place = (i: number, all: number): Point => {
  const angle = (i / all) * 2 * Math.PI - Math.PI / 2
  return { x: WIDTH / 2 + RADIUS * 1.35 * Math.cos(angle), y: HEIGHT / 2 + RADIUS * Math.sin(angle) }
}
const between = (a: Point, b: Point, share: number): Point => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share })
const shortOf = (name: string): string => /(\d+)$/.exec(name)?.[1] ?? name

interface Shown {
  raft: Raft
  now: number
  chosen: readonly string[]
  onChoose(name: string): void
}

export function Ring({ raft, now, chosen, onChoose }: Shown) {
  const { members } = raft
  const at = new Map(members.map(({ name }, i) => [name, place(i, members.length)]))
  const pairs = members.flatMap(({ name: a }, i) => members.slice(i + 1).map(({ name: b }) => [a, b] as const))
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: its parts have names of their own, and the card has one
    <svg className="ring" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      {pairs.map(([a, b]) => (
        <Wire key={`${a} ${b}`} a={a} b={b} from={at.get(a) as Point} to={at.get(b) as Point} />
      ))}
      {dots(raft, now).map(({ key, from, to, share, yes, kind }) => {
        const [p, q] = [at.get(from), at.get(to)]
        if (!p || !q) return null
        const { x, y } = between(p, q, share)
        return <circle key={key} className="letter" data-kind={kind} data-yes={yes || undefined} cx={x} cy={y} r={4.5} />
      })}
      {members.map((member) => (
        <Member
          key={member.name}
          member={member}
          at={at.get(member.name) as Point}
          now={now}
          chosen={chosen.includes(member.name)}
          onChoose={() => onChoose(member.name)}
        />
      ))}
    </svg>
  )
}

interface Dot {
  key: string
  from: string
  to: string
  share: number
  yes: boolean
  kind: string
}

/** What flies now; and votes of elections that were over too fast to be seen. */
function dots({ flying, elections, members }: Raft, now: number): Dot[] {
  const letters = flying.map(({ kind, from, to, ok, at, due }) => ({
    key: `${kind} ${from} ${to} ${at}`,
    from,
    to,
    share: Math.min(1, Math.max(0, (now - at) / Math.max(1, due - at))),
    yes: ok,
    kind,
  }))
  const recent = elections.filter(({ at, won }) => won && now - at < SHOWN_MS && now >= at)
  const votes = recent.flatMap(({ by, at, term }) => {
    const share = (now - at) / FLIGHT_MS
    const asked = members.filter(({ name, role }) => name !== by && role !== 'down')
    return asked.flatMap(({ name, vote }) => {
      if (share < 1) return [{ key: `vote ${term} ${name}`, from: by, to: name, share, yes: false, kind: 'vote' }]
      return share < 2 && vote === by
        ? [{ key: `voted ${term} ${name}`, from: name, to: by, share: share - 1, yes: true, kind: 'voted' }]
        : []
    })
  })
  return [...letters, ...votes]
}

function Wire({ a, b, from, to }: { a: string; b: string; from: Point; to: Point }) {
  const { choices } = useDesk()
  const hurt = useChoice((c) => c.broken.wires.find((wire) => [wire.a, wire.b].includes(a) && [wire.a, wire.b].includes(b)))
  const open = (x: number, y: number): void => choices.setState({ menu: { ref: { table: 'links', key: `${a} ${b}` }, x, y } })
  const state = !hurt ? '' : hurt.loss >= 100 ? 'cut' : 'hurt'
  const middle = between(from, to, 0.5)
  const words = !hurt
    ? ''
    : hurt.loss >= 100
      ? t('cut')
      : hurt.ms > 0
        ? t('+{ms} ms', { ms: hurt.ms })
        : t('{loss} % lost', { loss: hurt.loss })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line in a drawing can't be a button element
    <g
      className="wire"
      role="button"
      tabIndex={0}
      data-state={state || undefined}
      aria-label={`${a} – ${b} ${words}`}
      onClick={(event: MouseEvent) => {
        event.stopPropagation()
        open(event.clientX, event.clientY)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        const box = event.currentTarget.getBoundingClientRect()
        open(box.x + box.width / 2, box.y + box.height / 2)
      }}
    >
      <line className="hit" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      {words && (
        <text x={middle.x} y={middle.y - 4} textAnchor="middle">
          {words}
        </text>
      )}
    </g>
  )
}

function Member({
  member,
  at,
  now,
  chosen,
  onChoose,
}: {
  member: RaftMember
  at: Point
  now: number
  chosen: boolean
  onChoose(): void
}) {
  const { name, role, term, clock } = member
  const share = clock ? Math.min(1, Math.max(0, (now - clock.since) / Math.max(1, clock.until - clock.since))) : 0
  const round = 2 * Math.PI * (DOT + 4)
  return (
    // The table below has the same choice for the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <g className="member" data-role={role} data-chosen={chosen || undefined} onClick={onChoose}>
      <title>{name}</title>
      {clock && (
        <circle
          className="clock"
          cx={at.x}
          cy={at.y}
          r={DOT + 4}
          strokeDasharray={`${share * round} ${round}`}
          transform={`rotate(-90 ${at.x} ${at.y})`}
        />
      )}
      <circle className="body" cx={at.x} cy={at.y} r={DOT} />
      <text x={at.x} y={at.y + 5} textAnchor="middle">
        {shortOf(name)}
      </text>
      <text className="term" x={at.x} y={at.y + DOT + 14} textAnchor="middle">
        {t('term {term}', { term })}
      </text>
    </g>
  )
}
