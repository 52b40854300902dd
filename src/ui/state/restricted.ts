/** Commands that the lesson under way does without: typed or clicked, they are refused. */
import { commandIn, isWithout } from '#lessons/without.ts'
import { t } from '../words/index.ts'
import type { Desk } from './desk.ts'

/** `null`: it may be done. */
export function refusalOf({ choices }: Desk, words: readonly string[]): string | null {
  const { without } = choices.getState()
  if (!isWithout(without, words)) return null
  const command = commandIn(words)
  return t('This lesson does without “{command}”.', { command: words[0] === command ? command : `${words[0]} ${command}` })
}
