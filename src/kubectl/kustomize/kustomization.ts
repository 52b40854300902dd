/** A kustomization file: its fields, and where it is found. */
import { parse } from 'yaml'
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import type { AnyObject } from '#api/meta.ts'
import { KubectlError } from '../error.ts'
import type { Io } from '../io.ts'

export interface Generator {
  name: string
  namespace?: string
  behavior?: 'create' | 'replace' | 'merge'
  literals?: string[]
  files?: string[]
  envs?: string[]
  env?: string
  type?: string
  options?: GeneratorOptions
}

export interface GeneratorOptions {
  labels?: Record<string, string>
  annotations?: Record<string, string>
  disableNameSuffixHash?: boolean
  immutable?: boolean
}

/** Which resources a patch or a replacement means; names and kinds are regular expressions. */
export interface Selector {
  group?: string
  version?: string
  kind?: string
  name?: string
  namespace?: string
  labelSelector?: string
  annotationSelector?: string
}

export interface Patch {
  path?: string
  patch?: string
  target?: Selector
  options?: { allowNameChange?: boolean; allowKindChange?: boolean }
}

export interface Labels {
  pairs: Record<string, string>
  includeSelectors?: boolean
  includeTemplates?: boolean
  fields?: FieldSpec[]
}

export interface FieldSpec {
  path: string
  kind?: string
  group?: string
  version?: string
  create?: boolean
}

export interface Replacement {
  path?: string
  source?: Selector & { fieldPath?: string; options?: { delimiter?: string; index?: number } }
  sourceValue?: string
  targets?: {
    select: Selector
    reject?: Selector[]
    fieldPaths?: string[]
    options?: { delimiter?: string; index?: number; create?: boolean }
  }[]
}

export interface Kustomization {
  apiVersion?: string
  kind?: string
  metadata?: object
  resources?: string[]
  bases?: string[]
  components?: string[]
  namePrefix?: string
  nameSuffix?: string
  namespace?: string
  commonLabels?: Record<string, string>
  commonAnnotations?: Record<string, string>
  labels?: Labels[]
  patches?: Patch[]
  patchesStrategicMerge?: string[]
  patchesJson6902?: Patch[]
  images?: { name: string; newName?: string; newTag?: string; digest?: string; tagSuffix?: string }[]
  replicas?: { name: string; count: number }[]
  replacements?: Replacement[]
  configMapGenerator?: Generator[]
  secretGenerator?: Generator[]
  generatorOptions?: GeneratorOptions
  sortOptions?: { order?: 'legacy' | 'fifo' }
  buildMetadata?: string[]
}

const FIELDS = new Set(
  'apiVersion kind metadata resources bases components namePrefix nameSuffix namespace commonLabels commonAnnotations labels patches patchesStrategicMerge patchesJson6902 images imageTags replicas replacements configMapGenerator secretGenerator generatorOptions sortOptions buildMetadata'.split(
    ' ',
  ),
)
/** Fields of kustomize that are refused here, each with its reason. */
const REFUSED: Record<string, string> = {
  helmCharts: 'charts cannot be fetched from here',
  helmGlobals: 'charts cannot be fetched from here',
  helmChartInflationGenerator: 'charts cannot be fetched from here',
  generators: 'there are no plugins here',
  transformers: 'there are no plugins here',
  validators: 'there are no plugins here',
  vars: 'vars are replaced by replacements',
  openapi: 'the schemas are those of the server',
  configurations: 'the fields that refer to names are built in',
  crds: 'the fields that refer to names are built in',
}

const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** `a/b/../c` made plain. */
export function joined(...parts: string[]): string {
  const out: string[] = []
  for (const part of parts.filter(Boolean).join('/').split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `${parts[0]?.startsWith('/') ? '/' : ''}${out.join('/')}` || '.'
}

/** A path from the root of all. */
export const absolutePath = (io: Io, path: string): string => (path.startsWith('/') ? path : joined(io.env?.('PWD') ?? '/', path))

/** What go-yaml says of a text that ours cannot read. */
function inGoWords(text: string, error: unknown): string {
  try {
    parseYaml(text)
  } catch (other) {
    if (other instanceof YamlError) return other.message
  }
  return `yaml: ${error instanceof Error ? error.message.split('\n')[0] : error}`
}

export async function readKustomization(io: Io, folder: string): Promise<Kustomization> {
  const names = await io.list(folder)
  const there = FILES.filter((name) => names?.includes(name))
  const shown = absolutePath(io, folder)
  if (there.length === 0) {
    throw new KubectlError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${shown}'`,
    )
  }
  if (there.length > 1) throw new KubectlError(`Found multiple kustomization files under: ${shown}\n`)
  const text = await io.read(joined(folder, there[0] as string))
  let read: unknown
  try {
    read = parse(text, { version: '1.1' }) ?? {}
  } catch (error) {
    throw new KubectlError(`invalid Kustomization: ${inGoWords(text, error)}`)
  }
  const said = Object.keys(read as object).filter((key) => key !== 'apiVersion' && key !== 'kind')
  if (said.length === 0) throw new KubectlError('kustomization.yaml is empty')
  return Object.fromEntries(Object.entries(read as object).map(([key, value]) => [fieldNamed(key), value]))
}

/** Go finds a field in whatever case it is written. */
function fieldNamed(key: string): keyof Kustomization {
  const same = (name: string): boolean => name.toLowerCase() === key.toLowerCase()
  const name = FIELDS.has(key) ? key : ([...FIELDS].find(same) ?? Object.keys(REFUSED).find(same))
  if (!name) throw new KubectlError(`invalid Kustomization: json: unknown field ${JSON.stringify(key)}`)
  const why = REFUSED[name]
  if (why) throw new KubectlError(`invalid Kustomization: the field ${JSON.stringify(key)} is not supported here: ${why}`)
  return name as keyof Kustomization
}

/** A resource on its way: what it is, and the names it had, by which others still refer to it. */
export interface Resource {
  object: AnyObject
  names: { name: string; namespace: string }[]
  /** Gets a hash of its content at its name's end. */
  hashed: boolean
  behavior?: Generator['behavior']
}

/** What is said of a path that leads nowhere: the first part of it that is not there (filepath.EvalSymlinks). */
export async function leadsNowhere(io: Io, path: string, shown = absolutePath(io, path)): Promise<string> {
  const parts = absolutePath(io, path).split('/').slice(1)
  const told = (why: string): string => `evalsymlink failure on '${shown}' : ${why}`
  for (let i = 1; i <= parts.length; i++) {
    const at = `/${parts.slice(0, i).join('/')}`
    if ((await io.list(at)) !== null) continue
    if (await isMissing(io, at)) return told(`lstat ${at}: no such file or directory`)
    if (i < parts.length) return told('not a directory')
  }
  return told(`lstat ${absolutePath(io, path)}: no such file or directory`)
}

export const isMissing = (io: Io, path: string): Promise<boolean> =>
  io.read(path).then(
    () => false,
    () => true,
  )
