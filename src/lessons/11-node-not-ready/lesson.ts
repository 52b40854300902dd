/** Lesson 11.4: a machine takes no pods; its kubelet, its disk or its network plugin is to blame, as the seed has it. */

import type { AnyObject, Condition } from '#api/meta.ts'
import type { Fault } from '#api/request.ts'
import type { View } from '../check/moment.ts'
import { answer, answered, audit, both, count, eventually, isReady, not, now, Value } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const NODES = ['node-1', 'node-2', 'node-3']
const CAUSES = ['kubelet', 'plugin', 'disk'] as const
type Cause = (typeof CAUSES)[number]

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const ill = (cause: Cause, node: string, isIll: boolean): Fault =>
  cause === 'disk'
    ? { kind: 'node-disk', node, full: isIll }
    : { kind: cause === 'kubelet' ? 'node-kubelet' : 'node-plugin', node, on: !isIll }

const start = (seed: string): Start => {
  const cause = CAUSES[pick(seed, CAUSES.length)] as Cause
  const node = NODES[pick(`${seed} machine`, NODES.length)] as string
  return { objects: [deployment], faults: [{ after: 20_000, fault: ill(cause, node, true) }], warmUp: 60_000 }
}

const KEYS = { kubelet: 'kubelets', plugin: 'plugins', disk: 'disks' } as const
const found = (view: View): { cause: Cause; node: string } | undefined => {
  const cause = CAUSES.find((each) => view.broken[KEYS[each]].length > 0)
  return cause && { cause, node: view.broken[KEYS[cause]][0] as string }
}
const machine = answer('machine', new Value([], (view) => found(view)?.node))
const cause = answer('cause', new Value([], (view) => found(view)?.cause))
const mended = new Value([], (view) => found(view) === undefined)

const condition = (node: AnyObject, type: string): string | undefined =>
  (node['status']?.conditions as Condition[] | undefined)?.find((each) => each.type === type)?.status
const isWell = (node: AnyObject): boolean =>
  isReady(node) &&
  ['DiskPressure', 'MemoryPressure', 'PIDPressure'].every((type) => condition(node, type) === 'False') &&
  (node['spec'].taints ?? []).length === 0 &&
  node['spec'].unschedulable !== true
const pressed = count('nodes', { is: (node) => condition(node, 'DiskPressure') === 'True' }).atLeast(1)
const all = count('nodes')

const MEND: Deed[] = CAUSES.flatMap((each) => NODES.map((node): Deed => ({ fault: ill(each, node, false) })))
const RESTART: Deed[] = [false, true].flatMap((on) => NODES.map((node): Deed => ({ fault: { kind: 'node-kubelet', node, on } })))
const DIAGNOSE = `for n in node-1 node-2 node-3; do
c=$(kubectl get node $n -o jsonpath='{range .status.conditions[*]}{.type}={.status} {end}')
case "$c" in *Ready=Unknown*) echo kubelet $n;; *DiskPressure=True*) echo disk $n;; *Ready=False*) echo plugin $n;; esac
done`
const UNTAINT = NODES.map((node) => `kubectl taint node ${node} node.kubernetes.io/disk-pressure:NoSchedule-`)

export default lesson({
  start,
  steps: [
    {
      id: 'name',
      goals: { guess: answered('guess'), machine, cause },
      hints: { machine: machine.wrong(), cause: cause.wrong(), early: now(mended) },
      solution: [
        { answer: 'guess', is: 'disk' },
        { answer: 'machine', from: `${DIAGNOSE} | cut -d' ' -f2` },
        { answer: 'cause', from: `${DIAGNOSE} | cut -d' ' -f1` },
      ],
      second: [
        { answer: 'guess', is: 'plugin' },
        { answer: 'cause', from: 'kubectl get nodes -o jsonpath=\'{.items[*].status.conditions[?(@.status=="Unknown")].type}\'' },
        { answer: 'cause', from: `${DIAGNOSE} | cut -d' ' -f1` },
        { answer: 'machine', from: `${DIAGNOSE} | cut -d' ' -f2` },
      ],
      wrong: [
        {
          name: 'takes a machine that is well',
          deeds: [
            {
              answer: 'machine',
              from: `kubectl get nodes -o name | grep -v "$(${DIAGNOSE} | cut -d' ' -f2)" | head -1 | cut -d/ -f2`,
            },
          ],
          raises: 'machine',
        },
        { name: 'guesses the cause', deeds: [{ answer: 'cause', is: 'kubelet' }], raises: 'cause' },
        { name: 'mends at random before naming it', deeds: [...MEND, { answer: 'cause', is: 'disk' }], raises: 'early' },
      ],
    },
    {
      id: 'mend',
      goals: {
        guess2: answered('guess2'),
        well: now(both(count('nodes', { is: isWell }).is(3), all.is(3))),
        web: now(count('pods', { labels: 'app=web', is: isReady }).is(3)),
      },
      hints: {
        taint: audit('learner', 'patch|update', 'nodes'),
        gone: eventually(not(all.is(3))),
        patience: now(both(mended, pressed)),
      },
      chain: {
        told: { who: 'kubelet', verb: 'patch', object: 'nodes/*/status' },
        free: { who: 'node-controller', verb: 'patch|update', object: 'nodes' },
      },
      solution: [{ answer: 'guess2', is: 'disk' }, ...MEND, { wait: 320_000 }],
      second: [...MEND, ...RESTART, { answer: 'guess2', is: 'kubelet' }, { wait: 20_000 }],
      wrong: [
        { name: 'takes the taint away', deeds: [{ answer: 'guess2', is: 'disk' }, ...UNTAINT], raises: 'taint' },
        { name: 'deletes the Nodes', deeds: [{ answer: 'guess2', is: 'disk' }, 'kubectl delete nodes --all'], raises: 'gone' },
        { name: 'is not patient', deeds: [{ answer: 'guess2', is: 'disk' }, ...MEND], raises: 'patience' },
      ],
    },
  ],
})
