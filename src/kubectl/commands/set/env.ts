/** `kubectl set env`: variables of containers; given, from ConfigMaps and Secrets, removed, or listed. */
import type { ConfigMap, Container, EnvVar, PodSpec } from '#api/kinds.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { STDIN_TWICE } from '../../manifests.ts'
import { isRefusal } from '../../report.ts'
import { type Found, findObjects, resourceOf } from '../../targets.ts'
import { changeSpec, mapContainers, podSpecOf, setTargets } from './pod-template.ts'

export const env = command({
  name: 'env',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    const at = args.findIndex((arg) => arg.includes('=') || arg.endsWith('-'))
    const targets = args.slice(0, at < 0 ? undefined : at)
    const words = at < 0 ? [] : args.slice(at)
    if (words.some((word) => !word.includes('=') && !word.endsWith('-'))) {
      throw new KubectlError(`all resources must be specified before environment changes: ${args.join(' ')}`)
    }
    if (targets.length === 0 && !flags.has('filename')) {
      throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    if (flags.is('list') && flags.has('output')) throw new KubectlError('--list and --output may not be specified together')
    if (flags.has('keys') && !flags.has('from'))
      throw new KubectlError('when specifying --keys, a configmap or secret must be provided with --from')
    if (words.includes('-') && flags.all('filename').includes('-')) throw new KubectlError(STDIN_TWICE)
    const changes = await changesOf(context, [...flags.all('env'), ...words])
    for (const found of await setTargets(context, targets)) await setOne(context, found, changes)
    return 0
  },
})

interface Changes {
  set: EnvVar[]
  remove: string[]
}

async function changesOf(context: Context, words: readonly string[]): Promise<Changes> {
  const { flags } = context
  const set: EnvVar[] = []
  const remove: string[] = []
  for (const word of words) {
    if (word === '-') {
      set.push(...variablesIn(await context.io.stdin()))
      continue
    }
    const cut = word.indexOf('=')
    if (cut < 0) {
      remove.push(word.slice(0, -1))
      continue
    }
    const name = word.slice(0, cut)
    if (!/^[ -<>-~]+$/.test(name)) throw new KubectlError(`${JSON.stringify(name)} is not a valid key name`)
    set.push({ name, value: word.slice(cut + 1) })
  }
  if (remove.some((name) => set.some((one) => one.name === name))) {
    throw new KubectlError('can not both modify and remove the same environment variable in the same command')
  }
  if (flags.has('from')) set.push(...(await referencesFrom(context)))
  const prefix = flags.text('prefix')
  return { set: prefix ? set.map((one) => ({ ...one, name: prefix + one.name })) : set, remove }
}

