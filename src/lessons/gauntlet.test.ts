/** What the gauntlet counts, and that the next fault comes however the last one was left. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import facts from './13-gauntlet/lesson.ts'
import { readProse } from './prose.ts'
import { Stage } from './testing/stage.ts'

const words = readFileSync(new URL('./13-gauntlet/lesson.md', import.meta.url), 'utf8')
const gauntlet = { ...facts, prose: readProse(words) }

it('counts changes to what was not broken, and puts them in order before the next fault', async () => {
  const stage = new Stage(gauntlet, 100, '133')
  await stage.begin()
  await stage.until(() => false, 3000)
  expect(stage.run.state().board).toMatchObject({ needless: '0' })
  const [diagnose, mend] = gauntlet.steps[0]?.solution ?? []
  // Looking is free; a patch that changes nothing is none.
  await stage.while(stage.run.perform([diagnose ?? '', 'kubectl get pods', 'kubectl scale deployment shop --replicas=2']))
  expect(stage.run.state().board).toMatchObject({ needless: '0' })
  const torn = ['kubectl delete networkpolicy shop', `kubectl patch service shop -p '{"spec":{"selector":{"app":"shop"}}}'`]
  await stage.while(stage.run.perform(torn))
  expect(stage.run.state().board).toMatchObject({ needless: '1' })
  await stage.while(stage.run.perform([mend ?? '']))
  expect(await stage.until(() => stage.run.state().step === 1, 20_000)).toBe(true)
  await stage.until(() => false, 3000)
  await stage.while(stage.run.perform(['kubectl get networkpolicy -o name']))
  expect(stage.printed).toBe('networkpolicy.networking.k8s.io/shop\n')
  await stage.while(stage.run.perform(gauntlet.steps[1]?.solution ?? []))
  expect(await stage.until(() => stage.run.state().step === 2, 20_000)).toBe(true)
  expect(stage.run.state().board).toMatchObject({ needless: '1' })
}, 60_000)
