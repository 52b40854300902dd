/** ServiceAccount: the identity of what runs in Pods; its `token` subresource mints tokens. */
import type { ServiceAccount } from '#api/kinds.ts'
import { serviceAccountToken } from '../../apiserver/auth/token-request.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'

const normal = shape({ parts: { secrets: shape({ omit: 'kind namespace name uid apiVersion resourceVersion fieldPath' }) } })

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets'

/** References to Secrets are by name only. */
const byName = (account: ServiceAccount): ServiceAccount =>
  account.secrets?.some((secret) => Object.keys(secret).some((key) => key !== 'name'))
    ? put(
        account,
        'secrets',
        account.secrets.map(({ name }) => (name ? { name } : {})),
      )
    : account

export const serviceAccounts = resource<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  short: ['sa'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  subresources: [serviceAccountToken],
  defaults: normal,
  prepareCreate: byName,
  prepareUpdate: byName,
  warnings: (account, old) =>
    account.metadata.annotations?.[MOUNTABLE] !== undefined && old?.metadata.annotations?.[MOUNTABLE] === undefined
      ? [
          `metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
  name: 'dns-subdomain',
  metaOnUpdate: 'both',
  deleteReturnsObject: true,
  columns: [nameColumn, ageColumn],
})
