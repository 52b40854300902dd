/** Lesson 5.2: which volume a claim is given, and a claim that fits none. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, held, list, not, now, obj, refused, type Value } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

/** Of `library`: size, mode and class, of which one does not fit. */
const MISFITS = [
  ['9Gi', 'ReadWriteMany', 'shelf'],
  ['4Gi', 'ReadOnlyMany', 'shelf'],
  ['4Gi', 'ReadWriteMany', 'vault'],
] as const

const volume = (name: string, storage: string, mode: string, storageClassName: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: [mode],
      storageClassName,
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/disks/${name}`, type: 'DirectoryOrCreate' },
    },
  }) as unknown as AnyObject

const claim = (name: string, storage: string, mode: string, storageClassName: string): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
spec:
  storageClassName: ${storageClassName}
  accessModes: [${mode}]
  resources:
    requests:
      storage: ${storage}
`

function start(seed: string): Start {
  const [storage, mode, storageClassName] = MISFITS[pick(seed, MISFITS.length)] ?? MISFITS[0]
  return {
    objects: [
      volume('amber', '1Gi', 'ReadWriteOnce', 'shelf'),
      volume('birch', '5Gi', 'ReadWriteOnce', 'shelf'),
      volume('cedar', '10Gi', 'ReadWriteOnce', 'shelf'),
      volume('dune', '5Gi', 'ReadWriteOnce', 'vault'),
      volume('elm', '5Gi', 'ReadWriteMany', 'shelf'),
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'library', labels: { by: 'builder' } },
        spec: { storageClassName, accessModes: [mode], resources: { requests: { storage } } },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'reader' },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'reader',
              image: 'busybox:1.36',
              command: ['sleep', '86400'],
              volumeMounts: [{ name: 'books', mountPath: '/books' }],
            },
          ],
          volumes: [{ name: 'books', persistentVolumeClaim: { claimName: 'library' } }],
        },
      },
    ] as unknown as AnyObject[],
    warmUp: 25_000,
  }
}

const cellar = obj('persistentvolumeclaim/cellar')
const library = obj('persistentvolumeclaim/library')
const isBound = (which: typeof library) => which.path('status.phase').is('Bound')

/** What does not fit; once it does, whatever one found. */
const misfit = library.path('spec').map((spec): string[] => {
  const wrong = [
    ...(spec?.resources?.requests?.storage === '9Gi' ? ['size'] : []),
    ...(spec?.accessModes?.[0] === 'ReadOnlyMany' ? ['mode'] : []),
    ...(spec?.storageClassName === 'vault' ? ['class'] : []),
  ]
  return wrong.length > 0 ? wrong : ['size', 'mode', 'class']
})
const why = answer('why', misfit as Value<unknown>)
/** The learner's, not the one there was: that is marked. */
const isAnew = both(library.exists(), not(library.path('metadata.labels.by').is('builder')))
/** What it asks for as a learner would compare it: the answer is the id of a choice. */
const COMPARED = [
  "it=$(kubectl get pvc library -o jsonpath='{.spec.accessModes[0]} {.spec.resources.requests.storage} {.spec.storageClassName}')",
  'case "$it" in ReadOnly*) echo mode;; *9Gi*) echo size;; *) echo class;; esac',
].join('; ')

const write = (text: string): Deed => ({ write: 'library.yaml', text })
const replaced = 'kubectl replace --force -f library.yaml'
const found: Deed = { answer: 'why', from: COMPARED }

export default lesson({
  start,
  files: { 'manifest.yaml': claim('cellar', '3Gi', 'ReadWriteOnce', 'shelf') },
  steps: [
    {
      id: 'match',
      goals: { guess: answered('guess'), bound: now(isBound(cellar)) },
      hints: { pending: held(both(cellar.exists(), not(isBound(cellar))), 4000) },
      chain: {
        asked: { who: 'learner', verb: 'create|patch|apply', object: 'persistentvolumeclaims/cellar' },
        given: { who: 'persistent-volume-binder', verb: 'update|patch', object: 'persistentvolumes' },
        taken: { who: 'persistent-volume-binder', verb: 'update|patch', object: 'persistentvolumeclaims/cellar' },
      },
      solution: ['kubectl get persistentvolumes', { answer: 'guess', is: 'birch' }, 'kubectl apply -f manifest.yaml'],
      second: [{ answer: 'guess', is: 'elm' }, 'kubectl create -f manifest.yaml'],
      wrong: [
        {
          name: 'asks for more than there is',
          deeds: [
            { answer: 'guess', is: 'cedar' },
            { write: 'manifest.yaml', text: claim('cellar', '30Gi', 'ReadWriteOnce', 'shelf') },
            'kubectl apply -f manifest.yaml',
          ],
          raises: 'pending',
        },
      ],
    },
    {
      id: 'misfit',
      goals: { why, bound2: now(isBound(library)), reads: now(obj('pod/reader').condition('Ready').is('True')) },
      hints: {
        why: why.wrong(),
        fixed: refused('learner', 'patch|update|apply', 'persistentvolumeclaims/library'),
        gone: held(not(library.exists()), 4000),
        still: held(both(isAnew, library.path('status.phase').is('Pending')), 4000),
        other: now(
          both(
            not(isBound(library)),
            list('persistentvolumeclaims').map((all) =>
              all.some(
                ({ metadata, status }: AnyObject) => !['cellar', 'library'].includes(metadata.name) && status?.phase === 'Bound',
              ),
            ),
          ),
        ),
      },
      solution: [
        'kubectl describe persistentvolumeclaim library',
        found,
        'kubectl get persistentvolumeclaim library -o yaml > library.yaml',
        `sed -i 's/storage: 9Gi/storage: 5Gi/; s/ReadOnlyMany/ReadWriteMany/; s/storageClassName: vault/storageClassName: shelf/' library.yaml`,
        replaced,
      ],
      second: [
        found,
        'kubectl delete persistentvolumeclaim library',
        write(claim('library', '1Gi', 'ReadWriteMany', 'shelf')),
        'kubectl create -f library.yaml',
      ],
      wrong: [
        {
          name: 'changes the claim that is there',
          deeds: [found, write(claim('library', '5Gi', 'ReadWriteMany', 'shelf')), 'kubectl apply -f library.yaml'],
          raises: 'fixed',
        },
        { name: 'deletes the claim', deeds: [found, 'kubectl delete pvc library'], raises: 'gone' },
        {
          name: 'mends one thing and breaks another',
          deeds: [found, write(claim('library', '5Gi', 'ReadOnlyMany', 'shelf')), replaced],
          raises: 'still',
        },
        {
          name: 'makes another claim',
          deeds: [found, write(claim('books', '5Gi', 'ReadWriteMany', 'shelf')), 'kubectl apply -f library.yaml'],
          raises: 'other',
        },
        {
          name: 'guesses',
          deeds: [{ answer: 'why', from: `${COMPARED} | sed 's/size/mode/; t; s/class/size/; t; s/mode/class/'` }],
          raises: 'why',
        },
      ],
    },
  ],
})
