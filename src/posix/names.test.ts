import { expect, it } from 'vitest'
import { applets } from './applets/index.ts'
import { appletNames, otherNames } from './names.ts'
import { standardPrograms } from './programs.ts'

it('names every program there is, and what of them busybox has', () => {
  expect([...appletNames, ...otherNames].sort()).toEqual(Object.keys(standardPrograms).sort())
  const small = applets.flatMap(({ name, also = [] }) => [name, ...also]).filter((name) => name !== 'exec')
  expect([...appletNames]).toEqual([...small, 'sh', 'ash'])
})
