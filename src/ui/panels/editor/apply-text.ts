/** Applies a text of manifests, one document after another, and says of each what became of it and where it is wrong. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { applyObject } from '#client/apply.ts'
import type { Client } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { serverErrorFor } from '#client/server-error.ts'
import { type Difference, differenceOf } from './difference.ts'
import { fieldsIn, type ManifestDocument, type Problem } from './manifest.ts'
import type { ManifestReader } from './reader.ts'

export interface Result {
  /** `deployment.apps/web`, or what is known of it. */
  name: string
  outcome: 'created' | 'configured' | 'unchanged' | 'failed'
  line: number
  /** In the server's words, each at its line; empty when all went well. */
  problems: Problem[]
  warnings: string[]
  /** What kubectl would have said of a failure, given the file's name. */
  said?: (file: string) => string
  object?: AnyObject
  /** Of a trial: what it would change. */
  difference?: Difference
}

const LONGEST = 20_000_000

/** With `trial` the server only tries it (a dry run), and each result says what it would change. */
export async function applyText(
  client: Client,
  reader: ManifestReader,
  text: string,
  onResult: (result: Result) => void,
  trial = false,
): Promise<Result[]> {
  if (text.length > LONGEST) return [wrong('manifest', 1, `the manifest is larger than ${LONGEST / 1e6} MB`)]
  let documents: ManifestDocument[]
  try {
    documents = await reader.read(text)
  } catch (error) {
    return [wrong('manifest', 1, messageOf(error))]
  }
  if (documents.length === 0) return [wrong('manifest', 1, 'no objects passed to apply')]
  const results: Result[] = []
  for (const document of documents) {
    for (const result of await applyDocument({ client, reader, text, trial }, document)) {
      results.push(result)
      onResult(result)
    }
  }
  return results
}

const wrong = (name: string, line: number, message: string): Result => ({
  name,
  outcome: 'failed',
  line,
  problems: [{ line, column: 1, message }],
  warnings: [],
})

interface Work {
  client: Client
  reader: ManifestReader
  text: string
  trial: boolean
}

async function applyDocument(work: Work, document: ManifestDocument): Promise<Result[]> {
  const { value, problem, line } = document
  if (problem) {
    const said = (file: string): string => `error: error parsing ${file}: ${problem.message}`
    return [{ ...wrong(`document ${document.index + 1}`, line, problem.message), problems: [problem], said }]
  }
  const results: Result[] = []
  for (const object of objectsIn(value)) results.push(await applyOne(work, document, object))
  return results
}

/** A List stands for its items. */
function objectsIn(value: unknown): unknown[] {
  const list = value as { kind?: unknown; items?: unknown } | null
  return typeof list?.kind === 'string' && list.kind.endsWith('List') && Array.isArray(list.items) ? list.items : [value]
}

async function applyOne(work: Work, document: ManifestDocument, value: unknown): Promise<Result> {
  const { client, reader, text, trial } = work
  const { line, index } = document
  const shape = shapeProblem(value)
  if (shape) return { ...wrong(`document ${index + 1}`, line, shape), said: () => `error: ${shape}` }
  const object = value as AnyObject
  const { kind, apiVersion, metadata } = object
  const warnings: string[] = []
  try {
    const info = await client.discovery.byKind(apiVersion, kind)
    if (!info) {
      const named = `name: "${metadata?.name ?? ''}" namespace: "${metadata?.namespace ?? ''}"`
      const none = `no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`
      const message = `resource mapping not found for ${named}: ${none}`
      const [at] = await reader.locate(text, [{ index, path: 'kind' }])
      return {
        ...wrong(`${kind}/${metadata?.name ?? ''}`, line, message),
        problems: [{ ...(at ?? { line, column: 1 }), message }],
        said: (file) => `error: resource mapping not found for ${named} from "${file}": ${none}`,
      }
    }
    const complete =
      info.namespaced && !metadata.namespace ? { ...object, metadata: { ...metadata, namespace: 'default' } } : object
    const before = trial ? await client.find(info, complete.metadata.namespace ?? '', metadata.name) : undefined
    const onWarning = (warning: string): void => void warnings.push(warning)
    const { outcome, object: applied } = await applyObject(client, info, complete, { dryRun: trial, onWarning })
    const difference = trial ? { difference: differenceOf(complete, before, applied) } : {}
    return { name: nameOf(info, metadata.name), outcome, line, problems: [], warnings, object: applied, ...difference }
  } catch (error) {
    const problems = await placed(reader, text, document, error)
    const said = (file: string): string =>
      error instanceof ApiError ? serverErrorFor(error, file) : `error: ${messageOf(error)}`
    return { name: `${kind.toLowerCase()}/${metadata?.name ?? ''}`, outcome: 'failed', line, problems, warnings, said }
  }
}

const nameOf = ({ singular, kind, group }: ResourceInfo, name: string): string =>
  `${singular || kind.toLowerCase()}${group ? `.${group}` : ''}/${name}`

/** What kubectl itself refuses before it asks the server. */
function shapeProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type unstructured.detector`
  const { apiVersion, kind, metadata } = value as Record<string, unknown>
  const unset = [
    typeof apiVersion === 'string' && apiVersion ? '' : 'apiVersion not set',
    typeof kind === 'string' && kind ? '' : 'kind not set',
  ]
  const missing = unset.filter(Boolean)
  if (missing.length > 0) return `error validating data: ${missing.length > 1 ? `[${missing.join(', ')}]` : missing[0]}`
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return 'resource name may not be empty'
  const { name, generateName } = metadata as Record<string, unknown>
  return typeof name === 'string' && name !== ''
    ? null
    : generateName
      ? `from ${String(generateName)}: cannot use generate name with apply`
      : 'resource name may not be empty'
}

async function placed(
  reader: ManifestReader,
  text: string,
  { index, line }: ManifestDocument,
  error: unknown,
): Promise<Problem[]> {
  const fields =
    error instanceof ApiError ? fieldsIn(error.message, error.status.details?.causes) : [{ path: '', message: messageOf(error) }]
  const places = await reader.locate(
    text,
    fields.map(({ path }) => ({ index, path })),
  )
  return fields.map(({ message }, i) => ({ ...(places[i] ?? { line, column: 1 }), message }))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
