/** EndpointSlice: a part of the addresses behind a Service. */

import { equal } from '#api/equal.ts'
import { ipWarnings } from '#api/ip.ts'
import type { EndpointSlice } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateEndpointSlice } from './endpoint-slice-validation.ts'

const reference = shape({ omit: 'kind namespace name uid apiVersion resourceVersion fieldPath' })
const named = shape({ defaults: { name: '' } })

const normal = shape({
  parts: {
    endpoints: shape({
      omit: 'deprecatedTopology',
      parts: { conditions: shape({}), targetRef: reference, hints: shape({ parts: { forZones: named, forNodes: named } }) },
      always: ['conditions'],
      defaults: { addresses: null },
    }),
    ports: shape({ defaults: { name: '', protocol: 'TCP' } }),
  },
  defaults: { addressType: '', endpoints: null, ports: null },
})

/** Empty lists are lists as long as it is counted who owns them; in the store they are none. */
function normalSlice(slice: EndpointSlice): EndpointSlice {
  const next = normal(slice)
  const listed = put(next, 'endpoints', slice.endpoints?.length === 0 ? slice.endpoints : next.endpoints)
  return put(listed, 'ports', slice.ports?.length === 0 ? slice.ports : (next.ports ?? null))
}

/** What was once told of where an endpoint is cannot be set any more. */
function withoutTopology(slice: EndpointSlice): EndpointSlice {
  if (!slice.endpoints?.some((endpoint) => 'deprecatedTopology' in endpoint)) return slice
  const endpoints = slice.endpoints.map((endpoint) => {
    const { deprecatedTopology: _gone, ...rest } = endpoint as typeof endpoint & { deprecatedTopology?: unknown }
    return rest
  })
  return { ...slice, endpoints }
}

/** The generation counts changes of labels too. */
function prepareUpdate(sent: EndpointSlice, old: EndpointSlice): EndpointSlice {
  const next = normal(sent)
  const same =
    next.addressType === old.addressType &&
    equal(next.endpoints, old.endpoints) &&
    equal(next.ports, old.ports) &&
    equal(next.metadata.labels ?? {}, old.metadata.labels ?? {})
  const generation = (old.metadata.generation ?? 0) + (same ? 0 : 1)
  return put(next, 'metadata', put(next.metadata, 'generation', generation))
}

function warnings(slice: EndpointSlice, old: EndpointSlice | null): string[] {
  const addresses = (slice.endpoints ?? []).flatMap(({ addresses = [] }, i) =>
    addresses.map((address, k) => ({ address, field: `endpoints[${i}].addresses[${k}]` })),
  )
  return [
    ...(!old && slice.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...(slice.addressType === 'FQDN' ? [] : addresses.flatMap(({ address, field }) => ipWarnings(field, address))),
  ]
}

const SHOWN = 3

/** listWithMoreString: at most three, then how many more. */
const listed = (all: string[]): string =>
  all.length > SHOWN ? `${all.slice(0, SHOWN).join(',')} + ${all.length - SHOWN} more...` : all.join(',') || '<unset>'

export const endpointSlices = resource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  scope: 'Namespaced',
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  prefix: 'endpointslices',
  defaults: normalSlice,
  drops: withoutTopology,
  prepareCreate: (slice) => put(normal(slice), 'metadata', put(slice.metadata, 'generation', 1)),
  prepareUpdate,
  validate: validateEndpointSlice,
  warnings,
  name: 'dns-subdomain',
  metaOnUpdate: 'full',
  columns: [
    nameColumn,
    column('AddressType', (slice) => slice.addressType),
    column('Ports', (slice) =>
      listed((slice.ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : (name ?? '*')))),
    ),
    column('Endpoints', (slice) => listed((slice.endpoints ?? []).flatMap(({ addresses }) => addresses ?? []))),
    ageColumn,
  ],
})
