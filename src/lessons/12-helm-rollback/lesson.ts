/** Lesson 12.2: an upgrade that fails, what helm knows of it, and the way back. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, held, list, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const label = (secret: AnyObject, key: string): string => secret.metadata.labels?.[key] ?? ''
/** helm's revisions of `shop`, from the first to the latest, by what became of them. */
const history = list('secrets', { labels: 'owner=helm,name=shop' }).map((all) =>
  [...all].sort((a, b) => Number(label(a, 'version')) - Number(label(b, 'version'))).map((each) => label(each, 'status')),
)
const last = history.map((all) => all.at(-1))
const web = obj('deployment/shop-web')
const image = web.path('spec.template.spec.containers.0.image')
const bad = image.is('nginx:does-not-exist')
const replicas = web.path('spec.replicas')
const works = both(
  image.is('nginx:1.28'),
  replicas.is(2),
  web.path('status.replicas').is(2),
  web.path('status.updatedReplicas').is(2),
  web.path('status.readyReplicas').is(2),
)
const worked = history.map((all) => all.some((status) => /^(deployed|superseded)$/.test(status)))

const install = ['helm repo add shelf https://charts.tabernetes.invalid', 'helm install shop shelf/web --set replicaCount=2']
const upgrade = (flags: string, tag = 'does-not-exist'): string => `helm upgrade shop shelf/web --set image.tag=${tag} ${flags}`
const PATIENT = '--reuse-values --wait --timeout 40s'
const guess: Deed = { answer: 'guess', is: 'reports' }
const guess2: Deed = { answer: 'guess2', is: 'next' }

export default lesson({
  steps: [
    {
      id: 'break',
      goals: { guess: answered('guess'), failed: now(both(bad, replicas.is(2), last.is('failed'), worked)) },
      hints: {
        unnoticed: held(both(bad, last.is('deployed')), 5000),
        good: now(
          both(
            history.map((all) => all.length > 1),
            image.exists(),
            not(bad),
          ),
        ),
        lost: now(both(bad, replicas.is(1))),
      },
      solution: [...install, guess, { wait: 6000 }, upgrade(PATIENT)],
      second: [
        ...install,
        { answer: 'guess', is: 'back' },
        { wait: 6000 },
        upgrade('--reuse-values'),
        { wait: 6000 },
        upgrade(PATIENT),
      ],
      wrong: [
        { name: 'does not wait', deeds: [...install, guess, upgrade('--reuse-values')], raises: 'unnoticed' },
        { name: 'takes an image that exists', deeds: [...install, guess, upgrade(PATIENT, '1.27')], raises: 'good' },
        { name: 'forgets the values', deeds: [...install, guess, upgrade('--wait --timeout 40s')], raises: 'lost' },
      ],
    },
    {
      id: 'rescue',
      goals: {
        guess2: answered('guess2'),
        latest: now(both(last.is('deployed'), not(bad))),
        healthy: held(both(works, last.is('deployed')), 2000),
      },
      hints: {
        undo: now(both(not(bad), web.exists(), last.is('failed'))),
        again: now(both(bad, last.is('deployed'))),
        gone: now(history.map((all) => all.length === 0)),
      },
      chain: {
        noted: { who: 'learner', verb: 'create', object: 'secrets/sh.helm.release.v1.shop.*' },
        sent: { who: 'learner', verb: 'patch', object: 'deployments/shop-web' },
      },
      solution: [guess2, 'helm history shop', 'helm rollback shop 1'],
      second: [guess2, upgrade('--reuse-values --wait', '1.28')],
      wrong: [
        { name: 'undoes it past helm', deeds: [guess2, 'kubectl rollout undo deployment shop-web'], raises: 'undo' },
        { name: 'goes back to the bad one', deeds: [guess2, 'helm rollback shop 2'], raises: 'again' },
        { name: 'takes it away', deeds: [guess2, 'helm uninstall shop'], raises: 'gone' },
      ],
    },
  ],
})
