/** `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`: the annotation in which apply remembers the manifest. */
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import { toYaml } from '#api/yaml.ts'
import { LAST_APPLIED } from '#client/apply.ts'
import { command, KubectlError, usageError } from '../../command.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { editObjects, HEAD_OF_APPLIED } from '../../editing.ts'
import { readManifests } from '../../manifests.ts'
import { sortedKeys } from '../../print/sorted.ts'
import { type Found, findObjects, getNamed, NOTHING_GIVEN } from '../../targets.ts'
import { validationOf } from './validation.ts'

/** The annotation's text. */
const textOf = (object: unknown): string => `${goJson(sortedKeys(object))}\n`

export const viewLastApplied = command({
  name: 'view-last-applied',
  completes: 'resources',
  async run(context) {
    const { flags, io } = context
    const format = flags.text('output')
    for (const { object } of await findObjects(context)) {
      const text = object.metadata.annotations?.[LAST_APPLIED]
      // The real one wraps an error that is none, and so says nothing.
      if (text === undefined) continue
      if (format !== 'json' && format !== 'yaml') {
        throw usageError(
          'apply view-last-applied',
          `Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`,
        )
      }
      io.out(format === 'json' ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : toYaml(JSON.parse(text)))
    }
    return 0
  },
})

/** What is edited is the manifest that the annotation holds; it goes back there, and the object itself stays. */
export const editLastApplied = command({
  name: 'edit-last-applied',
  completes: 'resources',
  async run(context) {
    const { args, client, flags } = context
    if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) throw new KubectlError(NOTHING_GIVEN)
    const found = await findObjects(context, args, { everything: true, strict: true })
    const applied = found.flatMap((one) => {
      const text = one.object.metadata.annotations?.[LAST_APPLIED]
      return text === undefined ? [] : [{ ...one, object: JSON.parse(text) as AnyObject }]
    })
    if (applied.length === 0) {
      throw new KubectlError(
        'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
      )
    }
    const save = async (one: Found, next: AnyObject): Promise<void> => {
      if (next.metadata?.name !== one.name) throw new KubectlError('At least one of apiVersion, kind and name was changed')
      if (textOf(one.object) === textOf(next)) return printDone(context, one.info, next, 'skipped')
      const patch = { metadata: { annotations: { [LAST_APPLIED]: textOf(next) } } }
      const query = { ...writeQuery(context, 'kubectl-client-side-apply'), fieldValidation: validationOf(context) }
      await client.patch(one.info, one.namespace, one.name, 'merge', patch, query)
      printDone(context, one.info, next, 'edited')
    }
    await editObjects(context, applied, { head: HEAD_OF_APPLIED, save })
  },
})

export const setLastApplied = command({
  name: 'set-last-applied',
  completes: 'files',
  async run(context) {
    const { client, flags, io } = context
    for (const { info, namespace, object } of await readManifests(context)) {
      const { name } = object.metadata
      const live = await getNamed(context, info, namespace, name)
      const old = live.metadata.annotations?.[LAST_APPLIED]
      if (old === undefined && !flags.is('create-annotation')) {
        throw new KubectlError(
          `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
        )
      }
      const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
      const text = textOf(placed)
      if (old === text) {
        io.out(`set-last-applied ${name}: no changes required.\n`)
        continue
      }
      const patch = { metadata: { annotations: { [LAST_APPLIED]: text } } }
      const changed =
        dryRunOf(context) === 'client' ? live : await client.patch(info, namespace, name, 'merge', patch, writeQuery(context))
      printDone(context, info, changed, 'configured')
    }
    return 0
  },
})
