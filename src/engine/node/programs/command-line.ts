/** What a command line means in an image: which words start its own server. */
import type { Image } from '../image.ts'

const base = (word: string): string => word.slice(word.lastIndexOf('/') + 1)

/** The command line of a container (Docker's rule): `command` replaces entrypoint and command of the image, `args` the command. */
export function commandLine(image: Image, command: readonly string[] | undefined, args: readonly string[] | undefined): string[] {
  if (command && command.length > 0) return [...command, ...(args ?? [])]
  const rest = args && args.length > 0 ? args : (image.command ?? [])
  const all = [...(image.entrypoint ?? []), ...rest]
  return handsOver(image, all) ? all.slice(1) : all
}

/** The usual entrypoint's script does its work for the server, and runs anything else as it is. */
const handsOver = ({ command = [], words = [] }: Image, [script = '', first = '']: readonly string[]): boolean =>
  base(script) === 'docker-entrypoint.sh' &&
  first !== '' &&
  !first.startsWith('-') &&
  ![...command, ...words].map(base).includes(base(first))

/** First words that start the image's own server. */
export const serverWords = (image: Image): string[] =>
  [image.entrypoint?.[0], image.command?.[0], ...(image.words ?? [])].filter((word) => word !== undefined)

/** Whether these words start the image's own server. */
export function startsServer(image: Image, argv: readonly string[]): boolean {
  const first = base(argv[0] ?? '')
  return !SHELLS.has(first) && serverWords(image).map(base).includes(first)
}

const SHELLS = new Set(['sh', 'ash', 'bash', 'dash', 'zsh'])

/** Images in which learners run programs of their own: what is not there is taken for a server. */
export const isOpen = (image: Image): boolean => image.name === '' || OPEN.has(image.name)
const OPEN = new Set(['alpine', 'debian', 'fedora', 'netshoot', 'echo-server', 'python'])
