/** Pod specs and templates as the Go types see them, with the defaults that templates and Pods share (SetDefaults_PodSpec). */
import { resourceList, shape } from './shape.ts'
import { container, resources, seLinuxOptions } from './shapes-container.ts'
import { volume } from './shapes-volume.ts'

export const labelSelector = shape({ omit: 'matchLabels', parts: { matchExpressions: shape({}) } })

const nodeTerm = shape({ parts: { matchExpressions: shape({}), matchFields: shape({}) } })
const podTerm = shape({ parts: { labelSelector, namespaceSelector: labelSelector } })
const podAffinity = shape({
  parts: {
    requiredDuringSchedulingIgnoredDuringExecution: podTerm,
    preferredDuringSchedulingIgnoredDuringExecution: shape({ parts: { podAffinityTerm: podTerm }, always: ['podAffinityTerm'] }),
  },
})
const affinity = shape({
  parts: {
    nodeAffinity: shape({
      parts: {
        requiredDuringSchedulingIgnoredDuringExecution: shape({ parts: { nodeSelectorTerms: nodeTerm } }),
        preferredDuringSchedulingIgnoredDuringExecution: shape({ parts: { preference: nodeTerm }, always: ['preference'] }),
      },
    }),
    podAffinity,
    podAntiAffinity: podAffinity,
  },
})

/** The two names of one field: what is stored shows both (core/v1 conversion). */
function serviceAccounts(spec: any): any {
  const name = spec.serviceAccountName || spec.serviceAccount
  if (!name || (spec.serviceAccountName === name && spec.serviceAccount === name)) return spec
  return { ...spec, serviceAccountName: name, serviceAccount: name }
}

export const podSpec = shape({
  remember: true,
  omit: 'restartPolicy dnsPolicy nodeSelector serviceAccountName serviceAccount nodeName hostNetwork hostPID hostIPC hostname subdomain schedulerName priorityClassName overhead',
  parts: {
    volumes: volume,
    initContainers: container,
    containers: container,
    ephemeralContainers: container,
    securityContext: shape({ parts: { seLinuxOptions, sysctls: shape({ defaults: { value: '' } }) } }),
    imagePullSecrets: shape({ omit: 'name' }),
    affinity,
    tolerations: shape({ omit: 'key operator value effect' }),
    hostAliases: shape({}),
    dnsConfig: shape({ parts: { options: shape({ omit: 'name' }) } }),
    readinessGates: shape({}),
    overhead: resourceList,
    topologySpreadConstraints: shape({ parts: { labelSelector } }),
    resourceClaims: shape({}),
    resources,
  },
  defaults: {
    // Go prints a missing list as null, but such a spec is refused anyway.
    containers: [],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  },
  finish: serviceAccounts,
})

/** A pod template inside a workload. */
export const podTemplate = shape({
  remember: true,
  parts: { metadata: shape({ omit: 'name generateName namespace labels annotations' }), spec: podSpec },
  always: ['metadata', 'spec'],
})
