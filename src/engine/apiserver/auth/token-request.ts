/** `serviceaccounts/token`: mints tokens (pkg/registry/core/serviceaccount/storage/token.go). */
import type { Subresource } from '../resource.ts'

export const serviceAccountToken: Subresource = {
  name: 'token',
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
}
