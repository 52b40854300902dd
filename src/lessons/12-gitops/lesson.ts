/** Lesson 12.3: a controller that holds the cluster to what is in Git, what becomes of changes by hand, and how one changes it there. */
import { after, answered, anyOf, audit, both, eventually, held, not, now, obj, said } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'
import { controller, NAME } from './controller.ts'
import { PORT, repository } from './repository.ts'

const URL = `http://172.18.0.2:${PORT}/shop.git`

const shop = obj('deployment/shop')
const image = shop.path('spec.template.spec.containers.0.image')
const settled = both(shop.path('spec.replicas').is(2), shop.path('status.readyReplicas').is(2))
const works = obj(`deployment/${NAME}`).path('status.readyReplicas').atLeast(1)
const asleep = held(not(works), 3000)
const applied = audit(NAME, 'patch', 'deployments/shop')
const byHand = anyOf(
  audit('learner', 'patch|update|apply|delete', 'deployments/shop'),
  audit('learner', 'patch|update', 'deployments/shop/scale'),
)
const refused = said('gitops-*', 'loop').matches(/is refused/)

const guess: Deed = { answer: 'guess', is: 'back' }
const who: Deed = { answer: 'who', is: 'git' }
const scale = 'kubectl scale deployment shop --replicas=5'
const clone = `git clone ${URL}`
const commit = (words: string): string => `cd ~/shop && git commit -q -a -m '${words}' && git push -q`
const newer = `sed -i 's/nginx:1.27/nginx:1.28/' ~/shop/shop.yaml`
const noBanner = 'cd ~/shop && git rm -q banner.yaml'

export default lesson({
  start: { objects: [...repository, ...controller], warmUp: 25_000 },
  steps: [
    {
      id: 'drift',
      goals: {
        guess: answered('guess'),
        changed: byHand,
        reverted: after(byHand, after(applied, eventually(settled))),
      },
      hints: { asleep, nothing: held(both(works, settled), 30_000) },
      chain: {
        changed: { who: 'learner', verb: 'patch|update', object: 'deployments/shop/scale' },
        reverted: { who: NAME, verb: 'patch', object: 'deployments/shop' },
      },
      solution: [guess, scale, { wait: 12_000 }],
      second: [{ answer: 'guess', is: 'stays' }, 'kubectl delete deployment shop', { wait: 12_000 }],
      wrong: [
        {
          name: 'sends the controller to sleep',
          deeds: [guess, `kubectl scale deployment ${NAME} --replicas=0`, { wait: 4000 }, scale],
          raises: 'asleep',
        },
        { name: 'only guesses', deeds: [guess], raises: 'nothing' },
      ],
    },
    {
      id: 'git',
      goals: {
        who: answered('who'),
        newer: held(both(both(image.is('nginx:1.28'), settled), works), 7000),
        gone: now(both(obj('configmap/banner').exists().is(false), works)),
      },
      hints: {
        byhand: anyOf(byHand, audit('learner', 'delete|patch|update', 'configmaps/banner')),
        refused: now(refused),
        asleep,
      },
      chain: {
        applied: { who: NAME, verb: 'patch', object: 'deployments/shop' },
        rolled: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
      },
      solution: [who, clone, newer, commit('nginx 1.28'), noBanner, commit('The sale is over'), { wait: 25_000 }],
      second: [
        { answer: 'who', is: 'everybody' },
        clone,
        'cd ~/shop && git switch -q -c newer && rm banner.yaml',
        newer,
        `cd ~/shop && git add . && git commit -q -m 'nginx 1.28, no banner' && git switch -q main && git merge -q newer && git push -q`,
        { wait: 25_000 },
      ],
      wrong: [
        {
          name: 'changes the cluster',
          deeds: [who, 'kubectl set image deployment/shop web=nginx:1.28', 'kubectl delete configmap banner'],
          raises: 'byhand',
        },
        {
          name: 'pushes what is no Deployment',
          deeds: [who, clone, `sed -i 's/replicas: 2/replicas: two/' ~/shop/shop.yaml`, commit('Two of them')],
          raises: 'refused',
        },
        {
          name: 'sends the controller to sleep',
          deeds: [who, `kubectl scale deployment ${NAME} --replicas=0`],
          raises: 'asleep',
        },
      ],
    },
  ],
})
