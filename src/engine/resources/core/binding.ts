/** Binding: never stored; creating one is the older road to a Pod's node. */
import { resource } from '../../apiserver/resource.ts'
import { bindByBody } from './pod-binding.ts'

export const bindings = resource({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Binding',
  verbs: ['create'],
  handle: bindByBody,
})
