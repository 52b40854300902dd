/** Lesson 3.8: an Ingress for two hosts, a path of its own for a part of one, and a certificate at the gate. */
import type { AnyObject } from '#api/meta.ts'
import {
  after,
  allOf,
  answer,
  answered,
  both,
  count,
  either,
  eventually,
  list,
  not,
  now,
  obj,
  traffic,
  Value,
} from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'
import { CERTIFICATE, KEY } from './certificate.ts'

const SITES = ['shop', 'blog', 'api']
const LOOP = `gate=ingress-nginx-controller.ingress-nginx
ask() { curl -sk -m 2 -o /dev/null -H "Host: $2" -w "%{http_code} $1://$2$3\\n" "$1://$gate$3"; }
while true; do
  ask http shop.example /
  ask http shop.example /api/items
  ask http blog.example /
  ask https shop.example /
  sleep 1
done`

const site = (name: string): AnyObject[] =>
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 5678 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: { app: name } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'site', image: 'hashicorp/http-echo:1.0', args: [`-text=this is the ${name}`] }] },
        },
      },
    },
  ] as unknown as AnyObject[]

const customers = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'customers' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'customers' } },
    template: {
      metadata: { labels: { app: 'customers' } },
      spec: { containers: [{ name: 'curl', image: 'curlimages/curl:8.14.1', command: ['sh', '-c', LOOP] }] },
    },
  },
} as unknown as AnyObject

// ——— manifests

interface Path {
  at: string
  to: string
  type?: string
}
const path = ({ at, to, type = 'Prefix' }: Path): string =>
  `          - path: ${at}\n            pathType: ${type}\n            backend: {service: {name: ${to}, port: {number: 80}}}\n`
const rule = (host: string, ...paths: Path[]): string =>
  `    - ${host ? `host: ${host}\n      ` : ''}http:\n        paths:\n${paths.map(path).join('')}`
