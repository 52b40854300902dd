import { expect, it } from 'vitest'
import { completeWith, emptyLine, insert, press } from './line.ts'

const typed = (text: string) => insert(emptyLine([]), text)

it('edits in the middle of a line', () => {
  const left = press(press(typed('kubectl gt'), '\x1b[D', []), 'e', [])
  expect(left.text).toBe('kubectl get')
})

it('deletes a word backwards', () => {
  expect(press(typed('kubectl get pods'), '\x17', []).text).toBe('kubectl get ')
  expect(press(typed('kubectl'), '\x17', []).text).toBe('')
})

it('walks the history and comes back to what was typed', () => {
  const history = ['kubectl get pods', 'kubectl get nodes']
  const up = press(press(insert(emptyLine(history), 'half'), '\x1b[A', history), '\x1b[A', history)
  expect(up.text).toBe('kubectl get pods')
  expect(press(press(up, '\x1b[B', history), '\x1b[B', history).text).toBe('half')
})

it('completes as far as it is certain, then lists the choices', () => {
  expect(completeWith(typed('kubectl get po'), ['pods', 'podtemplates']).line.text).toBe('kubectl get pod')
  expect(completeWith(typed('kubectl get pod'), ['pods', 'podtemplates']).choices).toEqual(['pods', 'podtemplates'])
  expect(completeWith(typed('kubectl get dep'), ['deployments']).line.text).toBe('kubectl get deployments ')
})

it('ignores keys that are no text', () => {
  expect(press(typed('a'), '\x1b[15~', []).text).toBe('a')
})
