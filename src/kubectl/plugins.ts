/** Plugins: programs along the PATH whose names begin with `kubectl-`, found for words that no command has. */
import type { Entry } from './catalogue/index.ts'
import { KubectlError } from './error.ts'
import { findCommand } from './find-command.ts'
import type { Io } from './io.ts'

const PREFIX = 'kubectl-'

/** The folders of the PATH, each once. */
const folders = (io: Io): string[] => [...new Set((io.env?.('PATH') ?? '').split(':'))].filter((folder) => folder.trim() !== '')

/** Paths of all files that may be plugins; folders that cannot be read are told. */
export async function pluginFiles(io: Io, tell: (text: string) => void = () => {}): Promise<string[]> {
  const found: string[] = []
  if (!io.programs) return found
  for (const folder of folders(io)) {
    const names = await io.list(folder)
    if (names === null) {
      tell(
        `Unable to read directory ${JSON.stringify(folder)} from your PATH: open ${folder}: no such file or directory. Skipping...\n`,
      )
      continue
    }
    for (const name of [...names].sort())
      if (name.startsWith(PREFIX) && (await io.programs.kind(`${folder}/${name}`)) !== null) found.push(`${folder}/${name}`)
  }
  return found
}

/** Their first words, for the list of commands. */
export const pluginNames = async (io: Io, root: Entry): Promise<string[]> => {
  const names = (await pluginFiles(io)).map((path) => (path.split('/').pop() as string).split('-')[1] as string)
  return names.map((name) => name.replaceAll('_', '-')).filter((name) => findCommand(root, [name]).entry === root)
}

/** Runs the plugin that the words name, the longest name first; null where there is none. */
export async function runPlugin(io: Io, words: readonly string[], least: number): Promise<number | null> {
  const { programs } = io
  if (!programs) return null
  const flag = words.findIndex((word) => word.startsWith('-'))
  const names = words.slice(0, flag < 0 ? words.length : flag).map((word) => word.replaceAll('-', '_'))
  if (names.length === 0) throw new KubectlError(`Error: flags cannot be placed before plugin name: ${words[0]}`, 1, true)
  for (let length = names.length; length >= least; length--) {
    for (const folder of folders(io)) {
      const path = `${folder}/${PREFIX}${names.slice(0, length).join('-')}`
      if ((await programs.kind(path)) === 'program') return programs.run([path, ...words.slice(length)])
    }
  }
  return null
}
