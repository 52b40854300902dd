/** Lesson 8.2: a binding that grants too much, and a role that grants exactly what is needed. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, audit, both, can, count, either, eventually, held, list, not, now, obj } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const RBAC = 'rbac.authorization.k8s.io'
/** Of the binding that grants too much. */
const NAMES = ['temporary', 'migration-2023', 'quick-fix'] as const

const grant = (name: string, user: string, role: string, namespace?: string): AnyObject =>
  ({
    apiVersion: `${RBAC}/v1`,
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name, ...(namespace ? { namespace } : {}) },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: user }],
  }) as unknown as AnyObject
const secret = (namespace: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key', namespace },
    stringData: { key: 'golden' },
  }) as unknown as AnyObject

const start = (seed: string): Start => ({
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } },
    secret('shop'),
    secret('bank'),
    grant(NAMES[pick(seed, NAMES.length)] ?? NAMES[0], 'ci', 'edit'),
    grant('ci', 'nina', 'view'),
    grant('ci-watchers', 'nina', 'edit', 'shop'),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
      },
    } as unknown as AnyObject,
  ],
  warmUp: 15_000,
})

const ci = (verb: string, resource: string, namespace = 'shop') => can('ci', verb, resource, namespace)
const deployments = 'deployments.apps'
const mayLook = both(ci('get', deployments), ci('list', deployments), ci('watch', deployments))
const may = both(mayLook, ci('patch', deployments))
const secrets = either(ci('get', 'secrets'), ci('list', 'secrets'))
const more = either(ci('delete', deployments), ci('create', deployments), ci('deletecollection', deployments))
const pods = either(ci('create', 'pods'), ci('patch', 'pods'), ci('create', 'pods/exec'))
const everywhere = either(ci('get', deployments, 'bank'), ci('patch', deployments, 'bank'), ci('get', 'secrets', 'bank'))
const further = either(ci('patch', 'configmaps'), ci('create', `rolebindings.${RBAC}`), ci('patch', `roles.${RBAC}`))
const tooMuch = either(secrets, more, pods, everywhere, further)
/** An answer has come at all: she may, at the start and later. */
const told = can('nina', 'get', deployments, 'shop')

const source = answer(
  'source',
  NAMES.flatMap((name) =>
    ['', 'clusterrolebinding/', 'clusterrolebindings/', `clusterrolebinding.${RBAC}/`].map((kind) => kind + name),
  ),
)
const named = (name: string) => list('clusterrolebindings').map((all) => all.some(({ metadata }) => metadata.name === name))
const nina = both(named('ci'), obj('rolebinding/shop/ci-watchers').exists())
const edit = obj('clusterrole/edit')
const roles = either(count('roles', { namespace: 'shop' }).atLeast(1), count('rolebindings', { namespace: 'shop' }).atLeast(2))
const image = obj('deployment/shop/web').path('spec.template.spec.containers.0.image')

const FIND = 'kubectl get clusterrolebindings -o jsonpath=\'{.items[?(@.subjects[0].name=="ci")].metadata.name}\''
const role = (verbs: string, resources = 'deployments'): string =>
  `kubectl create role deployer -n shop --verb=${verbs} --resource=${resources}`
const bound = 'kubectl create rolebinding deployer -n shop --role=deployer --user=ci'
const out = (as = ' --as=ci'): string => `kubectl set image deployment/web web=nginx:1.28 -n shop${as}`
const away: Deed = `kubectl delete clusterrolebinding $(${FIND})`
const ALL = 'get,list,watch,patch'

export default lesson({
  start,
  steps: [
    {
      id: 'much',
      goals: { guess: answered('guess'), source, nothing: held(both(told, not(may), not(tooMuch)), 4000) },
      hints: { source: source.wrong(), role: now(not(edit.exists())), other: eventually(not(nina)) },
      solution: [
        'kubectl auth can-i --list --as=ci -n shop',
        { answer: 'guess', is: 'yes' },
        'kubectl get rolebindings,clusterrolebindings -A -o wide',
        { answer: 'source', from: FIND },
        away,
      ],
      second: [
        { answer: 'guess', is: 'no' },
        { answer: 'source', from: FIND },
        `kubectl patch clusterrolebinding $(${FIND}) --type=json -p '[{"op":"remove","path":"/subjects"}]'`,
      ],
      wrong: [
        {
          name: 'goes by the name',
          deeds: [
            { answer: 'guess', is: 'yes' },
            { answer: 'source', is: 'ci' },
          ],
          raises: 'source',
        },
        { name: 'deletes by the name', deeds: ['kubectl delete clusterrolebinding ci'], raises: 'other' },
        { name: 'deletes the role', deeds: [{ answer: 'guess', is: 'yes' }, 'kubectl delete clusterrole edit'], raises: 'role' },
      ],
    },
    {
      id: 'exact',
      goals: {
        may: now(may),
        only: held(both(may, not(tooMuch)), 3000),
        out: audit('ci', 'patch|update|apply', 'deployments/web'),
      },
      hints: {
        secrets: now(secrets),
        more: now(more),
        pods: now(pods),
        everywhere: now(everywhere),
        less: held(both(ci('get', deployments), not(ci('patch', deployments))), 4000),
        nobody: held(both(roles, not(ci('get', deployments)), not(ci('patch', deployments))), 6000),
        you: now(image.is('nginx:1.28')),
      },
      solution: [role(ALL), bound, out()],
      second: [
        `kubectl create clusterrole deployer --verb=${ALL} --resource=deployments`,
        'kubectl create rolebinding builds -n shop --clusterrole=deployer --user=ci',
        out(),
      ],
      wrong: [
        {
          name: 'takes a ready-made role',
          deeds: ['kubectl create rolebinding deployer -n shop --clusterrole=edit --user=ci', out()],
          raises: 'secrets',
        },
        { name: 'grants all verbs', deeds: [role("'*'"), bound, out()], raises: 'more' },
        { name: 'grants pods, too', deeds: [role(`${ALL},create`, 'deployments,pods'), bound, out()], raises: 'pods' },
        {
          name: 'grants it everywhere',
          deeds: [
            `kubectl create clusterrole deployer --verb=${ALL} --resource=deployments`,
            'kubectl create clusterrolebinding deployer --clusterrole=deployer --user=ci',
            out(),
          ],
          raises: 'everywhere',
        },
        { name: 'forgets to allow changes', deeds: [role('get,list,watch'), bound, out()], raises: 'less' },
        {
          name: 'binds an account of that name',
          deeds: [role(ALL), 'kubectl create rolebinding deployer -n shop --role=deployer --serviceaccount=shop:ci', out()],
          raises: 'nobody',
        },
        { name: 'binds it nowhere', deeds: [role(ALL), out()], raises: 'nobody' },
        { name: 'brings it out itself', deeds: [role(ALL), bound, out('')], raises: 'you' },
      ],
    },
  ],
})
