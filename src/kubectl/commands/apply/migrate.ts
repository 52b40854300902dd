/** From client-side to server-side apply: what the client's apply owns goes over to the server's (client-go's csaupgrade). */
import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import { upgradedManagedFields } from '#api/patch/csa-upgrade.ts'
import { type FieldSet, hasPath } from '#api/patch/field-set.ts'
import { isConflict } from '#api/status.ts'
import { LAST_APPLIED } from '#client/apply.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from '../../command.ts'

const OWN = 'kubectl'
const RETRIES = 5

/** Keeps the annotation of earlier applies, which the server's apply would take away as nobody's. */
export async function keepAnnotation({ client }: Context, info: ResourceInfo, object: AnyObject, manager: string): Promise<void> {
  const text = object.metadata.annotations?.[LAST_APPLIED]
  if (manager !== OWN || text === undefined || ownersOf(object, 'Apply').length > 0) return
  const { apiVersion, kind, metadata } = object
  const { name, namespace = '' } = metadata
  const just = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), annotations: { [LAST_APPLIED]: text } },
  }
  await client.patch(info, namespace, name, 'apply', just, { fieldManager: 'kubectl-last-applied' })
}

/** Whether anything was moved. */
export async function migrate({ client }: Context, info: ResourceInfo, object: AnyObject, manager: string): Promise<boolean> {
  const { name, namespace = '' } = object.metadata
  let current = object
  for (let tries = 0; ; tries += 1) {
    const owners = [...new Set(ownersOf(current, 'Update').map((entry) => entry.manager ?? ''))]
    const before = current.metadata.managedFields ?? []
    const fields = upgradedManagedFields(before, owners, manager)
    if (fields === before) return false
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: fields },
      { op: 'replace', path: '/metadata/resourceVersion', value: current.metadata.resourceVersion },
    ]
    try {
      await client.patch(info, namespace, name, 'json', patch)
      return true
    } catch (error) {
      if (!(error instanceof Error) || !isConflict(error)) throw error
      if (tries >= RETRIES) throw new KubectlError(error.message)
      current = await client.get(info, namespace, name)
    }
  }
}

/** Those who own the annotation, and so have applied. */
function ownersOf({ metadata }: AnyObject, operation: 'Apply' | 'Update'): ManagedFieldsEntry[] {
  return (metadata.managedFields ?? []).filter((entry) => {
    const fields = (entry.fieldsV1 ?? null) as FieldSet | null
    return entry.operation === operation && hasPath(fields, ['f:metadata', 'f:annotations', `f:${LAST_APPLIED}`])
  })
}
