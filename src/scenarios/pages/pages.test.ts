/** The commands of kubernetes.io's tutorials and tasks, word for word, come out as their pages say. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pagesIn, walk } from './driver.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  describe(name.replace('.txt', ''), () => {
    for (const page of pagesIn(readFileSync(`${folder}/${name}`, 'utf8')))
      it(page.url, async () => expect(await walk(page)).toEqual([]), 60_000)
  })
}
