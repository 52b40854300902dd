/** kustomize: from a folder with a kustomization to the resources it stands for. */
import { parse } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import type { Client } from '#client/client.ts'
import { objectsOf } from '../documents.ts'
import { KubectlError } from '../error.ts'
import type { Io } from '../io.ts'
import { generate, hashOf } from './generators.ts'
import {
  absolutePath,
  type Generator,
  isMissing,
  joined,
  type Kustomization,
  leadsNowhere,
  type Patch,
  type Replacement,
  type Resource,
  readKustomization,
} from './kustomization.ts'
import { inOrder } from './order.ts'
import { applyPatch, checkPatch, patchTrouble, transformerTrouble } from './patches.ts'
import { followNames } from './references.ts'
import { applyReplacement } from './replacements.ts'
import { lateTransformers, transformers } from './transformers.ts'

const MAX_DEPTH = 30

/** A transformer and all that it was given, which is told when it fails. */
type Whole = [transformer: string, given: object]

const DEPRECATED = [
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
] as const

/** The resources of a kustomization, ready to be printed or applied. */
export async function buildKustomization(io: Io, client: Client, folder: string): Promise<AnyObject[]> {
  if (/^(https?:|git@|github\.com\/)/.test(folder))
    throw new KubectlError(`remote kustomizations cannot be fetched from here: ${folder}`)
  if ((await io.list(folder)) === null) {
    const isFile = !(await isMissing(io, folder))
    throw new KubectlError(
      isFile
        ? `must build at directory: '${folder}': file is not directory`
        : `must build at directory: not a valid directory: ${await leadsNowhere(io, folder, folder)}`,
    )
  }
  const build = new Build(io, client)
  const { resources, kustomization } = await build.folder(folder, [], 0)
  for (const resource of resources) {
    if (!resource.hashed) continue
    const { metadata } = resource.object
    resource.names.push({ name: metadata.name, namespace: metadata.namespace ?? '' })
    metadata.name = `${metadata.name}-${await hashOf(resource.object)}`
  }
  followNames(resources)
  const objects = resources.map(({ object }) => object)
  return kustomization.sortOptions?.order === 'fifo' ? objects : inOrder(objects)
}

/** Does it; what it complains of is told otherwise. */
async function telling<T>(work: () => T | Promise<T>, tell: (why: string) => string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof KubectlError ? new KubectlError(tell(error.message)) : error
  }
}

class Build {
  readonly #io: Io
  readonly #client: Client
  constructor(io: Io, client: Client) {
    this.#io = io
    this.#client = client
  }

