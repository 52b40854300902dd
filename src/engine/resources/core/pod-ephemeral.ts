/** Ephemeral containers join a running Pod through a road of their own, and never change or leave. */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField } from '#api/field-error.ts'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { internalDiff } from '../pod/internal.ts'
import { MIRROR, podAnnotationUpdates } from '../pod/validate-annotations.ts'
import { validateMetadataAndSpec } from './pod-validation.ts'
import type { Touch } from './roads.ts'

/** Only the ephemeral containers come from the request. */
function prepare(next: Pod, old: Pod): Pod {
  const { ephemeralContainers } = next.spec
  const { ephemeralContainers: _before, ...spec } = old.spec
  const metadata = { ...old.metadata, managedFields: next.metadata.managedFields ?? old.metadata.managedFields ?? [] }
  return { ...old, metadata, spec: ephemeralContainers ? { ...spec, ephemeralContainers } : spec }
}

function validate(next: Pod, old: Pod): FieldError[] {
  const found: FieldError[] = []
  validateMetadataAndSpec(found, next, old)
  podAnnotationUpdates(found, 'metadata.annotations', next.metadata.annotations, old.metadata.annotations, next.spec)
  if (old.metadata.annotations?.[MIRROR] !== undefined)
    return [forbiddenField('', 'static pods do not support ephemeral containers')]
  const path = 'spec.ephemeralContainers'
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = next.spec.ephemeralContainers?.findLast((c) => c.name === before.name)
    const which = `existing ephemeral containers "${before.name}" may not be`
    if (!now) found.push(forbiddenField(path, `${which} removed\n`))
    else if (!equal(before, now))
      found.push(forbiddenField(path, `${which} changed\n${internalDiff('EphemeralContainer', before, now)}`))
  }
  return found
}

export const ephemeralContainers: Touch = {
  prepare: (next, old) => prepare(next as unknown as Pod, old as unknown as Pod) as unknown as AnyObject,
  validate: (next, old) => validate(next as unknown as Pod, old as unknown as Pod),
}
