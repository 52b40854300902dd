/** Lesson 10.5: of five members of etcd only a majority commits; what a minority took is overwritten. */
import type { Raft, RaftMember } from '#api/raft.ts'
import { after, answer, answered, both, eventually, now, obj, raft } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const machine = (i: number): string => `control-plane-${i}`
const part = (...island: number[]): Deed => ({ fault: { kind: 'partition', machines: island.map(machine) } })
const etcd = (i: number, on: boolean): Deed => ({ fault: { kind: 'component', component: `etcd-${machine(i)}`, on } })
const writeAt = (i: number, name: string): string => `kubectl --server=https://172.18.255.${i}:6443 create configmap ${name}`
const configMap = (name: string) => obj(`configmap/${name}`).exists()

const hollow = ({ tail }: RaftMember): boolean => tail.some(({ committed }) => !committed)
/** Running members that know less than the leader does, or lead nobody. */
const apart = ({ members, leader }: Raft): RaftMember[] =>
  members.filter(({ name, role, leader: own }) => role !== 'down' && name !== leader && (leader === '' || own !== leader))
const same = ({ members, leader }: Raft): boolean =>
  leader !== '' && new Set(members.map(({ index, tail }) => `${index} ${JSON.stringify(tail)}`)).size === 1

const cut = eventually(
  raft((it) => apart(it).length === 2 && apart(it).some(({ term }) => term < Math.max(...it.members.map((each) => each.term)))),
)
const lost = eventually(raft(({ members }) => members.some((each) => hollow(each) && each.tail.some(({ text }) => text !== ''))))
const nobody = eventually(raft((it) => it.leader === '' && apart(it).length === 4))
const [three, four, five] = [answer('three', '1'), answer('four', '1'), answer('five', '2')]

export default lesson({
  steps: [
    {
      id: 'two',
      goals: {
        guess: answered('guess'),
        cut,
        hollow: lost,
        kept: after(
          cut,
          now(
            both(
              raft(({ leader }) => leader !== ''),
              configMap('kept'),
            ),
          ),
        ),
      },
      hints: {
        late: now(
          raft(
            (it) =>
              apart(it).length === 2 && apart(it).every((each) => each.role !== 'leader' && !hollow(each)) && it.leader !== '',
          ),
        ),
        wrong: now(raft((it) => it.leader === machine(1) && apart(it).length === 2)),
      },
      solution: [
        { answer: 'guess', is: 'three' },
        part(1, 2),
        writeAt(1, 'lost'),
        { wait: 5000 },
        'kubectl create configmap kept',
      ],
      second: [
        part(1, 4),
        writeAt(4, 'lost'),
        { answer: 'guess', is: 'both' },
        { wait: 6000 },
        'kubectl --server=https://172.18.255.2:6443 create configmap kept',
      ],
      wrong: [
        { name: 'writes too late', deeds: [part(1, 2), { wait: 5000 }, writeAt(1, 'lost')], raises: 'late' },
        { name: 'cuts off three', deeds: [part(1, 2, 3), writeAt(1, 'lost'), { wait: 5000 }], raises: 'wrong' },
      ],
    },
    {
      id: 'whole',
      goals: { guess2: answered('guess2'), same: now(raft(same)) },
      hints: {},
      solution: [{ answer: 'guess2', is: 'overwritten' }, part(), { wait: 3000 }],
      second: [part(), { wait: 3000 }, { answer: 'guess2', is: 'stays' }],
      wrong: [],
    },
    {
      id: 'count',
      goals: {
        nobody,
        back: after(nobody, now(both(raft(same), configMap('after')))),
        three,
        four,
        five,
      },
      hints: {
        half: four.wrong(),
        broken: after(nobody, now(raft((it) => !same(it)))),
      },
      solution: [
        part(1, 2, 3),
        { wait: 3000 },
        etcd(3, false),
        { wait: 6000 },
        { answer: 'three', is: '1' },
        { answer: 'four', is: '1' },
        { answer: 'five', is: '2' },
        etcd(3, true),
        part(),
        { wait: 4000 },
        'kubectl create configmap after',
      ],
      second: [
        { answer: 'five', is: '2' },
        { answer: 'three', is: '1' },
        { answer: 'four', is: '1' },
        part(4, 5),
        etcd(2, false),
        { wait: 8000 },
        part(),
        { wait: 4000 },
        etcd(2, true),
        { wait: 4000 },
        'kubectl create configmap after',
      ],
      wrong: [
        { name: 'thinks that four bear two', deeds: [{ answer: 'four', is: '2' }], raises: 'half' },
        {
          name: 'leaves one stopped',
          deeds: [part(1, 2, 3), etcd(3, false), { wait: 6000 }, part(), { wait: 4000 }],
          raises: 'broken',
        },
      ],
    },
  ],
})
