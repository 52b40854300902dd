/** Every lesson there is: a folder of this zone with a `lesson.md` and a `lesson.ts`; the page finds them by itself. */
import { assert } from '#api/assert.ts'
import type { Lesson, LessonFacts } from './lesson.ts'
import { lessonOrder, type Prose, readProse } from './prose.ts'
import { folderOf, translated, type Words } from './translation.ts'

const words = import.meta.glob<string>('./*/lesson.md', { query: '?raw', import: 'default', eager: true })
const facts = import.meta.glob<LessonFacts>('./*/lesson.ts', { import: 'default' })

export interface Entry {
  prose: Prose
  /** The whole lesson; its code comes when it is asked for. */
  load(): Promise<Lesson>
}

/** In the order of chapters; `spoken` are the words of another language, where there are any. */
export const catalogue = (spoken?: Words): Entry[] =>
  Object.entries(words)
    .map(([file, text]): Entry => {
      const original = readProse(text)
      const other = spoken?.get(folderOf(file))
      const prose = other === undefined ? original : translated(original, other)
      const load = facts[file.replace(/\.md$/, '.ts')]
      assert(load, `${file} has no lesson.ts beside it`)
      return { prose, load: async () => ({ prose, ...(await load()) }) }
    })
    .sort((a, b) => lessonOrder(a.prose, b.prose))
