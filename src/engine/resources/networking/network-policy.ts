/** NetworkPolicy: who may speak with the Pods it selects. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn, selectorCell } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector } from '../pod/shapes-pod.ts'
import { validateNetworkPolicy } from './network-policy-validation.ts'

const peers = shape({ parts: { podSelector: labelSelector, namespaceSelector: labelSelector } })
const ports = shape({ defaults: { protocol: 'TCP' } })

/** A policy that names no types is about incoming traffic, and about outgoing if it has rules for that. */
const normalSpec = shape({
  parts: {
    podSelector: labelSelector,
    ingress: shape({ parts: { ports, from: peers } }),
    egress: shape({ parts: { ports, to: peers } }),
  },
  always: ['podSelector'],
  finish: (spec) => (spec.policyTypes ? spec : { ...spec, policyTypes: spec.egress ? ['Ingress', 'Egress'] : ['Ingress'] }),
})

export const networkPolicies: Details = {
  generation: true,
  validate: validateNetworkPolicy,
  defaults: (policy: AnyObject) => put(policy, 'spec', normalSpec(policy['spec'] ?? {})),
  columns: [nameColumn, column('Pod-Selector', (policy: AnyObject) => selectorCell(policy['spec']?.podSelector)), ageColumn],
}
