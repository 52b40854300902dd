import { expect, it } from 'vitest'
import { Cluster } from '#engine'
import { obj, shown, tally } from '#lessons/checks.ts'
import { inProcess } from '#transport/in-process.ts'
import { linkTo, openLink } from './link.ts'
import { foundIn } from './score.ts'

const points = shown(obj('configmap/books').path('data.points'))
const deeds = tally<number>({ needs: [], begin: () => 0, take: (n) => n + 1, text: (n) => `${n}` })

it('finds in a cluster what a lesson counted there, and leaves out what only the one who was there could count', async () => {
  const cluster = new Cluster({ nodes: 0 })
  const books = { metadata: { name: 'books' }, data: { points: '75' } }
  cluster.request({ method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: books })
  expect(await foundIn(inProcess(cluster), { board: { points, deeds } })).toEqual({ points: '75' })
  expect(await foundIn(inProcess(Cluster.replay(cluster.session())), { board: { points, deeds } })).toEqual({ points: '75' })
})

it('travels in the link, and the session with it', () => {
  const cluster = new Cluster({ nodes: 0 })
  const score = { lesson: 'black-friday', board: { points: '75' } }
  const opened = openLink(new URL(linkTo('https://example.org/', { ...cluster.session(), score })).hash)
  expect(opened).toMatchObject({ ok: true, session: { score, seed: '1' } })
})
