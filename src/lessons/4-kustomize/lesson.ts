/** Lesson 4.5: a base and two overlays, put together by Kustomize. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, either, held, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const deployment = ({ replicas = 1, tag = '1.27', probe = false } = {}): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: nginx:${tag}
${probe ? '          readinessProbe: {httpGet: {path: /, port: 80}}\n' : ''}`
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
`
const overlay = (namespace: string, more = ''): string => `namespace: ${namespace}
resources:
  - ../../base
${more}`

interface Container {
  image: string
  readinessProbe?: object
}
/** A Deployment as the checks see it. */
function place(namespace: string) {
  const web = obj(`deployment/${namespace}/web`)
  const container = web.path('spec.template.spec.containers.0').map((value: Container | undefined) => value)
  const replicas = web.path('spec.replicas')
  const image = container.map((value) => value?.image)
  return {
    web,
    replicas,
    image,
    probe: container.map((value) => value?.readinessProbe !== undefined),
    isOut: both(
      web.exists(),
      web.map((object) => {
        const { replicas: wanted, status = {} } = { ...object?.['spec'], status: object?.['status'] }
        return status?.updatedReplicas === wanted && status?.replicas === wanted && status?.availableReplicas === wanted
      }),
    ),
    /** What was applied last is not what there is: somebody has changed it in the cluster. */
    byHand: web.map((object) => {
      const applied = object?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
      if (!object || !applied) return false
      const { spec } = JSON.parse(applied) as AnyObject
      const own = object['spec']
      return spec.replicas !== own.replicas || spec.template.spec.containers[0].image !== own.template.spec.containers[0].image
    }),
  }
}
const [dev, prod, bare] = [place('dev'), place('prod'), place('default')]
const devIsPlain = both(dev.replicas.is(1), dev.image.is('nginx:1.27'))
const prodDiffers = both(prod.replicas.is(2), prod.image.is('nginx:1.28'))

const PROD = 'overlays/prod/kustomization.yaml'
const BASE = 'base/deployment.yaml'
const COUNT = 'replicas: [{name: web, count: 2}]\n'
const TAG = 'images: [{name: nginx, newTag: "1.28"}]\n'
const PATCH = `patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 2
        template:
          spec:
            containers:
              - name: web
                image: nginx:1.28
`
const write = (file: string, text: string): Deed => ({ write: file, text })
const [toDev, toProd] = ['kubectl apply -k overlays/dev', 'kubectl apply -k overlays/prod']

export default lesson({
  start: {
    objects: ['dev', 'prod'].map((name): AnyObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    warmUp: 5000,
  },
  files: {
    'base/kustomization.yaml': 'resources:\n  - deployment.yaml\n  - service.yaml\n',
    [BASE]: deployment(),
    'base/service.yaml': SERVICE,
    'overlays/dev/kustomization.yaml': overlay('dev'),
    [PROD]: overlay('prod'),
  },
  steps: [
    {
      id: 'dev',
      goals: { guess: answered('guess'), runs: now(both(devIsPlain, dev.isOut, obj('service/dev/web').exists())) },
      hints: { bare: now(bare.web.exists()), other: now(both(prod.web.exists(), not(dev.web.exists()))) },
      solution: ['kubectl kustomize overlays/dev', { answer: 'guess', is: 'all' }, toDev],
      second: [{ answer: 'guess', is: 'name' }, 'kubectl kustomize overlays/dev | kubectl apply -f -'],
      wrong: [
        { name: 'applies the base', deeds: [{ answer: 'guess', is: 'nothing' }, 'kubectl apply -k base'], raises: 'bare' },
        { name: 'begins with the other one', deeds: [{ answer: 'guess', is: 'all' }, toProd], raises: 'other' },
      ],
    },
    {
      id: 'prod',
      goals: { differs: held(both(prodDiffers, prod.isOut, not(prod.byHand)), 2000), same: now(devIsPlain) },
      hints: {
        half: held(both(prod.web.exists(), not(prodDiffers)), 3000),
        hand: now(either(prod.byHand, dev.byHand)),
        touched: now(both(dev.web.exists(), not(devIsPlain))),
        bare2: now(bare.web.exists()),
      },
      solution: [write(PROD, overlay('prod', COUNT + TAG)), 'kubectl kustomize overlays/prod', toProd],
      second: [write(PROD, overlay('prod', PATCH)), toProd],
      wrong: [
        { name: 'applies it as it is', deeds: [toProd], raises: 'half' },
        { name: 'writes down only one', deeds: [write(PROD, overlay('prod', TAG)), toProd], raises: 'half' },
        {
          name: 'changes it in the cluster',
          deeds: [
            toProd,
            'kubectl scale deployment web -n prod --replicas=2',
            'kubectl set image deployment/web web=nginx:1.28 -n prod',
          ],
          raises: 'hand',
        },
        {
          name: 'writes it into the base',
          deeds: [write(BASE, deployment({ replicas: 2, tag: '1.28' })), toDev, toProd],
          raises: 'touched',
        },
        { name: 'applies the base', deeds: ['kubectl apply -k base'], raises: 'bare2' },
      ],
    },
    {
      id: 'base',
      goals: {
        guess2: answered('guess2'),
        probe: now(both(dev.probe, prod.probe)),
        kept: now(both(devIsPlain, prodDiffers, either(dev.probe, prod.probe))),
        ready: held(both(dev.probe, prod.probe, dev.isOut, prod.isOut), 2000),
      },
      hints: {
        one: held(both(either(dev.probe, prod.probe), not(both(dev.probe, prod.probe))), 4000),
        lost: now(not(both(devIsPlain, prodDiffers))),
      },
      chain: {
        applied: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/web' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
      },
      solution: [{ answer: 'guess2', is: 'nothing' }, write(BASE, deployment({ probe: true })), toDev, toProd],
      second: [{ answer: 'guess2', is: 'follow' }, write(BASE, deployment({ probe: true })), toProd, { wait: 5000 }, toDev],
      wrong: [
        { name: 'applies only one', deeds: [write(BASE, deployment({ probe: true })), toProd], raises: 'one' },
        {
          name: 'brings the differences into the base',
          deeds: [write(BASE, deployment({ probe: true, tag: '1.28' })), toDev, toProd],
          raises: 'lost',
        },
        {
          name: 'loses the differences',
          deeds: [write(BASE, deployment({ probe: true })), write(PROD, overlay('prod')), toDev, toProd],
          raises: 'lost',
        },
      ],
    },
  ],
})
