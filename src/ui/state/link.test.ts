import { expect, it } from 'vitest'
import type { Session } from '#api/request.ts'
import { linkTo, openLink } from './link.ts'

const session: Session = {
  version: 1,
  seed: 'ä7',
  epoch: 1,
  nodes: 3,
  scene: 'shop',
  inputs: [{ at: 5, step: 1, fault: { kind: 'node-power', node: 'node-1', on: false } } as any],
  until: 9000,
}

it('comes back as it was, and drops what the session decides', () => {
  const link = linkTo('https://x.test/sub/?seed=4&theme=dark', session)
  expect(link).toMatch(/^https:\/\/x\.test\/sub\/\?theme=dark#r=1\.[A-Za-z0-9_-]+$/)
  expect(openLink(new URL(link).hash)).toEqual({ ok: true, session })
})

it('says what is wrong with a link', () => {
  expect(openLink('#lesson')).toBeNull()
  expect(openLink('#r=7.abc')).toMatchObject({ ok: false, message: expect.stringContaining('version 7') })
  expect(openLink('#r=1.@@@')).toMatchObject({ ok: false, message: expect.stringContaining('damaged') })
  expect(openLink(new URL(linkTo('https://x.test/', { ...session, nodes: -1 })).hash)).toMatchObject({ ok: false })
})
