/** Help texts made from the commands' declarations. */
import type { Command, Flag } from './command.ts'

export const mainHelp = (commands: readonly Command[]): string =>
  `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

Commands:
${[...commands].map((c) => `  ${c.name.padEnd(15)} ${c.short}`).join('\n')}

Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
`

export function commandHelp(path: string, command: Command): string {
  const parts = [command.short]
  if (command.subcommands)
    parts.push(`Available Commands:\n${command.subcommands.map((c) => `  ${c.name.padEnd(15)} ${c.short}`).join('\n')}`)
  if (command.flags?.length) parts.push(`Options:\n${command.flags.map(flagHelp).join('\n\n')}`)
  parts.push(`Usage:\n  kubectl ${command.usage || path} [options]`)
  return `${parts.join('\n\n')}\n`
}

export function flagHelp(flag: Flag): string {
  const value =
    flag.type === 'bool'
      ? (flag.default ?? 'false')
      : flag.type === 'int'
        ? (flag.default ?? '0')
        : flag.type === 'strings'
          ? '[]'
          : `'${flag.default ?? ''}'`
  return `    ${flag.short ? `-${flag.short}, ` : ''}--${flag.name}=${value}:\n\t${flag.help}`
}
