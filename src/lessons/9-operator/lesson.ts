/** Lesson 9.4: an operator in a pod of its own, and what it does when its work is sabotaged. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, audit, both, eventually, held, not, now, obj, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'
import { OPERATOR } from './operator-manifest.ts'

const text = { type: 'string' }
const kind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'websites.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'websites', singular: 'website', kind: 'Website' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Image', type: 'string', jsonPath: '.spec.image' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', required: ['image'], properties: { image: text } },
              status: { type: 'object', properties: { phase: text } },
            },
          },
        },
      },
    ],
  },
} as unknown as AnyObject

const website = (image: string): string => `apiVersion: example.com/v1
kind: Website
metadata:
  name: shop
spec:
  image: ${image}
`
const NAME = 'website-operator'
const site = obj('website/shop')
const shop = obj('deployment/shop')
const operator = obj(`deployment/${NAME}`)
const image = shop.path('spec.template.spec.containers.0.image')
const runs = both(shop.path('status.readyReplicas').is(2), shop.path('metadata.ownerReferences.0.kind').is('Website'))
const works = operator.path('status.readyReplicas').atLeast(1)
const built = audit(NAME, 'create', 'deployments/shop')
const deleted = audit('learner', 'delete', 'deployments/shop')

const apply = (file: string): string => `kubectl apply -f ${file}`
const change = (tag: string): string => `kubectl patch website shop --type=merge -p '{"spec":{"image":"nginx:${tag}"}}'`
const guess: Deed = { answer: 'guess', is: 'nothing' }
const guess2: Deed = { answer: 'guess2', is: 'reverted' }

export default lesson({
  start: { objects: [kind], warmUp: 5000 },
  files: { 'manifest.yaml': website('nginx:1.27'), 'operator.yaml': OPERATOR },
  steps: [
    {
      id: 'install',
      goals: {
        guess: answered('guess'),
        stored: now(site.exists()),
        made: after(built, eventually(runs)),
        status: now(site.path('status.phase').is('Ready')),
      },
      hints: {
        alone: held(both(site.exists(), not(operator.exists())), 10_000),
        byhand: audit('learner', 'create|patch|apply', 'deployments/shop'),
        rights: refused(NAME, 'get|list|create|patch', 'websites', { code: 403 }),
      },
      chain: {
        asked: { who: 'learner', verb: 'create|patch|apply', object: 'websites/shop' },
        built: { who: NAME, verb: 'create', object: 'deployments/shop' },
        told: { who: NAME, verb: 'patch', object: 'websites/shop/status' },
      },
      solution: [guess, apply('manifest.yaml'), apply('operator.yaml'), { wait: 20_000 }],
      second: [{ answer: 'guess', is: 'pods' }, apply('operator.yaml'), { wait: 8000 }, apply('manifest.yaml')],
      wrong: [
        { name: 'forgets the operator', deeds: [guess, apply('manifest.yaml')], raises: 'alone' },
        {
          name: 'makes the Deployment by hand',
          deeds: [guess, apply('manifest.yaml'), 'kubectl create deployment shop --image=nginx:1.27'],
          raises: 'byhand',
        },
        {
          name: 'takes away its rights',
          deeds: [guess, apply('operator.yaml'), 'kubectl delete rolebinding website-operator', apply('manifest.yaml')],
          raises: 'rights',
        },
      ],
    },
    {
      id: 'sabotage',
      goals: {
        guess2: answered('guess2'),
        again: after(deleted, after(built, eventually(runs))),
        newer: held(both(runs, image.is('nginx:1.28')), 12_000),
      },
      hints: {
        reverted: audit('learner', 'patch|update|apply', 'deployments/shop'),
        asleep: held(both(operator.exists(), not(works)), 3000),
        gone: now(not(site.exists())),
      },
      chain: {
        deleted: { who: 'learner', verb: 'delete', object: 'deployments/shop' },
        remade: { who: NAME, verb: 'create', object: 'deployments/shop' },
      },
      solution: [guess2, 'kubectl delete deployment shop', { wait: 12_000 }, change('1.28'), { wait: 15_000 }],
      second: [guess2, change('1.28'), 'kubectl delete deployment shop --wait=false', { wait: 25_000 }],
      wrong: [
        {
          name: 'changes the Deployment',
          deeds: [guess2, 'kubectl delete deployment shop', { wait: 12_000 }, 'kubectl set image deployment/shop web=nginx:1.28'],
          raises: 'reverted',
        },
        {
          name: 'sends the operator to sleep',
          deeds: [guess2, 'kubectl scale deployment website-operator --replicas=0', 'kubectl delete deployment shop'],
          raises: 'asleep',
        },
        { name: 'deletes the Website', deeds: [guess2, 'kubectl delete website shop'], raises: 'gone' },
      ],
    },
  ],
})