const ingress = (rules: string[], { cls = 'nginx', tls = '' } = {}): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: front\nspec:\n${cls ? `  ingressClassName: ${cls}\n` : ''}${tls ? `  tls:\n    - hosts: [shop.example]\n      secretName: ${tls}\n` : ''}  rules:\n${rules.join('')}`
const apply = (text: string): Deed[] => [{ write: 'manifest.yaml', text }, 'kubectl apply -f manifest.yaml']

const BLOG = rule('blog.example', { at: '/', to: 'blog' })
const TWO = ingress([rule('shop.example', { at: '/', to: 'shop' }), BLOG])
const SHOP = rule('shop.example', { at: '/', to: 'shop' }, { at: '/api', to: 'api' })
const CREATE = 'kubectl create secret tls shop-tls --cert=shop.crt --key=shop.key'

// ——— what is looked at

interface Spec {
  ingressClassName?: string
  tls?: { hosts?: string[]; secretName?: string }[]
  rules?: { host?: string; http?: { paths: { path: string; pathType: string; backend: Backend }[] } }[]
}
interface Backend {
  service: { name: string; port: { number?: number } }
}
const specOf = (object: AnyObject): Spec => object['spec'] as Spec
const all = list('ingresses')
const rules = all.map((found) => found.flatMap((each) => specOf(each).rules ?? []))
const pathsOf = (host: string) =>
  rules.map((found) => found.filter((each) => each.host === host).flatMap(({ http }) => http?.paths ?? []))
const goesTo = (host: string, site: string) =>
  pathsOf(host).map((found) => found.some((each) => each.path === '/' && each.backend.service.name === site))
const backends = rules.map((found) => found.flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend.service))
const tls = all.map((found) => found.flatMap((each) => specOf(each).tls ?? []))
const secrets = list('secrets').map((found) => found.map(({ metadata }) => metadata.name))
const missingSecret = new Value(['ingresses', 'secrets'], (view) => {
  const known = secrets.read(view)
  return tls.read(view).some(({ secretName = '' }) => !known.includes(secretName))
})
const listed = tls.map((found) => found.some((each) => each.secretName === 'shop-tls' && each.hosts?.includes('shop.example')))
const shopPaths = pathsOf('shop.example')
const hasApi = shopPaths.map((found) => found.some((each) => each.path.startsWith('/api')))
const hasRoot = shopPaths.map((found) => found.some((each) => each.path === '/'))
const secret = obj('secret/shop-tls')
const where = answer('where', ['gate'])

export default lesson({
  start: { objects: [...SITES.flatMap(site), customers], warmUp: 50_000 },
  files: {
    'manifest.yaml': ingress([rule('shop.example', { at: '/', to: 'shop' })]),
    'shop.crt': CERTIFICATE,
    'shop.key': KEY,
  },
  steps: [
    {
      id: 'hosts',
      goals: {
        guess: answered('guess'),
        shop: allOf(traffic('shop').ok().atLeast(1, 10), now(goesTo('shop.example', 'shop'))),
        blog: allOf(traffic('blog').ok().atLeast(1, 10), now(goesTo('blog.example', 'blog'))),
      },
      hints: {
        noclass: now(count('ingresses', { is: (each) => specOf(each).ingressClassName === undefined }).atLeast(1)),
        otherclass: now(
          count('ingresses', { is: (each) => ![undefined, 'nginx'].includes(specOf(each).ingressClassName) }).atLeast(1),
        ),
        swapped: now(either(goesTo('shop.example', 'blog'), goesTo('blog.example', 'shop'))),
        nobody: now(backends.map((found) => found.some(({ name, port }) => !SITES.includes(name) || port.number !== 80))),
        everybody: now(rules.map((found) => found.some(({ host }) => host === undefined))),
      },
      chain: {
        written: { who: 'learner', verb: 'create|patch|apply', object: 'ingresses' },
        noted: { who: 'ingress-nginx', verb: 'patch', object: 'ingresses/@written/status' },
      },
      solution: [{ answer: 'guess', is: 'not_found' }, ...apply(TWO), { wait: 20_000 }],
      second: [
        { answer: 'guess', is: 'first' },
        'kubectl create ingress front --class=nginx --rule="shop.example/*=shop:80" --rule="blog.example/*=blog:80"',
        { wait: 20_000 },
      ],
      wrong: [
        {
          name: 'forgets the class',
          deeds: ['kubectl create ingress front --rule="shop.example/*=shop:80" --rule="blog.example/*=blog:80"'],
          raises: 'noclass',
        },
        {
          name: 'misspells the class',
          deeds: ['kubectl create ingress front --class=ngnix --rule="shop.example/*=shop:80" --rule="blog.example/*=blog:80"'],
          raises: 'otherclass',
        },
        {
          name: 'mixes them up',
          deeds: ['kubectl create ingress front --class=nginx --rule="shop.example/*=blog:80" --rule="blog.example/*=shop:80"'],
          raises: 'swapped',
        },
        {
          name: 'misspells a Service',
          deeds: apply(ingress([rule('shop.example', { at: '/', to: 'shpo' }), BLOG])),
          raises: 'nobody',
        },
        { name: 'leaves the host out', deeds: apply(ingress([rule('', { at: '/', to: 'shop' }), BLOG])), raises: 'everybody' },
      ],
    },
    {
      id: 'path',
      goals: {
        api: traffic('api').ok().atLeast(1, 10),
        rest: after(eventually(hasApi), traffic('shop').ok().atLeast(1, 10)),
      },
      hints: {
        exact: now(shopPaths.map((found) => found.some((each) => each.path.startsWith('/api') && each.pathType === 'Exact'))),
        lost: now(both(hasApi, not(hasRoot))),
      },
      solution: [...apply(ingress([SHOP, BLOG])), { wait: 20_000 }],
      second: ['kubectl create ingress front-api --class=nginx --rule="shop.example/api*=api:80"', { wait: 20_000 }],
      wrong: [
        {
          name: 'takes the path alone',
          deeds: ['kubectl create ingress front-api --class=nginx --rule="shop.example/api=api:80"'],
          raises: 'exact',
        },
        {
          name: 'replaces the front page',
          deeds: apply(ingress([rule('shop.example', { at: '/api', to: 'api' }), BLOG])),
          raises: 'lost',
        },
      ],
    },
    {
      id: 'tls',
      goals: {
        secret: now(secret.path('type').is('kubernetes.io/tls')),
        listed: now(listed),
        moved: after(
          eventually(listed),
          traffic('ingress-nginx/ingress-nginx-controller')
            .where(({ status }) => status === 308)
            .atLeast(0.5, 10),
        ),
        served: after(
          eventually(listed),
          traffic('shop')
            .where(({ hops, status }) => status === 200 && /:443\//.test(hops[0]?.did ?? ''))
            .atLeast(0.5, 5),
        ),
        where,
      },
      hints: {
        nosecret: now(missingSecret),
        nohosts: now(tls.map((found) => found.some((each) => !each.hosts?.length))),
        opaque: now(secret.path('type').is('Opaque')),
        where: where.wrong(),
      },
      solution: [CREATE, ...apply(ingress([SHOP, BLOG], { tls: 'shop-tls' })), { answer: 'where', is: 'gate' }, { wait: 20_000 }],
      second: [
        CREATE,
        `kubectl patch ingress front --type=merge -p '{"spec":{"tls":[{"hosts":["shop.example"],"secretName":"shop-tls"}]}}'`,
        { answer: 'where', is: 'gate' },
        { wait: 20_000 },
      ],
      wrong: [
        {
          name: 'misspells the Secret',
          deeds: [CREATE, ...apply(ingress([SHOP, BLOG], { tls: 'shop-cert' }))],
          raises: 'nosecret',
        },
        {
          name: 'names no host',
          deeds: [CREATE, `kubectl patch ingress front --type=merge -p '{"spec":{"tls":[{"secretName":"shop-tls"}]}}'`],
          raises: 'nohosts',
        },
        {
          name: 'makes a Secret of any kind',
          deeds: ['kubectl create secret generic shop-tls --from-file=shop.crt --from-file=shop.key'],
          raises: 'opaque',
        },
        { name: 'thinks that the pods have the key', deeds: [{ answer: 'where', is: 'pods' }], raises: 'where' },
      ],
    },
  ],
})
