/** etcdctl's help texts, laid out as its templates do. */
import type { Host } from '../../programs/program.ts'
import { COMMANDS, type CommandText, type Flag, GLOBAL } from './commands.data.ts'

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')

const TAB = 8
/** Go's tabwriter, which fills with tabs: a column is as wide as its widest cell and one more. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(([left, right]) => [`  ${left}`, right] as const)
  const width = Math.ceil((Math.max(...cells.map(([left]) => left.length)) + 1) / TAB) * TAB
  return cells.map(([left, right]) => `${left}${'\t'.repeat(Math.ceil((width - left.length) / TAB))}${right}\n`).join('')
}

const HELP = (name: string): Flag => ['help', 'h', '[=false]', `help for ${name}`]

function options(flags: readonly Flag[]): string {
  const rows = [...flags].sort(([a], [b]) => (a < b ? -1 : 1))
  return columns(
    rows.map(([name, letter, otherwise, text]) => [`${letter ? `-${letter}, ` : '    '}--${name}${otherwise}`, text]),
  )
}

const commandsBelow = (path: string): [string, string][] =>
  Object.entries(COMMANDS)
    .filter(([name, { parent }]) => !parent && (path === '' || name.startsWith(`${path} `)))
    .map(([name, { short }]) => [path === '' ? name : name.slice(path.length + 1), short])

const RELEASE = '3.6.7'
const API = '3.6'

function rootHelp(): string {
  const more: [string, string][] = [
    ['completion', 'Generate completion script'],
    ['help', 'Help about any command'],
  ]
  const commands = [...commandsBelow(''), ...more].sort(([a], [b]) => (a < b ? -1 : 1))
  return `NAME:\n  etcdctl - A simple command line client for etcd3.\n\nUSAGE:\n  etcdctl [flags]\n\nVERSION:\n  ${RELEASE}\n\nAPI VERSION:\n  ${API}\n\nCOMMANDS:\n${columns(commands)}\nOPTIONS:\n${options([...GLOBAL, HELP('etcdctl')])}\n`
}

/** What the command above hands down. */
export const inherited = (path: string): readonly Flag[] =>
  path.includes(' ') ? (COMMANDS[path.slice(0, path.lastIndexOf(' '))]?.options ?? []) : []

export function helpFor(path: string): string {
  if (path === '') return rootHelp()
  const { short, use, long, examples, parent, options: own } = COMMANDS[path] as CommandText
  const parts = [
    `NAME:\n  ${path} - ${short}\n`,
    `USAGE:\n${indented(use)}`,
    ...(parent ? [`API VERSION:\n  ${API}\n`] : []),
    ...(examples ? [`Examples:\n${indented(examples)}`] : []),
    ...(parent ? [`COMMANDS:\n${columns(commandsBelow(path))}`] : []),
    ...(long ? [`DESCRIPTION:\n${indented(long)}`] : []),
    `OPTIONS:\n${options([...own, HELP(path.split(' ').pop() as string)])}`,
    `GLOBAL OPTIONS:\n${options([...GLOBAL, ...inherited(path)])}`,
  ]
  return `${parts.join('\n')}\n`
}

/** Of the image that the program is in. */
export const versionText = (program: string, { tag }: Host): string =>
  `${program} version: ${/^v?(\d+\.\d+\.\d+)/.exec(tag)?.[1] ?? RELEASE}\nAPI version: ${API}\n`
