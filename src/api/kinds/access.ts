/** Who may do what (rbac.authorization.k8s.io/v1). */
import type { KubeObject, LabelSelector } from '../meta.ts'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

export interface Role extends KubeObject {
  rules: PolicyRule[] | null
}

export interface ClusterRole extends Role {
  aggregationRule?: { clusterRoleSelectors?: LabelSelector[] }
}

export interface Subject {
  kind: string
  apiGroup?: string
  name: string
  namespace?: string
}

export interface RoleBinding extends KubeObject {
  subjects?: Subject[]
  roleRef: { apiGroup: string; kind: string; name: string }
}

export type ClusterRoleBinding = RoleBinding
