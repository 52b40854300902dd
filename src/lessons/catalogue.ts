/** Every lesson there is: a folder of this zone with a `lesson.md` and a `lesson.ts`; the page finds them by itself. */
import { assert } from '#api/assert.ts'
import type { Lesson, LessonFacts } from './lesson.ts'
import { lessonOrder, type Meta, type Prose, readProse } from './prose.ts'
import { folderOf, type Spoken, translated } from './translation.ts'

/** The list needs no more; with the words of all it would grow with every lesson. */
const fronts = import.meta.glob<string>('./*/lesson.md', { query: '?front', import: 'default', eager: true })
const words = import.meta.glob<string>('./*/lesson.md', { query: '?raw', import: 'default' })
const facts = import.meta.glob<LessonFacts>('./*/lesson.ts', { import: 'default' })

export interface Entry {
  meta: Meta
  /** Its words; they come when they are asked for. */
  prose(): Promise<Prose>
  /** The whole lesson, likewise. */
  load(): Promise<Lesson>
}

/** In the order of chapters; `spoken` is another language, where there is any. */
export const catalogue = (spoken?: Spoken): Entry[] =>
  Object.entries(fronts)
    .map(([file, front]): Entry => {
      const original = readProse(front)
      const other = spoken?.(folderOf(file))
      const [text, load] = [words[file], facts[file.replace(/\.md$/, '.ts')]]
      assert(text && load, `${file} has no lesson.ts beside it`)
      const prose = async (): Promise<Prose> => {
        const [ours, theirs] = await Promise.all([text(), other?.words()])
        return theirs === undefined ? readProse(ours) : translated(readProse(ours), theirs)
      }
      return {
        meta: other ? translated(original, other.front).meta : original.meta,
        prose,
        load: async () => {
          const [said, whole] = await Promise.all([prose(), load()])
          return { prose: said, ...whole }
        },
      }
    })
    .sort(lessonOrder)
