import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Prose, readProse } from './prose.ts'
import { mistranslations, translated } from './translation.ts'

const zone = new URL('./', import.meta.url)
const read = (folder: string, file: string): string => readFileSync(new URL(`${folder}/${file}`, zone), 'utf8')
const lessons = readdirSync(zone).filter((name) => existsSync(new URL(`${name}/lesson.md`, zone)))

for (const folder of lessons)
  it(`${folder} says the same in German`, () => {
    const original = readProse(read(folder, 'lesson.md'))
    expect(mistranslations(original, translated(original, read(folder, 'lesson.de.md')))).toEqual([])
  })

const ORIGINAL = `---
id: try
title: A try
about: Something.
chapter: 1
order: 2
minutes: 3
seed: 7
nodes: 3
scene: empty
---

## First {#first}

Some words, and \`code\`:

    kubectl get pods

- [ ] Do something now. {#done}

### Hint

Try this again.

### Then

Well done, all of you: [Killing](event:Killing).
`
const GERMAN = `---
title: Ein Versuch
about: Etwas.
---

## Erstens {#first}

Ein paar Worte, und \`code\`:

    kubectl get pods

- [ ] Tun Sie jetzt etwas. {#done}

### Hint

Versuchen Sie es noch einmal.

### Then

Gut gemacht: [Killing](event:Killing).
`
const told = (change: (text: string) => string): string[] => {
  const original: Prose = readProse(ORIGINAL)
  return mistranslations(original, translated(original, change(GERMAN)))
}

it('keeps facts, and takes the words', () => {
  const { meta, steps } = translated(readProse(ORIGINAL), GERMAN)
  expect(meta).toMatchObject({ id: 'try', title: 'Ein Versuch', seed: '7' })
  expect(steps[0]?.title).toBe('Erstens')
  expect(told((text) => text)).toEqual([])
})

it('tells what was lost in translation', () => {
  expect(told((text) => text.replace('get pods', 'get nodes'))).not.toEqual([])
  expect(told((text) => text.replace('`code`', '`Kode`'))).not.toEqual([])
  expect(told((text) => text.replace('{#done}', '{#fertig}'))).not.toEqual([])
  expect(told((text) => text.replace('event:Killing', 'event:Toeten'))).not.toEqual([])
  expect(told((text) => text.replace('Versuchen Sie es noch einmal.', 'Try this again.'))).not.toEqual([])
  expect(told((text) => text.replace(/### Then.*/s, ''))).not.toEqual([])
})
