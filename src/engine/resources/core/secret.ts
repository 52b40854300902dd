/** Secret: confidential configuration, of types that insist on certain keys. */

import { encodeText } from '#api/base64.ts'
import type { Secret } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { secretWarnings, validateSecret } from './secret-validation.ts'

const normal = shape({ omit: 'data stringData', defaults: { type: 'Opaque' } })

/** `stringData` is for writing only: it is merged into `data` and never stored. */
function merged(secret: Secret): Secret {
  if (!secret.stringData) return secret
  const { stringData, ...rest } = secret
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeText(text)])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } }
}

export const secrets = resource<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Secret',
  defaults: (secret) => {
    const next = merged(normal(secret))
    return next.type === '' ? put(next, 'type', 'Opaque') : next
  },
  validate: validateSecret,
  warnings: secretWarnings,
  name: 'dns-subdomain',
  metaOnUpdate: 'both',
  fields: { type: (secret) => secret.type ?? '' },
  columns: [
    nameColumn,
    column('Type', (secret) => secret.type ?? ''),
    column('Data', (secret) => Object.keys(secret.data ?? {}).length),
    ageColumn,
  ],
})
