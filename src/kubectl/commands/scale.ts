/** `kubectl scale`: writes the scale subresource. */
import { command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { FILE_FLAGS, findObjects, SELECTOR_FLAGS } from '../targets.ts'

export const scale = command({
  name: 'scale',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  usage: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  completes: 'resources',
  flags: [
    ...WRITE_FLAGS,
    ...FILE_FLAGS,
    ...SELECTOR_FLAGS,
    { name: 'replicas', type: 'int', required: true, help: 'The new desired number of replicas. Required.' },
    { name: 'current-replicas', type: 'int', default: '-1', help: 'Precondition for current size.' },
    { name: 'all', type: 'bool', help: 'Select all resources in the namespace of the specified resource types' },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      help: 'The length of time to wait before giving up on a scale operation.',
    },
  ],
  async run(context) {
    const { client, flags } = context
    const replicas = flags.int('replicas')
    if (!flags.has('replicas') || replicas < 0)
      throw new KubectlError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    const found = await findObjects(context)
    if (found.length === 0) throw new KubectlError('no objects passed to scale')
    for (const { info, namespace, name, object } of found) {
      const expected = flags.int('current-replicas')
      const current = (object['spec']?.replicas ?? 1) as number
      if (expected >= 0 && expected !== current) throw new KubectlError(`Expected replicas to be ${expected}, was ${current}`)
      if (dryRunOf(context) !== 'client')
        await client.patch(info, namespace, name, 'merge', { spec: { replicas } }, writeQuery(context), 'scale')
      printDone(context, info, { ...object, spec: { ...object['spec'], replicas } }, 'scaled')
    }
    return 0
  },
})
