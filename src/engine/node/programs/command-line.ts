/** What a command line means in an image: its own server, a script, or nothing that exists. */
import type { Image } from '../image.ts'
import { isApplet } from './applets.ts'

const base = (word: string): string => word.slice(word.lastIndexOf('/') + 1)

/** The command line of a container (Docker's rule): `command` replaces entrypoint and command of the image, `args` the command. */
export function commandLine(image: Image, command: readonly string[] | undefined, args: readonly string[] | undefined): string[] {
  if (command && command.length > 0) return [...command, ...(args ?? [])]
  const rest = args && args.length > 0 ? args : (image.command ?? [])
  return [...(image.entrypoint ?? []), ...rest]
}

/** Whether these words start the image's own server. */
export function startsServer(image: Image, argv: readonly string[]): boolean {
  const own = [image.entrypoint?.[0], image.command?.[0], ...(image.words ?? [])].filter((word) => word !== undefined).map(base)
  const first = base(argv[0] ?? '')
  return own.includes(first) && !SHELLS.has(first)
}

const SHELLS = new Set(['sh', 'ash', 'bash', 'dash', 'zsh'])

/** The program for a command line; null: there is no such executable in the image. `exec`: it runs beside process 1. */
export function programFor(image: Image, argv: readonly string[], exec = false): string | null {
  const first = base(argv[0] ?? '')
  if (image.commands && Object.hasOwn(image.commands, first) && (exec || !startsServer(image, argv))) return 'script'
  if (startsServer(image, argv)) return 'server'
  const hasShell = image.shell !== false
  if (SHELLS.has(first)) return hasShell ? shellProgram(image, argv) : null
  if (hasShell && isApplet(first)) return 'script'
  // An image that is known holds what it holds; in another there may be anything.
  return image.name === '' || OPEN.has(image.name) ? 'server' : null
}

/** Images in which learners run programs of their own. */
const OPEN = new Set(['alpine', 'echo-server', 'python'])

/** `sh -c "exec nginx …"` and the like start the image's server after all. */
function shellProgram(image: Image, argv: readonly string[]): string {
  const text = argv[1] === '-c' ? (argv[2] ?? '').trim() : ''
  const words = text.replace(/^exec\s+/, '').split(/\s+/)
  const simple = text !== '' && !/[;&|\n]/.test(text.replace(/["'][^"']*["']/g, ''))
  return simple && startsServer(image, words) ? 'server' : 'script'
}
