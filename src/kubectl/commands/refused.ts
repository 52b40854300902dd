/** Commands of the real kubectl that cannot be had here, each with its reason and what to do instead. */
import { type Command, command, KubectlError } from '../command.ts'

const refusal = (name: string, why: string): Command =>
  command({
    name,
    async run() {
      throw new KubectlError(`kubectl ${name} is not supported here: ${why}`)
    },
  })

export const refused = {
  kuberc: {
    name: 'kuberc',
    subcommands: [refusal('set', 'there are no preferences to keep'), refusal('view', 'there are no preferences to show')],
  } as Command,
}

/** Plugins are programs; there are none. */
export const plugin = command({
  name: 'plugin',
  subcommands: [
    command({
      name: 'list',
      async run() {
        throw new KubectlError('unable to find any kubectl plugins in your PATH')
      },
    }),
  ],
})
