import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'

it('has the same keys in every catalogue, each once, each with a text', () => {
  expect(Object.keys(de).sort()).toEqual([...en].sort())
  expect(new Set(en).size).toBe(en.length)
  expect(Object.values(de).filter((text) => text.trim() === '')).toEqual([])
})

it('keeps the values that a text names', () => {
  const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([v]) => v).sort()
  const wrong = Object.entries(de).filter(([key, text]) => values(key).join() !== values(text).join())
  expect(wrong).toEqual([])
})

it('lists every word that the code says, and no other', () => {
  const ui = new URL('../', import.meta.url)
  const said = new Set<string>()
  for (const file of readdirSync(ui, { recursive: true }) as string[]) {
    if (!/\.tsx?$/.test(file) || file.startsWith('words/')) continue
    const text = readFileSync(new URL(file, ui), 'utf8')
    for (const [, word] of text.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)) said.add(word as string)
  }
  expect([...said].sort()).toEqual([...en].sort())
})
