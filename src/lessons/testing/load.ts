/** Lessons as Node finds them: folders on disk, their code bundled on the fly as the page's bundler would. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import type { Lesson, LessonFacts } from '../lesson.ts'
import { lessonOrder, readProse } from '../prose.ts'

const ENTRY = 'lessons:all'

export async function lessonsOnDisk(root: string): Promise<Lesson[]> {
  const zone = path.join(root, 'src', 'lessons')
  const folders = readdirSync(zone).filter((name) => existsSync(path.join(zone, name, 'lesson.md')))
  const text = folders
    .map((name, i) => `export { default as l${i} } from ${JSON.stringify(path.join(zone, name, 'lesson.ts'))}`)
    .join('\n')
  const plugin = {
    name: 'lessons',
    resolveId: (id: string) => (id === ENTRY ? id : null),
    load: (id: string) => (id === ENTRY ? text : null),
  }
  const file = path.join(root, '.cache', 'run', `lessons-${process.pid}.mjs`)
  mkdirSync(path.dirname(file), { recursive: true })
  const bundle = await rolldown({ input: ENTRY, cwd: root, platform: 'node', plugins: [plugin], logLevel: 'silent' })
  await bundle.write({ file, format: 'esm' })
  const facts = (await import(pathToFileURL(file).href)) as Record<string, LessonFacts>
  rmSync(file)
  return folders
    .map(
      (name, i): Lesson => ({
        prose: readProse(readFileSync(path.join(zone, name, 'lesson.md'), 'utf8')),
        ...(facts[`l${i}`] as LessonFacts),
      }),
    )
    .sort((a, b) => lessonOrder(a.prose, b.prose))
}
