/** The expand controller: says of claims that want more that somebody else will see to it (pkg/controller/volume/expand); nothing in Kubernetes itself can. */
import { keyOf } from '#api/meta.ts'
import { compareQuantities } from '#api/quantity.ts'
import { fail } from '#api/status.ts'
import { controller } from '../machinery/controller.ts'
import { CLAIMS, type Claim, VOLUMES, type Volume } from './objects.ts'

export const requestOf = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0'
export const capacityOf = ({ status }: Claim): string => status?.capacity?.['storage'] ?? '0'

/** Asked for more than it has. */
export const wantsMore = (claim: Claim): boolean => compareQuantities(requestOf(claim), capacityOf(claim)) > 0

const grew = (claim: Claim, old: Claim): boolean =>
  compareQuantities(requestOf(claim), requestOf(old)) > 0 || compareQuantities(capacityOf(claim), capacityOf(old)) > 0

export const expand = controller({
  name: 'expand-controller',
  component: 'volume_expand',
  watches: [
    {
      resource: CLAIMS,
      keys(change, object, old) {
        const claim = object as unknown as Claim
        if (change === 'deleted' || claim.status?.phase !== 'Bound') return []
        return !old || grew(claim, old as unknown as Claim) ? [keyOf(claim.metadata)] : []
      },
    },
  ],
  reconcile(key, { cache, api, events }) {
    const claim = cache<Claim>(CLAIMS).byKey(key)
    if (!claim) return
    const volume = api.get<Volume>(VOLUMES, '', claim.spec.volumeName ?? '')
    if (volume.spec.claimRef?.uid !== claim.metadata.uid) {
      throw fail(409, 'Conflict', `persistent Volume is not bound to PVC being updated : ${key}`)
    }
    if (wantsMore(claim))
      events.record(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC')
  },
})
