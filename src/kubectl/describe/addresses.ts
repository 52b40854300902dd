/** `kubectl describe` of ranges and addresses of Services. */
import type { AnyObject } from '#api/meta.ts'
import { describer } from './describer.ts'
import { longTime } from './page.ts'

export const serviceCidr = describer({
  kinds: ['ServiceCIDR.networking.k8s.io'],
  describe({ metadata, spec, status }: AnyObject, page) {
    page.head({ metadata }, false)
    page.field(0, 'CIDRs', (spec.cidrs as string[]).join(', '))
    const conditions = (status?.conditions ?? []) as Record<string, string>[]
    if (conditions.length === 0) return
    page.line(0, 'Status:')
    page.line(0, 'Conditions:')
    page.table(
      1,
      ['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'],
      conditions.map((one) => [one['type'], one['status'], longTime(one['lastTransitionTime']), one['reason'], one['message']]),
    )
  },
})

export const ipAddress = describer({
  kinds: ['IPAddress.networking.k8s.io'],
  describe({ metadata, spec }: AnyObject, page) {
    page.head({ metadata }, false)
    const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef ?? {}
    page.put(0, 'Parent Reference:\n')
    page.field(1, 'Group', group)
    page.field(1, 'Resource', resource)
    page.field(1, 'Namespace', namespace)
    page.field(1, 'Name', name)
  },
})
