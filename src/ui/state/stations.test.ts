import { expect, it } from 'vitest'
import type { Flight } from '#api/request.ts'
import { stationsOf } from './stations.ts'

const hop = (at: string, why = '') => ({ at, did: 'x', why })
const flight = (status: number, ...hops: ReturnType<typeof hop>[]): Flight => ({
  seq: 1,
  at: 0,
  from: 'default/a',
  service: 'default/shop',
  pod: '',
  node: '',
  status,
  ms: 1,
  hops,
})

it('knows each place of a way by its hop', () => {
  const way = flight(200, hop('pod default/a'), hop('dns'), hop('proxy on node-1'), hop('link a – b'), hop('pod default/b'))
  expect(stationsOf(way).map(({ place }) => place)).toEqual(['caller', 'dns', 'proxy', 'wire', 'pod'])
  expect(stationsOf(way).some(({ failed }) => failed)).toBe(false)
})

it('says where it came to nothing', () => {
  const way = flight(0, hop('visitor'), hop('proxy on node-1'), hop('pod default/b', 'a NetworkPolicy keeps it out'))
  expect(stationsOf(way).map(({ place, failed }) => [place, failed])).toEqual([
    ['caller', false],
    ['proxy', false],
    ['policy', true],
  ])
})
