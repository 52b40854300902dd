/** Lease: who leads, and since when; also the heartbeat of Nodes. */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { Lease } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'

type LeaseSpec = NonNullable<Lease['spec']> & { strategy?: string; preferredHolder?: string }

const normal = shape({})

/** Coordinated elections are behind a gate that is off: what asks for them is dropped. */
function withoutElection(lease: Lease): Lease {
  const { strategy, preferredHolder, ...spec } = (lease.spec ?? {}) as LeaseSpec
  return strategy === undefined && preferredHolder === undefined ? lease : put(lease, 'spec', spec)
}

/** ValidateLeaseSpec. */
function validateLease({ spec = {} }: Lease): FieldError[] {
  const { leaseDurationSeconds, leaseTransitions } = spec
  return [
    ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
      ? [invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0')]
      : []),
    ...(leaseTransitions !== undefined && leaseTransitions < 0
      ? [invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0')]
      : []),
  ]
}

export const leases = resource<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  scope: 'Namespaced',
  schema: 'io.k8s.api.coordination.v1.Lease',
  prefix: 'leases',
  defaults: (lease) => put(lease, 'spec', normal(lease.spec ?? {})),
  prepareCreate: withoutElection,
  prepareUpdate: withoutElection,
  validate: validateLease,
  shown: (lease, server) => (server.freshLease?.(lease as unknown as AnyObject) as Lease | undefined) ?? lease,
  name: 'dns-subdomain',
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, column('Holder', (lease) => lease.spec?.holderIdentity ?? ''), ageColumn],
})