  /** A folder's resources after all that its kustomization does; components get those that are there. */
  async folder(
    folder: string,
    given: Resource[],
    depth: number,
  ): Promise<{ resources: Resource[]; kustomization: Kustomization }> {
    if (depth > MAX_DEPTH)
      throw new KubectlError(`cycle detected: candidate root '${absolutePath(this.#io, folder)}' contains visited root`)
    const kustomization = await readKustomization(this.#io, folder)
    for (const [old, instead] of DEPRECATED) {
      if (kustomization[old] !== undefined)
        this.#io.err(
          `# Warning: '${old}' is deprecated. Please use '${instead}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.\n`,
        )
    }
    const resources = [...given]
    for (const path of [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])])
      await this.#accumulate(folder, path, resources, depth)
    const { configMapGenerator = [], secretGenerator = [], generatorOptions = {} } = kustomization
    for (const one of configMapGenerator)
      this.#generated(resources, await generate(this.#io, folder, 'ConfigMap', one, generatorOptions))
    for (const one of secretGenerator)
      this.#generated(resources, await generate(this.#io, folder, 'Secret', one, generatorOptions))
    for (const path of kustomization.components ?? []) await this.#component(joined(folder, path), resources, depth)
    await this.#transform(folder, resources, kustomization)
    followNames(resources)
    return { resources, kustomization }
  }

  #add(resources: Resource[], more: readonly Resource[]): void {
    for (const one of more) {
      const { apiVersion, kind, metadata } = one.object
      const twin = resources.find(
        ({ object }) =>
          object.kind === kind &&
          object.apiVersion === apiVersion &&
          object.metadata.name === metadata.name &&
          (object.metadata.namespace ?? '') === (metadata.namespace ?? ''),
      )
      if (twin) {
        const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['[noGrp]', apiVersion]
        throw new KubectlError(
          `may not add resource with an already registered id: ${kind}.${version}.${group}/${metadata.name}.${metadata.namespace ?? '[noNs]'}`,
        )
      }
      resources.push(one)
    }
  }

  /** A file's resources, or a folder's; what is wrong with them is told with the way to them. */
  async #accumulate(folder: string, path: string, resources: Resource[], depth: number): Promise<void> {
    const full = joined(folder, path)
    const shown = absolutePath(this.#io, full)
    if (/^(https?:|git@|github\.com\/|ssh:)/.test(path))
      throw new KubectlError(`accumulating resources: remote resources cannot be fetched from here: ${path}`)
    const start = 'accumulating resources: accumulation err='
    if ((await this.#io.list(full)) === null) {
      const read = await this.#file(full, path)
      return telling(
        () => this.#add(resources, read),
        (why) => `${start}'merging resources from '${path}': ${why}': must build at directory: '${shown}': file is not directory`,
      )
    }
    const prefix = `${start}'accumulating resources from '${path}': '${shown}' must resolve to a file'`
    const inside = await this.#inside(full, [], depth, (why) => `${prefix}: ${why}`)
    await telling(
      () => this.#add(resources, inside),
      (why) => `${prefix}: recursed merging from path '${shown}': ${why}`,
    )
  }

  async #inside(full: string, given: Resource[], depth: number, tell: (why: string) => string): Promise<Resource[]> {
    const shown = absolutePath(this.#io, full)
    await telling(
      () => readKustomization(this.#io, full),
      (why) => tell(`couldn't make target for path '${shown}': ${why}`),
    )
    const built = await telling(
      () => this.folder(full, given, depth + 1),
      (why) => (why.startsWith('cycle detected') ? why : tell(`recursed accumulation of path '${shown}': ${why}`)),
    )
    return built.resources
  }

  /** A component changes what is there. */
  async #component(full: string, resources: Resource[], depth: number): Promise<void> {
    if ((await this.#io.list(full)) === null) {
      const why = await leadsNowhere(this.#io, full)
      throw new KubectlError(`accumulating components: loader.New "must build at directory: not a valid directory: ${why}"`)
    }
    const tell = (why: string): string => `accumulating components: accumulateDirectory: ${JSON.stringify(why)}`
    resources.push(...(await this.#inside(full, resources.splice(0), depth, tell)))
  }

  async #file(full: string, path: string): Promise<Resource[]> {
    let text: string
    try {
      text = await this.#io.read(full)
    } catch {
      const why = await leadsNowhere(this.#io, full)
      throw new KubectlError(
        `accumulating resources: accumulation err='accumulating resources from '${path}': ${why}': must build at directory: not a valid directory: ${why}`,
      )
    }
    return objectsOf(text, path).map((object) => ({
      object,
      names: [{ name: object.metadata?.name ?? '', namespace: object.metadata?.namespace ?? '' }],
      hashed: false,
    }))
  }

  /** `create` makes a new one, `merge` and `replace` change one of the bases. */
  #generated(resources: Resource[], made: Resource): void {
    const { object, behavior } = made
    const at = resources.findIndex(
      (one) =>
        one.object.kind === object.kind &&
        one.names.some(({ name }) => name === object.metadata.name) &&
        (!object.metadata.namespace || one.object.metadata.namespace === object.metadata.namespace),
    )
    const old = resources[at]
    const id = `${object.kind}.v1.[noGrp]/${object.metadata.name}.${object.metadata.namespace ?? '[noNs]'}`
    if (behavior === 'create') {
      if (old)
        throw new KubectlError(
          `merging from generator ${id}: id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:${JSON.stringify(object.kind)}, isClusterScoped:false}, Name:${JSON.stringify(object.metadata.name)}, Namespace:""} exists; can not use behavior: 'unspecified', behavior must be merge or replace`,
        )
      resources.push(made)
      return
    }
    if (!old) throw new KubectlError(`merging from generator ${id}: id ${id} does not exist; cannot merge or replace`)
    const before = old.object
    const metadata = {
      ...before.metadata,
      ...(object.metadata.labels || before.metadata.labels
        ? { labels: { ...before.metadata.labels, ...object.metadata.labels } }
        : {}),
      ...(object.metadata.annotations || before.metadata.annotations
        ? { annotations: { ...before.metadata.annotations, ...object.metadata.annotations } }
        : {}),
    }
    const both = (key: 'data' | 'binaryData'): object => {
      const whole = { ...(behavior === 'merge' ? before[key] : {}), ...object[key] }
      return Object.keys(whole).length > 0 ? { [key]: whole } : {}
    }
    const { data: _d, binaryData: _b, ...rest } = behavior === 'merge' ? before : object
    resources[at] = {
      ...old,
      object: { ...rest, metadata, ...both('data'), ...both('binaryData') } as AnyObject,
      hashed: made.hashed && old.hashed,
    }
  }

  async #transform(folder: string, resources: Resource[], kustomization: Kustomization): Promise<void> {
    const { patches = [], patchesStrategicMerge = [], patchesJson6902 = [], replacements = [] } = kustomization
    const patch = async (one: Generator | Parameters<typeof applyPatch>[2], whole?: Whole): Promise<void> => {
      const { path, patch: inline } = one as { path?: string; patch?: string }
      if (!path && !inline) throw new KubectlError(`patch must specify one of patch and path`)
      await applyPatch(
        this.#client,
        resources,
        one as Parameters<typeof applyPatch>[2],
        inline ?? (await this.#text(folder, path as string, whole)),
      )
    }
    for (const one of patches) checkPatch(one, one.patch ?? (one.path ? await this.#patchText(folder, one) : ''))
    const paths: Whole = ['PatchStrategicMergeTransformer', { paths: patchesStrategicMerge }]
    for (const text of patchesStrategicMerge) await patch(isPatch(text) ? { patch: text } : { path: text }, paths)
    for (const one of patches) await patch(one)
    for (const transform of transformers) transform(resources, kustomization)
    for (const one of patchesJson6902) await patch(one)
    try {
      for (const transform of lateTransformers) transform(resources, kustomization)
    } catch (error) {
      throw new KubectlError(error instanceof Error ? error.message : String(error))
    }
    for (const one of replacements) {
      if (!one.path) applyReplacement(resources, one)
      else {
        const read = parse(await this.#text(folder, one.path, ['ReplacementTransformer', { Replacements: replacements }])) as
          | Replacement
          | Replacement[]
        for (const inner of [read].flat()) applyReplacement(resources, inner)
      }
    }
  }

  async #patchText(folder: string, one: Patch): Promise<string> {
    const path = one.path as string
    try {
      return await this.#io.read(joined(folder, path))
    } catch {
      const why = await leadsNowhere(this.#io, joined(folder, path))
      throw patchTrouble(one, `failed to get the patch file from path(${path}): ${why}`)
    }
  }

  async #text(folder: string, path: string, whole?: Whole): Promise<string> {
    try {
      return await this.#io.read(joined(folder, path))
    } catch {
      const full = joined(folder, path)
      if (whole) throw transformerTrouble(...whole, await leadsNowhere(this.#io, full))
      throw new KubectlError(`unable to get patch: open ${absolutePath(this.#io, full)}: no such file or directory`)
    }
  }
}

/** A patch may stand where its file's path is asked for. */
function isPatch(text: string): boolean {
  if (text.includes('\n')) return true
  try {
    const read = parse(text) as { kind?: string } | null
    return typeof read === 'object' && read?.kind !== undefined
  } catch {
    return false
  }
}
