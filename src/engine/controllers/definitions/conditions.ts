/** Conditions of definitions of custom resources (apihelpers/helpers.go). */

import type { AnyObject } from '#api/meta.ts'
import { AS_API_SERVER } from '../../machinery/client.ts'

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'

export interface DefinitionCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface Names {
  plural: string
  singular?: string
  kind: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
}

export interface Definition extends AnyObject {
  spec: {
    group: string
    scope: string
    names: Names
    versions: { name: string; served: boolean; storage: boolean }[]
    conversion?: { webhook?: { clientConfig?: { caBundle?: string } } }
  }
  status?: { conditions?: DefinitionCondition[] | null; acceptedNames?: Names; storedVersions?: string[] }
}

export const conditionOf = ({ status }: Definition, type: string): DefinitionCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const isTrue = (definition: Definition, type: string): boolean => conditionOf(definition, type)?.status === 'True'

/** The definition with this condition; its time is when its status last changed. */
export function withCondition(definition: Definition, condition: DefinitionCondition, time: string): Definition {
  const conditions = definition.status?.conditions ?? []
  const old = conditionOf(definition, condition.type)
  const since = old?.status === condition.status && old.lastTransitionTime ? old.lastTransitionTime : time
  const next = { ...condition, lastTransitionTime: since }
  const all = old ? conditions.map((each) => (each === old ? next : each)) : [...conditions, next]
  return { ...definition, status: { ...definition.status, conditions: all } }
}

/** Who works inside the API server may do everything. */
export const INSIDE = { identity: AS_API_SERVER }
