import { expect, it } from 'vitest'
import { readProse, symptomsIn } from './prose.ts'

const TEXT = `---
id: try
title: A try
about: Something.
chapter: 1
order: 2
exam: [Kt, Ad]
minutes: 3
seed: 7
nodes: 3
scene: empty
---

## First {#first}

Some **words**, five in all.

- [ ] Do it. {#done}

### Question {#guess}

What then?

- This {#this}
- That {#that}

### Hint

Try.

### Hint {#bad}

Not so: [Killing](event:Killing).

### Then

Well done.

## Second {#second}

    kubectl get pods

More.
`

it('reads front matter and steps', () => {
  const { meta, steps } = readProse(TEXT)
  expect(meta).toMatchObject({ id: 'try', chapter: 1, exam: ['Kt', 'Ad'], seed: '7' })
  expect(steps.map((s) => s.id)).toEqual(['first', 'second'])
})

it('reads what a step is made of', () => {
  const [step] = readProse(TEXT).steps
  expect(step).toMatchObject({
    text: 'Some **words**, five in all.',
    words: 5,
    reveal: 'Well done.',
    tasks: [{ id: 'done', text: 'Do it.' }],
    questions: [{ id: 'guess', text: 'What then?' }],
  })
  expect(step?.questions[0]?.choices.map((c) => c.id)).toEqual(['this', 'that'])
  expect(step?.hints.map((h) => h.id)).toEqual(['', 'bad'])
})

it('keeps the indent of a command that a step begins with', () => {
  expect(readProse(TEXT).steps[1]?.text).toBe('    kubectl get pods\n\nMore.')
})

it('finds the symptoms that prose names', () => {
  expect(symptomsIn(TEXT)).toEqual(['Killing'])
})

it('refuses what it does not know', () => {
  expect(() => readProse(TEXT.replace('### Then', '### Whatever'))).toThrow('Whatever')
  expect(() => readProse(TEXT.replace('minutes: 3\n', ''))).toThrow('minutes')
})
