/** Lesson 12.1: a chart, its values, a release, and what an upgrade does with values from before. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, audit, both, list, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

/** helm keeps one Secret for each revision of a release; its labels tell the rest. */
const revisions = list('secrets', { labels: 'owner=helm' })
const label = (secret: AnyObject, key: string): string => secret.metadata.labels?.[key] ?? ''
const live = (name: string, least: number) =>
  revisions.map((all) =>
    all.some(
      (each) => label(each, 'name') === name && label(each, 'status') === 'deployed' && Number(label(each, 'version')) >= least,
    ),
  )
const other = revisions.map((all) => all.some((each) => label(each, 'name') !== 'shop'))

const web = obj('deployment/shop-web')
const image = web.path('spec.template.spec.containers.0.image')
const replicas = web.path('spec.replicas')
const port = obj('service/shop-web').path('spec.ports.0.port')
const two = both(replicas.is(2), web.path('status.readyReplicas').is(2))
const memory = answer('memory', 'secrets')
const scaled = audit('learner', 'patch|update', 'deployments/shop-web/scale')

const REPO = 'helm repo add shelf https://charts.tabernetes.invalid'
const install = (flags: string, name = 'shop'): string => `helm install ${name} shelf/web ${flags}`
const upgrade = (flags: string): string => `helm upgrade shop shelf/web ${flags}`
const right: Deed = { answer: 'memory', is: 'secrets' }
const guess: Deed = { answer: 'guess', is: 'one' }

export default lesson({
  steps: [
    {
      id: 'install',
      goals: { memory, deployed: now(live('shop', 1)), runs: now(both(two, image.is('nginx:1.27'), live('shop', 1))) },
      hints: {
        memory: memory.wrong(),
        name: now(other),
        newer: now(image.is('nginx:1.28')),
        one: now(both(replicas.is(1), image.is('nginx:1.27'))),
        byhand: scaled,
      },
      chain: {
        made: { who: 'learner', verb: 'create', object: 'deployments/shop-web' },
        followed: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
      },
      solution: [REPO, install('--version 1.0.0 --set replicaCount=2'), right],
      second: [
        REPO,
        { write: 'values.yaml', text: 'replicaCount: 2\n' },
        install('--version 1.0.0 -f values.yaml --wait'),
        right,
      ],
      wrong: [
        { name: 'takes the newest', deeds: [REPO, install('--set replicaCount=2'), right], raises: 'newer' },
        { name: 'gives no value', deeds: [REPO, install('--version 1.0.0'), right], raises: 'one' },
        {
          name: 'calls it otherwise',
          deeds: [REPO, install('--version 1.0.0 --set replicaCount=2', 'store'), right],
          raises: 'name',
        },
        {
          name: 'scales past helm',
          deeds: [REPO, install('--version 1.0.0'), 'kubectl scale deployment shop-web --replicas=2'],
          raises: 'byhand',
        },
        { name: 'thinks of a server', deeds: [{ answer: 'memory', is: 'server' }], raises: 'memory' },
      ],
    },
    {
      id: 'upgrade',
      goals: {
        guess: answered('guess'),
        newer: now(both(live('shop', 2), image.is('nginx:1.28'))),
        port: now(both(live('shop', 2), port.is(8080))),
        two: now(both(two, live('shop', 2))),
      },
      hints: {
        lost: now(both(replicas.is(1), live('shop', 2))),
        kubectl: now(both(not(live('shop', 2)), image.is('nginx:1.28'))),
        second: now(other),
        old: now(both(live('shop', 2), port.is(8080), image.is('nginx:1.27'))),
      },
      solution: [guess, upgrade('--reuse-values --set service.port=8080')],
      second: [
        { answer: 'guess', is: 'two' },
        upgrade('--set service.port=8080'),
        { wait: 5000 },
        upgrade('--set service.port=8080,replicaCount=2'),
      ],
      wrong: [
        { name: 'gives only the new value', deeds: [guess, upgrade('--set service.port=8080')], raises: 'lost' },
        {
          name: 'changes the image past helm',
          deeds: [guess, 'kubectl set image deployment/shop-web web=nginx:1.28'],
          raises: 'kubectl',
        },
        {
          name: 'installs a second one',
          deeds: [guess, install('--set service.port=8080,replicaCount=2', 'shop2')],
          raises: 'second',
        },
        {
          name: 'stays with the version',
          deeds: [guess, upgrade('--version 1.0.0 --reuse-values --set service.port=8080')],
          raises: 'old',
        },
      ],
    },
  ],
})
