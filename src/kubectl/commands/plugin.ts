/** `kubectl plugin list`: what the PATH has of plugins, and what keeps some from being one. */
import { catalogue, commandPath } from '../catalogue/index.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { findCommand } from '../find-command.ts'
import { pluginFiles } from '../plugins.ts'

export const plugin = command({
  name: 'plugin',
  subcommands: [command({ name: 'list', run: list })],
})

async function list({ io, flags }: Context): Promise<void> {
  const plugins = await pluginFiles(io, (text) => io.err(text))
  const problems: string[] = []
  if (plugins.length > 0) io.out('The following compatible plugins are available:\n\n')
  else problems.push('error: unable to find any kubectl plugins in your PATH')
  const root = await catalogue()
  const seen = new Map<string, string>()
  let warnings = 0
  const warn = (text: string): void => {
    io.err(`  - warning: ${text}\n`)
    warnings += 1
  }
  for (const path of plugins) {
    const name = path.split('/').pop() as string
    io.out(`${flags.is('name-only') ? name : path}\n`)
    if ((await io.programs?.kind(path)) !== 'program') warn(`${path} identified as a kubectl plugin, but it is not executable`)
    const other = seen.get(name)
    if (other) warn(`${path} is overshadowed by a similarly named plugin: ${other}`)
    else seen.set(name, path)
    const { entry } = findCommand(root, name.split('-').slice(1))
    if (entry !== root) warn(`${name} overwrites existing command: ${JSON.stringify(commandPath(entry))}`)
  }
  if (warnings > 0)
    problems.push(warnings === 1 ? 'error: one plugin warning was found' : `error: ${warnings} plugin warnings were found`)
  if (problems.length > 0) throw new KubectlError(`${problems.join('\n')}\n`)
}
