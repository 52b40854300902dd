import { describe, expect, it } from 'vitest'
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { disruption } from './index.ts'

const BUDGETS = 'poddisruptionbudgets.policy'

class Budgets {
  readonly api = new FakeApi()
  constructor(spec: PodDisruptionBudget['spec'], replicas: number) {
    this.api.run(disruption)
    this.api.create('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas },
    })
    const metadata = { name: 'web', namespace: 'default' }
    const selector = { matchLabels: { app: 'web' } }
    this.api.create(BUDGETS, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { selector, ...spec } })
    this.api.after(1)
  }
  pod(name: string, ready: boolean, owned = true): this {
    const { uid = '' } = this.api.get('replicasets.apps', 'default', 'web').metadata
    const ownerReferences = owned ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true }] : []
    const status = { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] }
    const metadata = { name, namespace: 'default', labels: { app: 'web' }, ownerReferences }
    this.api.create<Pod>('pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] }, status })
    this.api.after(1)
    return this
  }
  get status() {
    return this.api.get<PodDisruptionBudget>(BUDGETS, 'default', 'web').status
  }
  get reasons(): string[] {
    return this.api.list('events').map((event) => event['reason'])
  }
}

describe('the disruption controller', () => {
  it('counts healthy Pods against a number', () => {
    const budgets = new Budgets({ minAvailable: 2 }, 3)
    expect(budgets.status).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 2, expectedPods: 0 })
    expect(budgets.reasons).toContain('NoPods')
    budgets.pod('a', true).pod('b', true).pod('c', true)
    expect(budgets.status).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 })
    expect(budgets.status?.conditions).toMatchObject([{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }])
  })

  it('takes per cent of what the controllers want, not of what is there', () => {
    const budgets = new Budgets({ maxUnavailable: '30%' }, 10).pod('a', true)
    expect(budgets.status).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 7, expectedPods: 10 })
  })

  it('warns of Pods that nobody controls, when it needs their scale', () => {
    const budgets = new Budgets({ maxUnavailable: 1 }, 1).pod('bare', true, false)
    expect(budgets.reasons).toContain('UnmanagedPods')
    expect(budgets.api.list('events').at(-1)?.['message']).toContain(
      '(selector: &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},})',
    )
  })

  it('keeps a granted eviction in mind for two minutes', () => {
    const budgets = new Budgets({ minAvailable: 1 }, 2).pod('a', true).pod('b', true)
    const old = budgets.api.get<PodDisruptionBudget>(BUDGETS, 'default', 'web')
    const status = {
      ...(old.status as NonNullable<PodDisruptionBudget['status']>),
      disruptedPods: { a: budgets.api.world.timestamp() },
    }
    budgets.api.update<PodDisruptionBudget>(BUDGETS, { ...old, status }, { subresource: 'status' })
    budgets.api.after(1)
    expect(budgets.status).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 1 })
    budgets.api.after(125)
    expect(budgets.status).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 2 })
    expect(budgets.status?.disruptedPods).toBeUndefined()
    expect(budgets.reasons).toContain('NotDeleted')
  })
})
