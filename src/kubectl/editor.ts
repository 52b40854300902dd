/** Which editor opens a file, and what is said when it cannot. */
import { KubectlError } from './error.ts'

export interface Editor {
  words: string[]
  /** Quotes in it are the shell's affair: the last word is a line for a shell. */
  shell: boolean
}

/** KUBE_EDITOR, EDITOR, or vi. */
export function editorOf(env: Record<string, string | undefined>, shell: string): Editor {
  const asked = env['KUBE_EDITOR'] || env['EDITOR'] || 'vi'
  if (!/["'\\]/.test(asked) || !asked.includes(' ')) return { words: asked.split(' '), shell: false }
  return { words: [env['SHELL'] || shell, '-c', asked], shell: true }
}

/** The command that opens a file with it. */
export function opening({ words, shell }: Editor, path: string): string[] {
  return shell ? [...words.slice(0, -1), `${words.at(-1)} ${JSON.stringify(path)}`] : [...words, path]
}

export const editorTrouble = ({ words }: Editor, there: boolean): KubectlError =>
  new KubectlError(`${there ? 'there was a problem with' : 'unable to launch'} the editor ${JSON.stringify(words.join(' '))}`)
