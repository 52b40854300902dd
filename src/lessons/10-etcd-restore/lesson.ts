/** Lesson 10.6: a snapshot of etcd brings a deleted namespace back, and with it takes the whole cluster back to one moment. */
import type { AnyObject } from '#api/meta.ts'
import { after, allOf, answered, audit, both, count, during, eventually, held, never, not, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const PKI = '/etc/kubernetes/pki/etcd'
const IN_ETCD = 'kubectl -n kube-system exec etcd-control-plane --'
const ETCDCTL = `${IN_ETCD} etcdctl --cacert=${PKI}/ca.crt --cert=${PKI}/server.crt --key=${PKI}/server.key`
const FILE = '/var/lib/etcd/snap.db'
const SAVE = `${ETCDCTL} snapshot save ${FILE}`
const restore = (dir: string, flags = ''): string => `${IN_ETCD} etcdutl snapshot restore ${FILE} --data-dir ${dir}${flags}`
const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml'
const onMachine = (change: string): string => `ssh control-plane 'sed -i "${change}" ${MANIFEST}'`
const MOVED = onMachine('s#path: /var/lib/etcd#&/restored#')
const DELETE = 'kubectl delete namespace shop'
const LATER = 'kubectl create configmap later'
const wait = (seconds: number) => ({ wait: seconds * 1000 })

const start = {
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prices', namespace: 'shop' }, data: { tea: '3', cake: '5' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
        },
      },
    },
  ] as unknown as AnyObject[],
  warmUp: 60_000,
}

const shop = obj('namespace/shop').exists()
const web = obj('deployment/shop/web')
const prices = obj('configmap/shop/prices').path('data.tea').is('3')
const later = obj('configmap/later').exists()
const saved = during(shop, audit('etcd', 'save', 'snapshots/*'))
const restored = audit('etcd', 'restore', 'snapshots/*')
const whole = both(shop, prices, web.path('status.availableReplicas').is(2))

export default lesson({
  start,
  steps: [
    {
      id: 'save',
      goals: { saved, gone: after(saved, now(not(shop))) },
      hints: {
        unsaved: allOf(never(saved), now(not(shop))),
        waiting: after(saved, held(shop, 20_000)),
      },
      solution: [SAVE, DELETE, wait(10)],
      second: [
        'kubectl get all -n shop',
        SAVE,
        'kubectl get namespace shop -o yaml > shop.yaml',
        'kubectl delete -f shop.yaml',
        wait(10),
      ],
      wrong: [
        { name: 'deletes before anything is saved', deeds: [DELETE, wait(10), SAVE], raises: 'unsaved' },
        { name: 'saves, and leaves it at that', deeds: [SAVE, wait(25)], raises: 'waiting' },
      ],
    },
    {
      id: 'restore',
      goals: {
        guess: answered('guess'),
        restored,
        back: after(restored, now(whole)),
        later: after(eventually(later), after(restored, now(not(later)))),
      },
      hints: {
        byhand: held(both(shop, not(web.exists())), 3000),
        empty: now(both(count('nodes').is(0), not(shop))),
        unmade: allOf(restored, never(eventually(later))),
      },
      chain: {
        started: { who: 'etcd', verb: 'restore', object: 'snapshots/*' },
        runs: { who: 'kubelet', verb: 'patch', object: 'pods/web-*/status' },
      },
      solution: [LATER, restore('/var/lib/etcd/restored'), { answer: 'guess', is: 'gone' }, MOVED, wait(60)],
      second: [
        { answer: 'guess', is: 'stays' },
        restore('/var/lib/etcd/second', ' --bump-revision 1000000000 --mark-compacted'),
        LATER,
        `kubectl debug node/control-plane --image=busybox:1.36 -- sed -i 's#data-dir=/var/lib/etcd#&/second#' /host${MANIFEST}`,
        wait(60),
      ],
      wrong: [
        { name: 'makes the namespace again', deeds: ['kubectl create namespace shop', wait(5)], raises: 'byhand' },
        {
          name: 'names another directory than it has restored',
          deeds: [
            LATER,
            restore('/var/lib/etcd/restored'),
            onMachine('s#path: /var/lib/etcd#path: /var/lib/restored#'),
            wait(60),
          ],
          raises: 'empty',
        },
        {
          name: 'makes nothing that would be lost',
          deeds: [restore('/var/lib/etcd/restored'), MOVED, wait(60)],
          raises: 'unmade',
        },
      ],
    },
  ],
})
