import { expect, it } from 'vitest'
import { ADDONS as REAL } from '#engine/addons/index.ts'
import { sceneNamed } from '#engine/scenes/index.ts'
import { ADDONS, addressOf, SCENES, wishFrom, withScene, wrongsOf } from './another.ts'
import { readOptions } from './options.ts'

const plain = wishFrom({})
const query = (wish: Partial<typeof plain>, page = 'https://x.test/sub/'): URLSearchParams =>
  new URL(addressOf(page, { ...plain, ...wish }, '42')).searchParams

it('offers every addon there is, and what each scene really brings', () => {
  expect(ADDONS.map(([name]) => name).sort()).toEqual(REAL.map(({ name }) => name).sort())
  for (const { name, addons } of SCENES) expect([...addons].sort()).toEqual([...sceneNamed(name).addons].sort())
})

it('makes an address from which the page reads the same wish', () => {
  const wish = { ...plain, scene: 'empty', nodes: '5', controlPlanes: '3', addons: ['dns', 'kubeadm'], seed: 'class-a' }
  const options = readOptions(new URL(addressOf('https://x.test/', wish, '42')).search)
  expect(options).toMatchObject({ scene: 'empty', nodes: 5, controlPlanes: 3, addons: 'dns,kubeadm', seed: 'class-a' })
  expect(wishFrom(options)).toEqual({ ...wish, seed: '' })
})

it('says nothing of what the scene brings anyway, and says it when nothing shall come', () => {
  expect([...query({}).keys()]).toEqual(['scene', 'nodes', 'seed'])
  expect(query({ addons: [] }).get('addons')).toBe('none')
  expect(wishFrom({ addons: 'none' }).addons).toEqual([])
  expect(query({}).get('seed')).toBe('42')
})

it('keeps how the page looks, and drops what the cluster before was', () => {
  const page = 'https://x.test/?theme=dark&lang=de&src=a.yaml&lesson=x&addons=dns&focus=deploy/web#r=1.abc'
  const url = new URL(addressOf(page, plain, '42'))
  expect([...url.searchParams.keys()].sort()).toEqual(['lang', 'nodes', 'scene', 'seed', 'theme'])
  expect(url.hash).toBe('')
})

it('refuses what is no number of machines, and seeds that would be cut', () => {
  expect(wrongsOf({ ...plain, nodes: '0', controlPlanes: ' 7 ' })).toEqual({})
  expect(wrongsOf({ ...plain, nodes: '1001' }).nodes).toBe('A whole number from 0 to 1000, please.')
  for (const nodes of ['', '-1', '2.5', '1e3', 'three']) expect(wrongsOf({ ...plain, nodes })).toHaveProperty('nodes')
  for (const controlPlanes of ['0', '8']) expect(wrongsOf({ ...plain, controlPlanes })).toHaveProperty('controlPlanes')
  expect(wrongsOf({ ...plain, seed: 'a b' })).toHaveProperty('seed')
})

it('takes another scene’s addons, unless others were chosen', () => {
  expect(withScene(plain, 'empty').addons).toEqual([])
  expect(withScene({ ...plain, addons: ['dns'] }, 'empty').addons).toEqual(['dns'])
})
