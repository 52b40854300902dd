/** Endpoints: the addresses behind a Service, in the form before EndpointSlices. */
import type { Endpoints } from '#api/kinds.ts'
import { resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateEndpoints } from './endpoints-validation.ts'

const address = shape({
  omit: 'hostname',
  defaults: { ip: '' },
  parts: { targetRef: shape({ omit: 'kind namespace name uid apiVersion resourceVersion fieldPath' }) },
})

const normal = shape({
  parts: {
    subsets: shape({
      parts: {
        addresses: address,
        notReadyAddresses: address,
        ports: shape({ omit: 'name protocol', defaults: { port: 0, protocol: 'TCP' } }),
      },
    }),
  },
})

const SHOWN = 3

/** formatEndpoints: at most three, then how many more. */
function listed({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>'
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`))),
  )
  const shown = all.slice(0, SHOWN).join(',')
  return all.length > SHOWN ? `${shown} + ${all.length - SHOWN} more...` : shown
}

export const endpoints = resource<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  short: ['ep'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Endpoints',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  defaults: normal,
  validate: validateEndpoints,
  name: 'dns-subdomain',
  metaOnUpdate: 'both',
  createOnUpdate: true,
  columns: [nameColumn, column('Endpoints', listed), ageColumn],
})
