/** `kubectl set`: changes one thing of an object. */
import { command } from '../../command.ts'
import { env } from './env.ts'
import { image, resources, serviceAccount } from './image.ts'
import { selector, subject } from './subjects.ts'

export const set = command({
  name: 'set',
  subcommands: [env, image, resources, selector, serviceAccount, subject],
})
