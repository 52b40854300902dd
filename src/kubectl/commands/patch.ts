/** `kubectl patch`: strategic, merge or JSON patch, as given on the command line. */
import { parse } from 'yaml'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { equalJson } from '../equal-json.ts'
import { findObjects } from '../targets.ts'

const KINDS = ['strategic', 'merge', 'json'] as const

export const patch = command({
  name: 'patch',
  completes: 'resources',
  async run(context) {
    const { client, flags, io } = context
    if (flags.has('patch') === flags.has('patch-file'))
      throw new KubectlError(
        flags.has('patch')
          ? 'cannot specify --patch and --patch-file together'
          : 'must specify --patch or --patch-file containing the contents of the patch',
      )
    const kind = KINDS.find((k) => k === flags.text('type').toLowerCase())
    if (!kind) throw new KubectlError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.text('type'))}`)
    const text = flags.has('patch') ? flags.text('patch') : await readPatch(io, flags.text('patch-file'))
    const body = jsonOf(text)
    for (const { info, namespace, name, object } of await findObjects(context)) {
      if (dryRunOf(context) === 'client')
        throw new KubectlError('--dry-run=client of a patch is not supported here yet; use --dry-run=server')
      const patched = await client.patch(
        info,
        namespace,
        name,
        kind,
        body,
        writeQuery(context, 'kubectl-patch'),
        flags.text('subresource'),
      )
      const changed = !equalJson(object, patched)
      printDone(context, info, patched, changed ? 'patched' : 'patched (no change)')
    }
    return 0
  },
})

/** What begins like JSON goes as it is, for the server to judge; YAML is turned into JSON. */
function jsonOf(text: string): string {
  if (text.trimStart().startsWith('{')) return text
  try {
    return JSON.stringify(parse(text, { version: '1.1' }))
  } catch (error) {
    throw new KubectlError(
      `unable to parse ${JSON.stringify(text)}: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    )
  }
}

async function readPatch(io: Context['io'], path: string): Promise<string> {
  try {
    return await io.read(path)
  } catch (error) {
    throw new KubectlError(`unable to read patch file: ${error instanceof Error ? error.message : error}`)
  }
}
