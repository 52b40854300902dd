/** The generators of `kubectl create`: name, flags, and the object they make. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Command, type Context, command, KubectlError, usageError } from '../../command.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { Unreachable } from '../../error.ts'
import { recorded } from '../../record.ts'
import { typed, withOwnConfig } from '../../typed.ts'
import { validationOf } from '../apply/validation.ts'

export interface Generator {
  name: string
  /** `failed to create deployment: `; without it a refusal is worded as the server's. */
  failure?: string
  make(context: Context, name: string): AnyObject | Promise<AnyObject>
  /** The `create` path it stands below, for usage errors. */
  path?: string
}

export function generator({ name, failure, make, path = `create ${name}` }: Generator): Command {
  return command({
    name,
    dashed: true,
    async run(context) {
      const { args } = context
      if (args.length !== 1)
        throw usageError(path, `exactly one NAME is required, got ${args.length + (failure === undefined ? 0 : 0)}`)
      await createMade(context, await make(context, args[0] as string), failure)
      return 0
    },
  })
}

/** Creates what was made, unless this is a client's dry run, and says so. */
export async function createMade(context: Context, made: AnyObject, failure?: string, manager = 'kubectl-create'): Promise<void> {
  const { client, flags } = context
  const dry = dryRunOf(context) === 'client'
  // With a typed client, as these have, kubectl asks no server which resources there are.
  const info = dry || failure !== undefined ? known(made) : await client.discovery.byKind(made.apiVersion, made.kind)
  if (!info) throw new KubectlError(`no matches for kind "${made.kind}" in version "${made.apiVersion}"`)
  const namespace = info.namespaced ? context.namespace : ''
  const placed = namespace && context.explicitNamespace ? { ...made, metadata: { ...made.metadata, namespace } } : made
  const object = recorded(context, flags.is('save-config') ? withOwnConfig(placed) : placed)
  if (dry) return printDone(context, info, typed(object), 'created')
  try {
    const query = { ...writeQuery(context, manager), fieldValidation: flags.has('validate') ? validationOf(context) : 'Strict' }
    printDone(context, info, typed(await client.create(info, namespace, object, query)), 'created')
  } catch (error) {
    if (failure !== undefined && error instanceof Unreachable) throw new KubectlError(failure + error.dialled())
    if (failure === undefined || !(error instanceof ApiError)) throw error
    throw new KubectlError(failure + error.message)
  }
}

const CLUSTER_WIDE = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass']

/** What kubectl knows of these kinds by itself. */
function known({ apiVersion, kind }: AnyObject): ResourceInfo {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const singular = kind.toLowerCase()
  const namespaced = !CLUSTER_WIDE.includes(kind)
  return {
    group,
    version,
    kind,
    plural: singular.endsWith('s') ? `${singular}es` : `${singular}s`,
    singular,
    short: [],
    categories: [],
    namespaced,
    verbs: [],
    subresources: [],
  }
}

export const object = (apiVersion: string, kind: string, name: string, more: Record<string, unknown> = {}): AnyObject => ({
  kind,
  apiVersion,
  metadata: { name },
  ...more,
})
