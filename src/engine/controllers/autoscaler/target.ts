/** The scale of an autoscaler's target: found by kind, read and written through the API (scaleForResourceMappings). */
import { ApiError, fail, isConflict } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Ports } from '../ports.ts'
import type { Autoscaler, Scale, TargetReference } from './types.ts'

export interface Target {
  resource: string
  scale: Scale
}

const goQuote = (text: string): string => JSON.stringify(text)

function groupOf({ apiVersion = '' }: TargetReference): string {
  const parts = apiVersion.split('/')
  if (parts.length > 2) throw fail(400, 'BadRequest', `unexpected GroupVersion string: ${apiVersion}`)
  return parts.length === 2 ? (parts[0] as string) : ''
}

/** Throws in the words that the condition and the event carry. */
export function findTarget({ metadata, spec }: Autoscaler, { api }: Context, served: Ports['served']): Target {
  const { scaleTargetRef: reference } = spec
  const group = groupOf(reference)
  const kinds = served().filter((each) => each.group === group && each.kind === reference.kind)
  const [first] = kinds
  if (!first) {
    const where = group === '' ? '' : ` in group ${goQuote(group)}`
    throw fail(404, 'NotFound', `no matches for kind ${goQuote(reference.kind)}${where}`)
  }
  return {
    resource: first.id,
    scale: api.get<Scale>(first.id, metadata.namespace ?? '', reference.name, { subresource: 'scale' }),
  }
}

const ATTEMPTS = 5

/** Asks for so many replicas; conflicts are tried again with what is there then. */
export function scaleTo({ resource, scale }: Target, replicas: number, because: string, { api }: Context): void {
  let asked = scale
  for (let attempt = 1; ; attempt++) {
    try {
      api.update<Scale>(resource, { ...asked, spec: { replicas } }, { subresource: 'scale', because })
      return
    } catch (error) {
      if (!(error instanceof ApiError) || !isConflict(error) || attempt >= ATTEMPTS) throw error
      asked = api.get<Scale>(resource, scale.metadata.namespace ?? '', scale.metadata.name, { subresource: 'scale' })
    }
  }
}
