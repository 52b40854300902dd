/** Flunders: what their two versions mean, and what may be wrong with one (pkg/apis/wardle: conversion, defaults, validation). */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'

/** As v1beta1 has it, and as it is validated. */
export interface Spec {
  flunderReference?: string
  fischerReference?: string
  referenceType?: string
}

/** As v1alpha1 has it. */
interface AlphaSpec {
  reference?: string
  referenceType?: string
}

const FLUNDER = 'Flunder'
const FISCHER = 'Fischer'

const field = (name: keyof Spec, value: string | undefined): Spec => (value ? { [name]: value } : {})

/** What it refers to is a flunder where nobody says else. */
export const alphaDefaults = (spec: AlphaSpec): AlphaSpec =>
  !spec.referenceType && spec.reference ? { ...spec, referenceType: FLUNDER } : spec

/** Another type than the two is lost on the way. */
export function fromAlpha({ reference, referenceType }: AlphaSpec): Spec {
  if (referenceType === FLUNDER) return { ...field('flunderReference', reference), referenceType }
  return referenceType === FISCHER ? { ...field('fischerReference', reference), referenceType } : {}
}

export function toAlpha({ flunderReference, fischerReference, referenceType }: Spec): AlphaSpec {
  if (referenceType !== FLUNDER && referenceType !== FISCHER) return {}
  const reference = referenceType === FLUNDER ? flunderReference : fischerReference
  return { ...(reference ? { reference } : {}), referenceType }
}

export const withSpec = (object: AnyObject, apiVersion: string, change: (spec: object) => object): AnyObject =>
  put(put(object, 'apiVersion', apiVersion), 'spec', change(object['spec'] ?? {}))

export function validateFlunder({ flunderReference = '', fischerReference = '', referenceType = '' }: Spec): FieldError[] {
  const found: FieldError[] = []
  const wrong = (name: keyof Spec, value: string, why: string): void => void found.push(invalid(`spec.${name}`, value, why))
  if (flunderReference && fischerReference)
    wrong('fischerReference', fischerReference, 'cannot be set with flunderReference at the same time')
  else if (flunderReference && referenceType !== FLUNDER)
    wrong('flunderReference', flunderReference, 'cannot be set if referenceType is not Flunder')
  else if (fischerReference && referenceType !== FISCHER)
    wrong('fischerReference', fischerReference, 'cannot be set if referenceType is not Fischer')
  else if (!fischerReference && referenceType === FISCHER)
    wrong('fischerReference', fischerReference, 'cannot be empty if referenceType is Fischer')
  else if (!flunderReference && referenceType === FLUNDER)
    wrong('flunderReference', flunderReference, 'cannot be empty if referenceType is Flunder')
  if (referenceType && referenceType !== FISCHER && referenceType !== FLUNDER)
    wrong('referenceType', referenceType, 'must be Flunder or Fischer')
  return found
}
