/** Groups of the community are protected: definitions in them say where their API was approved (api-approved.kubernetes.io). */
import { type FieldError, invalid, required } from '#api/field-error.ts'
import type { Definition } from './definition.ts'

const ANNOTATION = 'api-approved.kubernetes.io'
const FIELD = `metadata.annotations[${ANNOTATION}]`
const MORE = 'see https://github.com/kubernetes/enhancements/pull/1111'

const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group)

type State = 'missing' | 'bypassed' | 'approved' | 'invalid'

function stateOf(annotation: string): State {
  if (annotation === '') return 'missing'
  if (annotation.startsWith('unapproved')) return 'bypassed'
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+/.test(annotation) ? 'approved' : 'invalid'
}

const textOf = ({ metadata }: Definition): string => metadata.annotations?.[ANNOTATION] ?? ''

export function approvalErrors(next: Definition, old: Definition | null): FieldError[] {
  if (!isProtected(next.spec.group ?? '')) return []
  const state = stateOf(textOf(next))
  // What was wrong before may stay so.
  if (old && stateOf(textOf(old)) === state) return []
  const must = `protected groups must have approval annotation "${ANNOTATION}"`
  if (state === 'missing') return [required(FIELD, `${must}, ${MORE}`)]
  if (state === 'invalid') {
    return [invalid(FIELD, textOf(next), `${must} with either a URL or a reason starting with "unapproved", ${MORE}`)]
  }
  return []
}