/** Lines of `KEY=value`, with comments. */
const variablesIn = (text: string): EnvVar[] =>
  text.split('\n').flatMap((line) => {
    const [, name, value] = /^([^=]*)=(.*)$/.exec(line.replace(/#.*/, '')) ?? []
    return name === undefined ? [] : [{ name, value: value as string }]
  })

async function referencesFrom(context: Context): Promise<EnvVar[]> {
  const { flags, io } = context
  const keys = flags.all('keys')
  const found = await findObjects(context, [flags.text('from')], { strict: true })
  return found.flatMap(({ object }) => {
    const source = { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' }[object.kind]
    if (!source) throw new KubectlError('unsupported resource specified in --from')
    return Object.keys((object as unknown as ConfigMap).data ?? {})
      .sort()
      .filter((key) => keys.length === 0 || keys.includes(key))
      .map((key) => {
        const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase()
        if (name !== key) io.err(`Warning: key ${key} transferred to ${name}\n`)
        return { name, valueFrom: { [source]: { name: object.metadata.name, key } } }
      })
  })
}

/** Known names keep their place, new ones go to the end. */
function updated(list: readonly EnvVar[] = [], { set, remove }: Changes): EnvVar[] {
  const kept = list.filter((one) => !remove.includes(one.name)).map((one) => set.find((s) => s.name === one.name) ?? one)
  return [...kept, ...set.filter((one) => !kept.some((k) => k.name === one.name))]
}

async function setOne(context: Context, found: Found, changes: Changes): Promise<void> {
  const { flags, io } = context
  const pattern = flags.text('containers')
  const change = (container: Container): Container => {
    if (!flags.is('overwrite')) checkOverwrite(container, changes)
    const { env: _old, ...rest } = container
    const next = updated(container.env, changes)
    return next.length > 0 ? { ...rest, env: next } : rest
  }
  const apply = (spec: PodSpec): PodSpec => {
    const { spec: next, hits } = mapContainers(spec, pattern, change)
    if (hits === 0)
      io.err(`Warning: ${found.info.kind}/${found.name} does not have any containers matching ${JSON.stringify(pattern)}\n`)
    return next
  }
  if (!flags.is('list')) return changeSpec(context, found, 'env updated', apply)
  const spec = podSpecOf(found.object)
  if (spec) await list(context, found, apply(spec))
}

function checkOverwrite(container: Container, { set }: Changes): void {
  for (const one of set) {
    const old = container.env?.find((e) => e.name === one.name)
    if (old && old.value !== one.value)
      throw new KubectlError(`'${old.name}' already has a value (${old.value ?? ''}), and --overwrite is false`)
  }
}

async function list(context: Context, { info, name }: Found, spec: PodSpec): Promise<void> {
  const { flags, io } = context
  const chosen: Container[] = []
  mapContainers(
    { ...spec, containers: [...spec.containers, ...(spec.initContainers ?? [])], initContainers: [] },
    flags.text('containers'),
    (container) => {
      chosen.push(container)
      return container
    },
  )
  for (const container of chosen) {
    io.out(`# ${info.kind} ${name}, container ${container.name}\n`)
    const unresolved = new Map<string, string[]>()
    for (const { name: variable, value = '', valueFrom } of container.env ?? []) {
      const told = valueFrom && flags.is('resolve') ? await resolved(context, valueFrom) : undefined
      if (typeof told === 'string' || !valueFrom) io.out(`${variable}=${told ?? value}\n`)
      else io.out(`# ${variable} from ${referenceText(valueFrom)}\n`)
      if (told instanceof Error) unresolved.set(told.message, [...(unresolved.get(told.message) ?? []), variable])
    }
    if (unresolved.size === 0) continue
    for (const [why, names] of unresolved) io.err(`error retrieving reference for ${names.join(', ')}: ${why}\n`)
  }
}

/** What a variable would be given; why it cannot be known from here. */
async function resolved(context: Context, from: NonNullable<EnvVar['valueFrom']>): Promise<string | Error | undefined> {
  const { client, namespace } = context
  const [kind, reference] = from.configMapKeyRef
    ? (['configmaps', from.configMapKeyRef] as const)
    : (['secrets', from.secretKeyRef] as const)
  if (!reference) return new Error(`not supported: ${referenceText(from)}`)
  try {
    const { data = {} } = (await client.get(await resourceOf(context, kind), namespace, reference.name)) as unknown as ConfigMap
    const value = data[reference.key]
    if (value !== undefined) return kind === 'secrets' ? atob(value) : value
    return new Error(`key ${reference.key} not found in ${kind === 'secrets' ? 'secret' : 'config map'} ${reference.name}`)
  } catch (error) {
    if (isRefusal(error)) return error
    throw error
  }
}

function referenceText({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: NonNullable<EnvVar['valueFrom']>): string {
  if (configMapKeyRef) return `configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`
  if (secretKeyRef) return `secret ${secretKeyRef.name}, key ${secretKeyRef.key}`
  if (fieldRef) return `field path ${fieldRef.fieldPath}`
  if (!resourceFieldRef) return 'invalid valueFrom'
  const { containerName, resource } = resourceFieldRef
  return containerName ? `${containerName}/${resource}` : `resource field ${resource}`
}
