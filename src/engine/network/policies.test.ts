import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const NAMES = ['a', 'b', 'c']
const SPACES = ['x', 'y']

/** Pods a, b, c in namespaces x and y, each with a web server on port 80. */
function board(addons: string[] = ['policy']): TestCluster {
  const t = new TestCluster({ addons })
  for (const space of SPACES) {
    t.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: space, labels: { ns: space } } })
    t.run(1)
    for (const name of NAMES) {
      const made = pod(name, 'nginx:1.27', {
        containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 80 }] }],
      })
      t.create({ ...made, metadata: { name, namespace: space, labels: { pod: name } } })
    }
  }
  return t.run(20)
}

const ALL = SPACES.flatMap((space) => NAMES.map((name) => `${space}/${name}`))

function sender(t: TestCluster, id: string) {
  const [namespace = '', name = ''] = id.split('/')
  const at = t.get('pods', name, namespace) as AnyObject
  return { node: at['spec'].nodeName, podUid: at.metadata.uid ?? '', ip: at['status'].podIP, namespace }
}

function reaches(t: TestCluster, from: string, to: string, port = 80): string {
  const request = { method: 'GET', path: '/' }
  const outcome = t.cluster.machines.network.fetch(sender(t, from), sender(t, to).ip, port, request)
  return outcome.ok ? 'yes' : outcome.why
}

/** Who reaches `to`, of all others. */
const welcome = (t: TestCluster, to: string): string[] => ALL.filter((from) => reaches(t, from, to) === 'yes')

const policy = (spec: Record<string, unknown>, namespace = 'x', name = 'rule'): AnyObject =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec }) as AnyObject

const a = { matchLabels: { pod: 'a' } }

describe('policies', () => {
  it('have no effect where the network plugin enforces none', () => {
    const t = board([])
    t.create(policy({ podSelector: {}, policyTypes: ['Ingress'] }))
    expect(welcome(t.run(2), 'x/a')).toEqual(ALL)
  })

  it('deny everything by default to those they select, and to themselves nothing', () => {
    const t = board()
    t.create(policy({ podSelector: {}, policyTypes: ['Ingress'] }))
    t.run(2)
    expect(welcome(t, 'x/a')).toEqual(['x/a'])
    expect(welcome(t, 'y/a')).toEqual(ALL)
    expect(reaches(t, 'y/b', 'x/a')).toBe('timeout')
    expect(t.cluster.flights(0).at(-1)?.hops.at(-1)?.why).toBe('no rule lets this in to pod a (NetworkPolicy rule selects it)')
  })

  it('let in pods of the namespace, pods of namespaces, and pods of both', () => {
    const t = board()
    const into = (from: unknown[]) => policy({ podSelector: a, ingress: [{ from }] })
    t.create(into([{ podSelector: { matchLabels: { pod: 'b' } } }]))
    expect(welcome(t.run(2), 'x/a')).toEqual(['x/a', 'x/b'])
    const change = (from: unknown[]) => {
      t.request('PUT', '/apis/networking.k8s.io/v1/namespaces/x/networkpolicies/rule', into(from))
      return welcome(t.run(2), 'x/a')
    }
    expect(change([{ namespaceSelector: { matchLabels: { ns: 'y' } } }])).toEqual(['x/a', 'y/a', 'y/b', 'y/c'])
    const both = { namespaceSelector: { matchLabels: { ns: 'y' } }, podSelector: { matchLabels: { pod: 'c' } } }
    expect(change([both])).toEqual(['x/a', 'y/c'])
    expect(change([{ podSelector: { matchLabels: { pod: 'b' } } }, both])).toEqual(['x/a', 'x/b', 'y/c'])
    const { ip } = sender(t, 'y/b')
    expect(change([{ ipBlock: { cidr: '10.244.0.0/16', except: [`${ip}/32`] } }])).toEqual(ALL.filter((id) => id !== 'y/b'))
    expect(change([{ namespaceSelector: {} }])).toEqual(ALL)
  })

  it('know ports by number, by name and as ranges, and their protocol', () => {
    const t = board()
    const put = (ports: unknown[]) => {
      t.request('DELETE', '/apis/networking.k8s.io/v1/namespaces/x/networkpolicies/rule')
      t.create(policy({ podSelector: a, ingress: [{ ports }] }))
      return reaches(t.run(2), 'y/a', 'x/a')
    }
    expect(put([{ port: 80 }])).toBe('yes')
    expect(put([{ port: 81 }])).toBe('timeout')
    expect(put([{ port: 'http' }])).toBe('yes')
    expect(put([{ port: 'other' }])).toBe('timeout')
    expect(put([{ port: 79, endPort: 90 }])).toBe('yes')
    expect(put([{ port: 81, endPort: 90 }])).toBe('timeout')
    expect(put([{ port: 80, protocol: 'UDP' }])).toBe('timeout')
  })

  it('keep pods from sending, and add up', () => {
    const t = board()
    t.create(policy({ podSelector: a, policyTypes: ['Egress'] }))
    t.run(2)
    const sent = () => ALL.filter((to) => reaches(t, 'x/a', to) === 'yes')
    expect(sent()).toEqual(['x/a'])
    expect(welcome(t, 'x/a')).toEqual(ALL)
    t.create(
      policy(
        { podSelector: a, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: { matchLabels: { pod: 'b' } } }] }] },
        'x',
        'more',
      ),
    )
    t.run(2)
    expect(sent()).toEqual(['x/a', 'x/b'])
    t.request('DELETE', '/apis/networking.k8s.io/v1/namespaces/x/networkpolicies/rule')
    t.request('DELETE', '/apis/networking.k8s.io/v1/namespaces/x/networkpolicies/more')
    t.run(2)
    expect(sent()).toEqual(ALL)
  })

  it('keep names from being resolved when nothing may be sent', () => {
    const t = new TestCluster({ addons: ['dns', 'policy'] })
    t.create(pod('asker'))
    t.create(policy({ podSelector: {}, policyTypes: ['Egress'] }, 'default'))
    t.run(30)
    const asked = () => t.cluster.machines.network.lookUp(sender(t, 'default/asker'), 'kubernetes', 'A').rcode
    expect(asked()).toBe('TIMEOUT')
    const dns = { egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }], podSelector: {}, policyTypes: ['Egress'] }
    t.create(policy(dns, 'default', 'dns'))
    t.run(2)
    expect(asked()).toBe('NOERROR')
  })
})
