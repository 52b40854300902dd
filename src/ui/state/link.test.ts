import { expect, it } from 'vitest'
import type { Session } from '#api/request.ts'
import { linkTo, openLink, stateLinkTo } from './link.ts'

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

it('holds a state as well, and takes none that is not one', () => {
  const state = { seed: '7', nodes: 2, manifests: 'kind: Pod', view: { lens: 'traffic', files: { 'a.yaml': 'x' } } }
  const link = stateLinkTo('https://x.test/?src=a.yaml', state)
  expect(link).toMatch(/^https:\/\/x\.test\/#s=1\./)
  expect(openLink(new URL(link).hash)).toEqual({ ok: true, state })
  expect(openLink(new URL(stateLinkTo('https://x.test/', { ...state, nodes: 1e9 })).hash)).toMatchObject({ ok: false })
  expect(openLink('#s=2.abc')).toMatchObject({ ok: false, message: expect.stringContaining('version 2') })
  expect(openLink('#s=')).toMatchObject({ ok: false, message: expect.stringContaining('damaged') })
})
