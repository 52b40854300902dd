import { expect, it } from 'vitest'
import { readProse } from './prose.ts'
import { isWithout } from './without.ts'

const words = (line: string): string[] => line.split(' ')

it('knows a command behind flags', () => {
  expect(isWithout(['scale'], words('kubectl -n shop scale deployment web --replicas=3'))).toBe(true)
  expect(isWithout(['scale'], words('kubectl --namespace=shop scale deployment web'))).toBe(true)
  expect(isWithout(['scale'], words('kubectl -n scale get pods'))).toBe(false)
  expect(isWithout(['helm'], words('helm install shop'))).toBe(true)
  expect(isWithout([], words('kubectl run x'))).toBe(false)
})

it('is said in the front matter', () => {
  const front = 'id: a\ntitle: A\nabout: B\nchapter: 1\norder: 1\nminutes: 1\nseed: 1\nnodes: 1\nscene: empty'
  expect(readProse(`---\n${front}\nwithout: [run, edit]\n---\n`).meta.without).toEqual(['run', 'edit'])
})
