/** Lesson 1.4: a second container in the pod, which reads from a shared volume what the first one writes. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, eventually, not, now, obj, refused, said } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

interface Container {
  name: string
  command?: string[]
  args?: string[]
  volumeMounts?: { name: string; mountPath: string }[]
}

const shop = obj('pod/shop')
const containers = shop.path('spec.containers').map((list: Container[] | undefined) => list ?? [])
const volumesOf = (list: readonly Container[], name: string): string[] =>
  (list.find((each) => each.name === name)?.volumeMounts ?? [])
    .map((mount) => mount.name)
    .filter((each) => !/^kube-api/.test(each))
const shares = containers.map((list) => volumesOf(list, 'shipper').some((name) => volumesOf(list, 'shop').includes(name)))
const hasShipper = containers.map((list) => list.some(({ name }) => name === 'shipper'))
const isUp = shop.condition('Ready').is('True')
const ships = said('shop', 'shipper').matches(/GET/)
const why = answer('why', ['file'])

const SHOP = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  volumes:
    - name: logs
      emptyDir: {}
  containers:
    - name: shop
      image: busybox:1.36
      command:
        - sh
        - -c
        - while true; do echo "GET /cart 200" >> /var/log/shop/access.log; sleep 2; done
      volumeMounts:
        - name: logs
          mountPath: /var/log/shop
`

const shipper = (volume: string, path = '/logs'): string => `    - name: shipper
      image: busybox:1.36
      command:
        - sh
        - -c
        - tail -n +1 -f ${'/logs/access.log'} || sleep 3600
      volumeMounts:
        - name: ${volume}
          mountPath: ${path}
`

const alone = `apiVersion: v1
kind: Pod
metadata:
  name: shipper
spec:
  volumes:
    - name: logs
      emptyDir: {}
  containers:
${shipper('logs')}`

const write = (text: string): Deed => ({ write: 'manifest.yaml', text })
const OTHER_VOLUME = SHOP.replace('      emptyDir: {}\n', '      emptyDir: {}\n    - name: more\n      emptyDir: {}\n')
const anew: Deed[] = ['kubectl delete pod shop --grace-period=1', 'kubectl apply -f manifest.yaml']

const isShipper = ({ metadata }: AnyObject): boolean => metadata.name !== 'shop'

export default lesson({
  start: { warmUp: 25_000 },
  files: { 'manifest.yaml': SHOP },
  steps: [
    {
      id: 'silent',
      goals: { up: eventually(isUp), why },
      hints: { why: why.wrong() },
      solution: ['kubectl apply -f manifest.yaml', { wait: 8000 }, 'kubectl logs shop', { answer: 'why', is: 'file' }],
      second: ['kubectl create -f manifest.yaml', { answer: 'why', is: 'file' }],
      wrong: [
        {
          name: 'thinks it is idle',
          deeds: ['kubectl apply -f manifest.yaml', { answer: 'why', is: 'idle' }],
          raises: 'why',
        },
      ],
    },
    {
      id: 'two',
      goals: {
        guess: answered('guess'),
        ready: now(both(isUp, hasShipper)),
        shared: now(shares),
        ships: now(ships),
      },
      hints: {
        refused: refused('learner', 'patch|update|apply', 'pods/shop'),
        idle: now(
          both(
            shares,
            containers.map((list) => list.some(({ name, command, args }) => name === 'shipper' && !command && !args)),
          ),
        ),
        name: now(containers.map((list) => list.length > 1 && !list.some(({ name }) => name === 'shipper'))),
        apart: now(both(hasShipper, not(shares))),
        path: now(both(hasShipper, shares, said('shop', 'shipper').matches(/No such file/))),
        pods: now(both(count('pods', { is: isShipper }).atLeast(1), not(hasShipper))),
      },
      chain: {
        wished: { who: 'learner', verb: 'create|patch|apply', object: 'pods/shop' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/shop/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/shop/status' },
      },
      solution: [{ answer: 'guess', is: 'address' }, write(SHOP + shipper('logs')), ...anew],
      second: [
        { answer: 'guess', is: 'all' },
        write((SHOP + shipper('logs')).replaceAll('logs\n', 'journal\n').replaceAll('/journal\n', '/logs\n')),
        'kubectl replace --force -f manifest.yaml',
      ],
      wrong: [
        {
          name: 'gives each a volume of its own',
          deeds: [{ answer: 'guess', is: 'address' }, write(OTHER_VOLUME + shipper('more')), ...anew],
          raises: 'apart',
        },
        {
          name: 'applies it over the pod that is there',
          deeds: [write(SHOP + shipper('logs')), 'kubectl apply -f manifest.yaml'],
          raises: 'refused',
        },
        {
          name: 'gives it nothing to do',
          deeds: [write(SHOP + shipper('logs').replace(/ {6}command:[^]*?(?= {6}volumeMounts)/, '')), ...anew],
          raises: 'idle',
        },
        {
          name: 'calls it otherwise',
          deeds: [
            { answer: 'guess', is: 'address' },
            write(SHOP + shipper('logs').replace('name: shipper', 'name: log-shipper')),
            ...anew,
          ],
          raises: 'name',
        },
        {
          name: 'mounts it elsewhere',
          deeds: [{ answer: 'guess', is: 'address' }, write(SHOP + shipper('logs', '/var/log')), ...anew],
          raises: 'path',
        },
        {
          name: 'makes a second pod',
          deeds: [{ answer: 'guess', is: 'address' }, { write: 'shipper.yaml', text: alone }, 'kubectl apply -f shipper.yaml'],
          raises: 'pods',
        },
      ],
    },
  ],
})
