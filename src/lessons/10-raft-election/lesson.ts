/** Lesson 10.4: etcd's members elect another leader when theirs is gone; and when two ask at the same time, nobody wins the term. */
import type { Raft } from '#api/raft.ts'
import { after, answered, both, eventually, not, now, obj, raft } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const FIRST = 'control-plane-1'
const etcd = (i: number, on: boolean): Deed => ({ fault: { kind: 'component', component: `etcd-control-plane-${i}`, on } })
const wire = (ms: number, loss: number): Deed => ({
  fault: { kind: 'wire', a: 'control-plane-2', b: 'control-plane-3', ms, loss },
})
const configMap = (name: string) => obj(`configmap/${name}`).exists()

const down = ({ members }: Raft): string[] => members.flatMap(({ name, role }) => (role === 'down' ? name : []))
const leads = raft(({ leader }) => leader !== '')
const isStopped = raft((it) => down(it).includes(FIRST))
const elected = after(
  eventually(isStopped),
  eventually(raft(({ leader, members }) => leader !== FIRST && members.some(({ name, term }) => name === leader && term > 2))),
)
/** A term in which more than one stood, and all lost. */
const isSplit = raft(({ elections }) =>
  elections.some(({ term }) => {
    const all = elections.filter((each) => each.term === term)
    return new Set(all.map(({ by }) => by)).size > 1 && all.every(({ won }) => won === false)
  }),
)

export default lesson({
  steps: [
    {
      id: 'election',
      goals: {
        guess: answered('guess'),
        stopped: eventually(isStopped),
        elected,
        written: after(elected, now(configMap('note'))),
      },
      hints: {
        follower: now(raft((it) => it.leader === FIRST && down(it).length > 0)),
        two: now(raft((it) => it.leader === '' && down(it).length > 1)),
      },
      solution: [{ answer: 'guess', is: 'seconds' }, etcd(1, false), { wait: 3000 }, 'kubectl create configmap note'],
      second: [
        etcd(1, false),
        { wait: 3000 },
        { answer: 'guess', is: 'none' },
        etcd(1, true),
        { wait: 1000 },
        'kubectl create configmap note --from-literal=a=b',
      ],
      wrong: [
        {
          name: 'stops a follower',
          deeds: [{ answer: 'guess', is: 'back' }, etcd(3, false), { wait: 3000 }],
          raises: 'follower',
        },
        { name: 'stops two', deeds: [etcd(1, false), etcd(2, false), { wait: 3000 }], raises: 'two' },
      ],
    },
    {
      id: 'split',
      goals: {
        guess2: answered('guess2'),
        split: eventually(isSplit),
        healed: after(eventually(isSplit), now(both(leads, configMap('after')))),
      },
      hints: {
        three: now(raft((it) => down(it).length === 0)),
        still: after(eventually(isSplit), now(not(leads))),
      },
      solution: [
        { answer: 'guess2', is: 'nobody' },
        etcd(1, false),
        wire(0, 100),
        { wait: 5000 },
        wire(1000, 0),
        { wait: 30_000 },
        wire(0, 0),
        { wait: 5000 },
        'kubectl create configmap after',
      ],
      second: [
        etcd(1, false),
        { wait: 3000 },
        wire(0, 100),
        { answer: 'guess2', is: 'both' },
        { wait: 4000 },
        wire(1000, 0),
        { wait: 40_000 },
        etcd(1, true),
        { wait: 4000 },
        wire(0, 0),
        { wait: 5000 },
        'kubectl create configmap after',
      ],
      wrong: [
        { name: 'lets all three run', deeds: [etcd(1, true), wire(0, 100), { wait: 5000 }], raises: 'three' },
        {
          name: 'leaves the wire slow',
          deeds: [etcd(1, false), wire(0, 100), { wait: 5000 }, wire(1000, 0), { wait: 30_000 }],
          raises: 'still',
        },
      ],
    },
  ],
})
