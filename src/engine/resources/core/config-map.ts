/** ConfigMap: configuration that Pods read. */
import type { ConfigMap } from '#api/kinds.ts'
import { resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateConfigMap } from './config-map-validation.ts'

const normal = shape({ omit: 'data binaryData' })

export const configMaps = resource<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  short: ['cm'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.ConfigMap',
  defaults: normal,
  validate: validateConfigMap,
  name: 'dns-subdomain',
  metaOnUpdate: 'both',
  columns: [
    nameColumn,
    column('Data', (map) => Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length),
    ageColumn,
  ],
})
