/** Custom resources for tests: boats, whose definition uses most of what definitions can say. */
import type { AnyObject } from '#api/meta.ts'

export const GROUP = 'crafts.example.com'

const spec = (): AnyObject['spec'] => ({
  type: 'object',
  required: ['length'],
  'x-kubernetes-validations': [
    { rule: 'self.length >= self.crew', message: 'a boat has room for its crew' },
    { rule: 'self.length >= oldSelf.length', message: 'boats do not shrink' },
  ],
  properties: {
    length: { type: 'integer', minimum: 1, maximum: 400 },
    crew: { type: 'integer', default: 1 },
    color: { type: 'string', enum: ['red', 'blue'] },
    masts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, height: { 'x-kubernetes-int-or-string': true } },
      },
    },
    flags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string', maxLength: 5 } },
    cargo: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
})

const schema = (): AnyObject['schema'] => ({
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: spec(),
      status: { type: 'object', properties: { crew: { type: 'integer' }, sails: { type: 'string' } } },
    },
  },
})

export const boatVersion = (name = 'v1', more: object = {}): AnyObject['spec'] => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: schema(),
  subresources: {
    status: {},
    scale: { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew', labelSelectorPath: '.status.sails' },
  },
  additionalPrinterColumns: [{ name: 'Length', type: 'integer', jsonPath: '.spec.length' }],
  selectableFields: [{ jsonPath: '.spec.color' }],
  ...more,
})

/** A definition of the group {@link GROUP}. */
export const definition = (names: AnyObject['spec'], versions: AnyObject['spec'][], scope = 'Namespaced'): AnyObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${names.plural}.${GROUP}` },
  spec: { group: GROUP, scope, names, versions },
})

export const boats = (...versions: AnyObject['spec'][]): AnyObject =>
  definition(
    { plural: 'boats', singular: 'boat', kind: 'Boat', shortNames: ['bo'], categories: ['all'] },
    versions.length ? versions : [boatVersion()],
  )

export const boat = (name: string, spec: object = { length: 9 }, more: object = {}): AnyObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Boat',
  metadata: { name },
  spec,
  ...more,
})
