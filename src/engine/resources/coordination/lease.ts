/** Lease: who leads, and since when; also the heartbeat of Nodes. */
import { type FieldError, forbiddenField, invalid, notSupported } from '#api/field-error.ts'
import type { Lease } from '#api/kinds.ts'
import { isQualifiedName } from '#api/names.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'

type LeaseSpec = NonNullable<Lease['spec']> & { strategy?: string; preferredHolder?: string }

const normal = shape({})
const STRATEGIES = ['OldestEmulationVersion']

/** ValidateLeaseSpec. */
function validateLease({ spec = {} }: Lease): FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec as LeaseSpec
  return [
    ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
      ? [invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0')]
      : []),
    ...(leaseTransitions !== undefined && leaseTransitions < 0
      ? [invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0')]
      : []),
    ...(strategy === undefined ? [] : strategyErrors(strategy)),
    ...(preferredHolder && !strategy
      ? [forbiddenField('spec.preferredHolder', 'may only be specified if `strategy` is defined')]
      : []),
  ]
}

/** Kubernetes' own names are listed; others must be qualified. The doubled field is Kubernetes' own. */
function strategyErrors(strategy: string): FieldError[] {
  const field = 'spec.strategy.strategy'
  if (!strategy.includes('/')) return STRATEGIES.includes(strategy) ? [] : [notSupported(field, strategy, STRATEGIES)]
  return isQualifiedName(strategy).map((problem) => invalid(field, strategy, problem))
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
  validate: validateLease,
  name: 'dns-subdomain',
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, column('Holder', (lease) => lease.spec?.holderIdentity ?? ''), ageColumn],
})
