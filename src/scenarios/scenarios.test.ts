/** The living specification: every recorded story that passes is played, in process and in virtual time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderOf } from './folder.ts'
import { play } from './play.ts'

const folder = fileURLToPath(new URL('corpus/', import.meta.url))
const texts = new URL('../generated/descriptions.json', import.meta.url)
const descriptions = existsSync(texts) ? JSON.parse(readFileSync(texts, 'utf8')) : null
const passing = readFileSync(new URL('passing.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))

describe('a recorded story', () => {
  for (const name of passing) {
    it(`${name} comes out as on a real cluster`, async () => {
      expect(await play(name, readFileSync(`${folder}${name}.txt`, 'utf8'), { descriptions, files: folderOf(folder) })).toEqual({
        differences: [],
        troubles: [],
      })
    })
  }

  it('is kept for every name in the list', () => {
    const there = new Set(readdirSync(folder).map((file) => file.replace(/\.txt$/, '')))
    expect(passing.filter((name) => !there.has(name))).toEqual([])
  })
})
