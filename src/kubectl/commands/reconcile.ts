/** `kubectl auth reconcile`: roles and bindings of files, so that at least they hold. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { type Manifest, readManifests } from '../manifests.ts'
import { printerFor } from '../print/output.ts'
import { resourceOf, shownName } from '../targets.ts'

const GROUP = 'rbac.authorization.k8s.io'

interface Rule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}
interface Subject {
  kind: string
  apiGroup?: string
  name: string
  namespace?: string
}

export const reconcile = command({
  name: 'reconcile',
  completes: 'files',
  async run(context) {
    const { args, flags } = context
    if (!flags.has('filename') && !flags.has('kustomize')) throw new KubectlError('must specify one of -f and -k')
    if (args.length > 0) throw new KubectlError('no arguments are allowed')
    if (dryRunOf(context) === 'server') throw new KubectlError('--dry-run=server for command reconcile is not supported yet')
    for (const manifest of await manifestsOf(context)) {
      const { object } = manifest
      if (!object.apiVersion.startsWith(`${GROUP}/`)) continue
      if (object.apiVersion !== `${GROUP}/v1`)
        throw new KubectlError(
          `only rbac.authorization.k8s.io/v1 is supported: not *${object.apiVersion.split('/')[1]}.${object.kind}`,
        )
      await one(context, manifest, object.kind.endsWith('Binding'))
    }
  },
})

/** An older version is known here, and refused before the server is asked for it. */
async function manifestsOf(context: Context): Promise<Manifest[]> {
  try {
    return await readManifests(context)
  } catch (error) {
    const [, kind, version] =
      /no matches for kind "(\w+)" in version "rbac\.authorization\.k8s\.io\/(v1\w+)"/.exec(String(error)) ?? []
    throw kind ? new KubectlError(`only ${GROUP}/v1 is supported: not *${version}.${kind}`) : error
  }
}

/** Makes a rule's parts lists, so that rules compare. */
const simple = ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: Rule): string[] => {
  const flat: string[] = []
  for (const verb of verbs) {
    for (const url of nonResourceURLs) flat.push(JSON.stringify([verb, 'url', url]))
    for (const group of apiGroups) {
      for (const resource of resources)
        for (const name of resourceNames.length > 0 ? resourceNames : [''])
          flat.push(JSON.stringify([verb, group, resource, name]))
    }
  }
  return flat
}

/** What is wanted beyond what is held, each part a rule of its own. */
const lacking = (wanted: readonly Rule[], held: readonly Rule[]): Rule[] => {
  const have = new Set(held.flatMap(simple))
  const parts = [...new Set(wanted.flatMap(simple))].filter((part) => !have.has(part))
  return parts.map((part) => {
    const [verb = '', group = '', resource = '', name = ''] = JSON.parse(part) as string[]
    if (group === 'url') return { verbs: [verb], nonResourceURLs: [resource] }
    return { verbs: [verb], apiGroups: [group], resources: [resource], ...(name ? { resourceNames: [name] } : {}) }
  })
}

const sameSubject = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '')

async function one(context: Context, { info, object }: Manifest, binding: boolean): Promise<void> {
  const { client, flags } = context
  const { namespace = '' } = object.metadata
  const { name } = object.metadata
  const write = dryRunOf(context) === 'none'
  // Files are taken as they stand there: what is to be in a namespace has to say in which.
  if (write && info.namespaced && !namespace) throw new KubectlError('resource name may not be empty')
  const live = await client.get(info, namespace || context.namespace, name).catch((error: unknown) => {
    if (isNotFound(error)) return undefined
    throw error
  })
  const field = binding ? 'subjects' : 'rules'
  const wanted = (object[field] ?? []) as (Rule & Subject)[]
  if (!live) {
    if (write && namespace) await ensureNamespace(context, namespace)
    const made = write ? await client.create(info, namespace, object) : object
    return told(context, made, shownName(info, name), { missing: wanted, extra: [], operation: 'create', binding })
  }
  const held = (live[field] ?? []) as (Rule & Subject)[]
  const missing = binding
    ? wanted.filter((a) => !held.some((b) => sameSubject(a, b)))
    : (lacking(wanted, held) as (Rule & Subject)[])
  const extra = binding
    ? held.filter((a) => !wanted.some((b) => sameSubject(a, b)))
    : (lacking(held, wanted) as (Rule & Subject)[])
  const removes = flags.is(binding ? 'remove-extra-subjects' : 'remove-extra-permissions')
  const recreate = binding && JSON.stringify(live['roleRef']) !== JSON.stringify({ apiGroup: GROUP, ...object['roleRef'] })
  const changed = missing.length > 0 || (removes && extra.length > 0)
  const next = { ...live, [field]: removes ? wanted : [...held, ...missing] } as AnyObject
  if (write && recreate) {
    await client.delete(info, namespace, name)
    await client.create(info, namespace, object)
  } else if (write && changed) await client.update(info, namespace, name, next)
  const operation = recreate ? 'recreate' : changed ? 'update' : 'none'
  told(context, changed ? next : live, shownName(info, name), { missing, extra, operation, binding })
}

/** Where roles come to be, their namespace does as well (rbac/reconciliation). */
async function ensureNamespace(context: Context, name: string): Promise<void> {
  const info = await resourceOf(context, 'namespaces')
  if (await context.client.find(info, '', name)) return
  try {
    await context.client.create(info, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  } catch (error) {
    if (!(error instanceof ApiError) || !['AlreadyExists', 'Forbidden'].includes(error.status.reason ?? '')) throw error
  }
}

interface Result {
  missing: (Rule & Subject)[]
  extra: (Rule & Subject)[]
  operation: 'create' | 'update' | 'recreate' | 'none'
  binding: boolean
}

function told({ flags, io }: Context, object: AnyObject, shown: string, { missing, extra, operation, binding }: Result): void {
  const printer = printerFor(flags)
  const dry = flags.text('dry-run') === 'client' ? ' (dry run)' : ''
  io.out(printer ? printer(object, shown) : `${shown} reconciled${dry}\n`)
  if (operation === 'none') return
  io.err(`\treconciliation required ${operation}\n`)
  const what = binding ? 'subjects' : 'rules'
  const list = (title: string, items: readonly (Rule & Subject)[]): void => {
    if (items.length > 0)
      io.err(`\t${title}:\n${items.map((item) => `\t\t${binding ? subjectText(item) : ruleText(item)}\n`).join('')}`)
  }
  list(`missing ${what} added`, missing)
  if (flags.is(binding ? 'remove-extra-subjects' : 'remove-extra-permissions')) list(`extra ${what} removed`, extra)
}

const subjectText = ({ kind, apiGroup, name, namespace = '' }: Subject): string =>
  `{Kind:${kind} APIGroup:${apiGroup ?? (kind === 'ServiceAccount' ? '' : GROUP)} Name:${name} Namespace:${namespace}}`

function ruleText({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: Rule): string {
  const list = (words: readonly string[]): string => `[${words.join(' ')}]`
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`
}
