/** Commands that a lesson does without: what is refused, by the first word after kubectl's own flags. */

/** Stands for the clock's controls: it goes as the wall's does. */
export const CLOCK = 'clock'

const VALUED = /^(?:-n|--namespace|--context|--kubeconfig|--user|-s|--server|--as)$/

/** The command of a line for kubectl, as `scale`; of another program its name. */
export function commandIn(words: readonly string[]): string {
  const [program = '', ...rest] = words
  if (program !== 'kubectl') return program
  for (let i = 0; i < rest.length; i += 1) {
    const word = rest[i] ?? ''
    if (!word.startsWith('-')) return word
    if (VALUED.test(word)) i += 1
  }
  return ''
}

export const isWithout = (without: readonly string[], words: readonly string[]): boolean => without.includes(commandIn(words))
