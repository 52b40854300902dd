/** The official JavaScript client: objects, four kinds of patch, watches, an informer. */
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  Watch,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bridge, startBridge } from './bridge.ts'

const namespace = 'default'
let bridge: Bridge
let config: KubeConfig
let core: CoreV1Api

const map = (name: string, data: Record<string, string>): V1ConfigMap => ({ metadata: { name }, data })

describe('@kubernetes/client-node', () => {
  beforeAll(async () => {
    bridge = await startBridge()
    config = new KubeConfig()
    config.loadFromFile(bridge.kubeconfig)
    core = config.makeApiClient(CoreV1Api)
  })
  afterAll(async () => {
    expect(await bridge.stop()).toBe(0)
  })

  it('creates, reads, lists, replaces and deletes', async () => {
    await core.createNamespacedConfigMap({ namespace, body: map('plain', { color: 'blue' }) })
    const read = await core.readNamespacedConfigMap({ name: 'plain', namespace })
    expect(read.data).toEqual({ color: 'blue' })
    await core.replaceNamespacedConfigMap({ name: 'plain', namespace, body: { ...read, data: { color: 'red' } } })
    const names = (await core.listNamespacedConfigMap({ namespace })).items.map((item) => item.metadata?.name)
    expect(names).toEqual(['kube-root-ca.crt', 'plain'])
    await core.deleteNamespacedConfigMap({ name: 'plain', namespace })
    await expect(core.readNamespacedConfigMap({ name: 'plain', namespace })).rejects.toMatchObject({ code: 404 })
  })

  it('patches in four ways', async () => {
    await core.createNamespacedConfigMap({ namespace, body: map('patched', { a: '1' }) })
    const patch = (strategy: PatchStrategy, body: object, more: object = {}) =>
      core.patchNamespacedConfigMap({ name: 'patched', namespace, body, ...more }, setHeaderOptions('Content-Type', strategy))
    await patch(PatchStrategy.JsonPatch, [{ op: 'add', path: '/data/b', value: '2' }])
    await patch(PatchStrategy.MergePatch, { data: { a: null, c: '3' } })
    await patch(PatchStrategy.StrategicMergePatch, { data: { d: '4' } })
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { e: '5' } }
    const { data } = await patch(PatchStrategy.ServerSideApply, applied, { fieldManager: 'test' })
    expect(data).toEqual({ b: '2', c: '3', d: '4', e: '5' })
  })

  it('hears of changes by a watch and by an informer', async () => {
    const heard: string[] = []
    const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () =>
      core.listNamespacedConfigMap({ namespace }),
    )
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, (object) => void heard.push(`${verb} ${object.metadata?.name}`))
    await informer.start()
    const events: string[] = []
    const watch = await new Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      {},
      (type, object) => void events.push(`${type} ${object.metadata.name}`),
      () => {},
    )
    await core.createNamespacedConfigMap({ namespace, body: map('seen', {}) })
    await core.patchNamespacedConfigMap(
      { name: 'seen', namespace, body: { data: { a: '1' } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
    await core.deleteNamespacedConfigMap({ name: 'seen', namespace })
    await expect.poll(() => heard).toEqual(expect.arrayContaining(['add seen', 'update seen', 'delete seen']))
    await expect.poll(() => events).toEqual(expect.arrayContaining(['ADDED seen', 'MODIFIED seen', 'DELETED seen']))
    watch.abort()
    await informer.stop()
  })

  it('works with objects of any kind', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config)
    const labels = { app: 'any' }
    const spec = {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
    }
    await objects.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'any', namespace }, spec } as never)
    const apps = config.makeApiClient(AppsV1Api)
    const ready = async () => (await apps.readNamespacedDeployment({ name: 'any', namespace })).status?.readyReplicas
    await expect.poll(ready, { timeout: 30_000, interval: 300 }).toBe(1)
    await objects.delete({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'any', namespace } })
  })
})
