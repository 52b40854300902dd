import { expect, it } from 'vitest'
import { createProgress, type Progress } from './progress.ts'

function fresh(): Progress {
  const texts = new Map<string, string>()
  return createProgress({ get: (key) => texts.get(key) ?? null, set: (key, value) => void texts.set(key, value) })
}

it('goes from one browser to another as a file', () => {
  const [here, there] = [fresh(), fresh()]
  here.finish('job')
  here.guess('job', 'guess', { given: 'a', right: 'b' })
  there.finish('dns')
  expect(there.imported(here.exported())).toEqual({})
  expect([...there.done()]).toEqual(['dns', 'job'])
  expect(there.guesses()).toEqual({ 'job/guess': { given: 'a', right: 'b' } })
})

it('keeps the first guess', () => {
  const progress = fresh()
  progress.guess('job', 'guess', { given: 'a', right: 'b' })
  progress.guess('job', 'guess', { given: 'b', right: 'b' })
  expect(progress.guesses()['job/guess']?.given).toBe('a')
})

it('says what is wrong with a file, and takes nothing from it', () => {
  const progress = fresh()
  expect(progress.imported('<html>').error).toMatch('not JSON')
  expect(progress.imported('{"a":1}').error).toMatch('no record')
  expect(progress.imported('{"kind":"tabernetes-progress","version":2}').error).toMatch('version 2')
  expect(progress.imported('{"kind":"tabernetes-progress","version":1,"done":[1]}').error).toMatch('damaged')
  expect([...progress.done()]).toEqual([])
})
