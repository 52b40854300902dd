/** `kubectl completion`: scripts that let a shell ask `kubectl __complete` while a line is typed. */
import { command, usageError } from '../command.ts'

export const completion = command({
  name: 'completion',
  completes: 'nothing',
  async run({ args, io }) {
    const [shell] = args
    if (shell === undefined) throw usageError('completion', 'Shell not specified.')
    if (args.length > 1) throw usageError('completion', 'Too many arguments. Expected only the shell type.')
    const { SCRIPTS } = await import('../catalogue/completion.data.ts')
    const script = SCRIPTS[shell]
    if (script === undefined) throw usageError('completion', `Unsupported shell type ${JSON.stringify(shell)}.`)
    io.out(script)
  },
})
