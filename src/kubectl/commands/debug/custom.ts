/** `--custom FILE`: part of a container's spec, merged into the debugging container as a strategic patch. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, KubectlError } from '../../command.ts'
import { resourceOf } from '../../targets.ts'
import type { DebugContainer } from './profiles.ts'

/** What stands in the file; undefined where none was asked for. */
export async function customProfile({ flags, io }: Context): Promise<Dict | undefined> {
  const file = flags.text('custom')
  if (file === '') return undefined
  const text = await io.read(file).catch((error: unknown) => {
    throw new KubectlError(
      `must pass a container spec json file for custom profile: ${error instanceof Error ? error.message : error}`,
    )
  })
  try {
    const { value } = parseYaml(text)
    if (value === null || value === undefined) return undefined
    if (typeof value === 'object' && !Array.isArray(value)) return value as Dict
    throw new YamlError(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type v1.Container`,
    )
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new KubectlError(`${file} does not contain a valid container spec: ${error.message}`)
  }
}

const FIXED = ['name', 'command', 'image', 'lifecycle', 'volumeDevices']

export function checkCustom(custom: Dict | undefined): void {
  const set = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value))
  if (custom && FIXED.some((field) => set(custom[field])))
    throw new KubectlError('name, command, image, lifecycle and volume devices are not modifiable via custom profile')
}

/** The container with the profile merged in. */
export async function customized(
  context: Context,
  container: DebugContainer,
  custom: Dict,
  list: 'containers' | 'ephemeralContainers',
): Promise<DebugContainer> {
  const schema = await patchSchemaOf(context.client, await resourceOf(context, 'pods'))
  if (!schema) throw new KubectlError('the server publishes no schema of Pods')
  const { schema: own } = schema.field('spec').schema.field(list)
  return applyStrategicMerge(container, { ...custom, name: container.name }, own) as DebugContainer
}
