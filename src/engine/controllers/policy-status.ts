/** Type checking of ValidatingAdmissionPolicies, told in their status (pkg/controller/validatingadmissionpolicystatus). */
import type { AnyObject } from '#api/meta.ts'
import { controller } from '../machinery/controller.ts'
import type { Ports } from './ports.ts'

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io'

export const policyStatus = ({ checkPolicy }: Ports) =>
  controller({
    name: 'validatingadmissionpolicy-status-controller',
    watches: [{ resource: POLICIES, keys: (change, { metadata }) => (change === 'deleted' ? [] : [metadata.name]) }],
    reconcile(name, { cache, api }) {
      const policy = cache(POLICIES).get('', name) as AnyObject | undefined
      const generation = policy?.metadata.generation ?? 0
      if (!policy || generation <= (policy['status']?.observedGeneration ?? 0)) return
      const expressionWarnings = checkPolicy(policy)
      const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {}
      const status = { observedGeneration: generation, typeChecking }
      const applied = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        status,
      }
      api.patch(POLICIES, '', name, 'apply', applied, {
        subresource: 'status',
        manager: 'validatingadmissionpolicy-status',
        because: `the expressions of ${name} were checked`,
      })
    },
  })
