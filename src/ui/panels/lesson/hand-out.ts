/** Which of a lesson's files have to be put before the way through a step can be shown. */
import type { LessonFacts } from '#lessons/lesson.ts'
import type { FileTexts } from '../editor/files.ts'

export const isInFolder = (file: string): boolean => file.includes('/')

/**
 * The lesson's files that the way through this step names and that the learner has not taken, or has something else in; what is
 * there under such a name goes into another. What the way itself writes is left to it.
 */
export function missingFiles(
  { files = {}, steps }: LessonFacts,
  shown: number,
  known: FileTexts,
): [file: string, text: string][] {
  const way = steps.slice(0, shown + 1).flatMap(({ solution }) => solution)
  // Files in folders go together: who names one of the folders needs them all.
  const folders = Object.keys(files)
    .filter(isInFolder)
    .map((file) => file.slice(0, file.lastIndexOf('/')))
  const writes = new Set(way.map((deed) => (typeof deed === 'object' && 'write' in deed ? deed.write : '')))
  return Object.entries(files).flatMap(([file, text]): [string, string][] => {
    const own = known[file] ?? ''
    const named = steps[shown]?.solution.some(
      (deed) =>
        typeof deed === 'string' && (isInFolder(file) ? folders.some((folder) => deed.includes(folder)) : deed.includes(file)),
    )
    if (!named || writes.has(file) || own === text) return []
    return own.trim()
      ? [
          [file.replace(/[^/]+$/, 'my-$&'), own],
          [file, text],
        ]
      : [[file, text]]
  })
}
