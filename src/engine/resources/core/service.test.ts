import { beforeEach, describe, expect, it } from 'vitest'
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Server } from '../../apiserver/api-server.ts'
import { World } from '../../sim/world.ts'
import { allResources, schemas } from '../index.ts'

const PATH = '/api/v1/namespaces/shop/services'
const user = { name: 'root', groups: ['system:masters'] }

let server: Server
const send = (method: string, path: string, body?: unknown, type = 'application/json') =>
  server.request({ method, path, user, headers: { 'content-type': type }, ...(body ? { body } : {}) })
const create = (name: string, spec: object, query = '') => {
  const body = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } }
  return send('POST', PATH + query, body)
}
const made = (name: string, spec: object = {}): Service['spec'] => {
  const answer = create(name, spec)
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return (answer.body as Service).spec
}
const patch = (name: string, spec: object) => send('PATCH', `${PATH}/${name}`, { spec }, 'application/merge-patch+json')
const said = (answer: { body: unknown }) => (answer.body as { message?: string }).message ?? ''

beforeEach(() => {
  server = new Server(new World({ seed: '1', epoch: Date.UTC(2026, 0, 1) }), allResources(), schemas())
  send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
})

describe('Services', () => {
  it('get an address of their own above the reserved part of the range', () => {
    const ips = Array.from({ length: 50 }, (_, i) => made(`s${i}`).clusterIP as string)
    expect(new Set(ips).size).toBe(50)
    for (const ip of ips) expect(ip).toMatch(/^10\.96\.(?!0\.)\d+\.\d+$/)
  })
  it('are refused an address that is taken, until it is free again', () => {
    made('a', { clusterIP: '10.96.7.7' })
    expect(said(create('b', { clusterIP: '10.96.7.7' }))).toContain(
      'failed to allocate IP 10.96.7.7: provided IP is already allocated',
    )
    send('DELETE', `${PATH}/a`)
    expect(made('b', { clusterIP: '10.96.7.7' }).clusterIP).toBe('10.96.7.7')
  })
  it('hold nothing after a refusal or a dry run', () => {
    expect(create('a', { clusterIP: '10.96.7.7', sessionAffinity: 'Sticky' }).status).toBe(422)
    expect(create('a', { clusterIP: '10.96.7.7' }, '?dryRun=All').status).toBe(201)
    expect(made('a', { clusterIP: '10.96.7.7' }).clusterIP).toBe('10.96.7.7')
  })
  it('are shown the node ports above 32768 in a dry run, or those above the ones that were asked for', () => {
    const shown = (spec: object) => {
      const { ports = [], healthCheckNodePort } = (create('a', spec, '?dryRun=All').body as Service).spec
      return [...ports.map(({ nodePort }) => nodePort), healthCheckNodePort]
    }
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ]
    expect(shown({ type: 'NodePort', ports })).toEqual([32769, 32770, undefined])
    expect(shown({ type: 'NodePort', ports: [{ ...ports[0], nodePort: 30100 }, ports[1]] })).toEqual([30100, 30101, undefined])
    expect(shown({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' })).toEqual([32769, 32770])
    expect(shown({ type: 'NodePort' })).toEqual([32769, undefined])
  })
  it('share a node port between protocols of one port', () => {
    const { ports = [] } = made('a', {
      type: 'NodePort',
      ports: [
        { name: 'u', port: 53, protocol: 'UDP' },
        { name: 't', port: 53 },
      ],
    })
    expect(ports[0]?.nodePort).toBe(ports[1]?.nodePort)
    expect(ports[0]?.nodePort).toBeGreaterThanOrEqual(30086)
  })
  it('keep their node ports when a client leaves them out, and give them back with the type', () => {
    const before = made('a', { type: 'NodePort' }).ports?.[0]?.nodePort
    const put = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { type: 'NodePort', ports: [{ port: 80 }, { name: 'x', port: 81 }] },
    }
    const named = { ...put, spec: { ...put.spec, ports: [{ name: '', port: 80 }] } }
    expect((send('PUT', `${PATH}/a`, named).body as Service).spec.ports?.[0]?.nodePort).toBe(before)
    expect((patch('a', { type: 'ClusterIP' }).body as Service).spec.ports?.[0]?.nodePort).toBeUndefined()
    expect(made('b', { type: 'NodePort', ports: [{ port: 80, nodePort: before }] }).ports?.[0]?.nodePort).toBe(before)
  })
  it('lose their address when they become a name, and get one when they become an address', () => {
    made('a')
    const named = (patch('a', { type: 'ExternalName', externalName: 'example.com' }).body as Service).spec
    expect([named.clusterIP, named.ipFamilies]).toEqual([undefined, undefined])
    const back = (patch('a', { type: 'ClusterIP', externalName: null }).body as Service).spec
    expect([back.clusterIP?.startsWith('10.96.'), back.ipFamilyPolicy]).toEqual([true, 'SingleStack'])
  })
  it('may not change their address', () => {
    made('a')
    expect(said(patch('a', { clusterIP: '10.96.9.9' }))).toContain(
      'spec.clusterIPs[0]: Invalid value: ["10.96.9.9"]: may not change once set',
    )
  })
  it('are allocated alike after a load', () => {
    made('a')
    const saved = JSON.stringify([server.save(), server.world.save()])
    made('taken', { clusterIP: '10.96.7.7' })
    const [state, world] = JSON.parse(saved)
    server.load(state)
    server.world.load(world)
    expect(made('b', { clusterIP: '10.96.7.7' }).clusterIP).toBe('10.96.7.7')
    expect(create('c', { clusterIP: (server.read('services', 'shop', 'a') as AnyObject)['spec'].clusterIP }).status).toBe(422)
  })
})
