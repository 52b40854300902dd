/** `kubectl top`: what nodes and Pods use, from the Metrics API. */
import { command, KubectlError } from '../command.ts'

const none = (name: string) =>
  command({
    name,
    async run() {
      throw new KubectlError('Metrics API not available')
    },
  })

export const top = command({ name: 'top', subcommands: [none('node'), none('pod')] })
