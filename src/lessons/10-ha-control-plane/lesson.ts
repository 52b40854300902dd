/** Lesson 10.7: three machines of the control plane: who leads, what happens when it is lost, and when it comes back. */

import { type Check, check } from '../check/check.ts'
import type { View } from '../check/moment.ts'
import { after, always, answer, answered, both, count, eventually, held, isReady, list, not, now, obj, Value } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const MACHINES = ['control-plane-1', 'control-plane-2', 'control-plane-3']
const lostIn = (view: View): string[] => MACHINES.filter((name) => view.broken.components.includes(name))
const lost = (least: number) => new Value([], (view) => lostIn(view).length >= least)

/** `control-plane-1_5db9…`: the machine, and one start of the process. */
const holder = (name: string) =>
  obj(`lease/kube-system/${name}`)
    .path('spec.holderIdentity')
    .map((identity) => String(identity ?? '').split('_')[0] ?? '')
const manager = holder('kube-controller-manager')
const scheduler = holder('kube-scheduler')

const isLost = new Value(manager.needs, (view) => lostIn(view).includes(manager.read(view)))
const leads = new Value([...manager.needs, ...scheduler.needs], (view) =>
  [manager, scheduler].every((each) => !lostIn(view).includes(each.read(view))),
)
/** Machines have been lost, but never the one that led. */
const follower: Check<boolean> = check<boolean>({
  needs: isLost.needs,
  begin: (view) => isLost.read(view),
  take: (seen, _moment, view) => seen || isLost.read(view),
  verdict: (seen, view) => (!seen && lostIn(view).length > 0 ? 'met' : 'open'),
})
const processOnly = both(
  not(lost(1)),
  new Value([], (view) => view.broken.components.some((name) => /^(?:kube|etcd)-/.test(name))),
)
const web = count('pods', { labels: 'app=web', is: isReady }).atLeast(1)
const addresses = list('endpointslices', { is: ({ metadata }) => metadata.name === 'kubernetes' }).map(
  (slices) => slices.flatMap((each) => (each['endpoints'] ?? []) as unknown[]).length,
)
const led = answer('manager', manager)

const power = (machine: string, on: boolean): Deed => ({ fault: { kind: 'component', component: machine, on } })
const CREATE = 'kubectl create deployment web --image=nginx:1.27'
const LEADER = "kubectl get lease kube-controller-manager -n kube-system -o jsonpath='{.spec.holderIdentity}' | cut -d_ -f1"

export default lesson({
  start: { warmUp: 25_000 },
  steps: [
    {
      id: 'lead',
      goals: { guess: answered('guess'), manager: led },
      hints: { manager: led.wrong() },
      solution: ['kubectl get leases -n kube-system', { answer: 'guess', is: 'one' }, { answer: 'manager', from: LEADER }],
      second: [
        { answer: 'manager', is: 'control-plane-2' },
        { answer: 'manager', from: LEADER },
        { answer: 'guess', is: 'two' },
      ],
      wrong: [
        {
          name: 'names another machine',
          deeds: [
            { answer: 'guess', is: 'one' },
            { answer: 'manager', is: 'control-plane-3' },
          ],
          raises: 'manager',
        },
      ],
    },
    {
      id: 'lose',
      goals: {
        guess2: answered('guess2'),
        lost: eventually(isLost),
        moved: after(eventually(isLost), eventually(both(lost(1), leads))),
        works: after(eventually(isLost), eventually(both(lost(1), web))),
        majority: always(not(lost(2))),
      },
      hints: { process: held(processOnly, 3000), follower, two: eventually(lost(2)) },
      chain: {
        asked: { who: 'learner', verb: 'create', object: 'deployments' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/*/binding' },
      },
      solution: [{ answer: 'guess2', is: 'lease' }, power('control-plane-1', false), { wait: 25_000 }, CREATE, { wait: 8000 }],
      second: [power('control-plane-1', false), { wait: 6000 }, CREATE, { answer: 'guess2', is: 'admin' }, { wait: 25_000 }],
      wrong: [
        {
          name: 'stops a process only',
          deeds: [power('kube-controller-manager-control-plane-1', false), { wait: 5000 }],
          raises: 'process',
        },
        { name: 'loses one that only waits', deeds: [power('control-plane-3', false), { wait: 5000 }], raises: 'follower' },
        { name: 'loses two', deeds: [power('control-plane-1', false), power('control-plane-2', false)], raises: 'two' },
      ],
    },
    {
      id: 'back',
      goals: {
        guess3: answered('guess3'),
        whole: now(not(lost(1))),
        serving: now(addresses.is(3)),
        led: now(leads),
      },
      hints: { away: held(both(lost(1), count('leases', { namespace: 'kube-system' }).atLeast(1)), 15_000) },
      solution: [{ answer: 'guess3', is: 'stays' }, power('control-plane-1', true), { wait: 20_000 }],
      second: [power('control-plane-1', true), { answer: 'guess3', is: 'again' }, { wait: 20_000 }],
      wrong: [{ name: 'waits for it', deeds: [{ answer: 'guess3', is: 'stays' }, { wait: 20_000 }], raises: 'away' }],
    },
  ],
})
