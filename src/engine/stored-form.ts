/** What an API server writes into etcd of an object: without its revision, which etcd knows, and mostly as protobuf. */
import type { AnyObject } from '#api/meta.ts'
import type { Resource } from './apiserver/resource.ts'
import { later } from './sim/later.ts'

/** Who writes objects as protobuf, where the API server itself never does. */
export const protobufWriter = later<(object: object) => Uint8Array>('protobuf')
const given: { writer: ((object: object) => Uint8Array) | null } = { writer: null }
protobufWriter.when((writer) => {
  given.writer = writer
})
/** Null: there is none yet. */
export const writer = (): typeof given.writer => given.writer

export interface StoredForm {
  as: 'protobuf' | 'json'
  object: AnyObject
}

type Ordered = ((object: AnyObject) => AnyObject) | null

const JSON_GROUPS = /^(apiextensions|apiregistration)\.k8s\.io$/

/** Custom objects have their fields in the order of the alphabet, at every level. */
function alphabetical(value: any): any {
  if (Array.isArray(value)) return value.map(alphabetical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, each]) => [name, alphabetical(each)]))
}

const DEFINITIONS_AS = 'apiextensions.k8s.io/v1beta1'

/** What v1beta1 has once where all versions have the same, by what it is called there. */
const SHARED: Record<string, string> = {
  schema: 'validation',
  subresources: 'subresources',
  additionalPrinterColumns: 'additionalPrinterColumns',
}

/** Definitions are stored as v1beta1, which has the first version's name, and what all versions share, once. */
function definition(object: AnyObject): AnyObject {
  const { group, names, scope, conversion, preserveUnknownFields = false, versions } = object['spec']
  const isShared = (field: string): boolean =>
    versions.every((each: AnyObject) => JSON.stringify(each[field]) === JSON.stringify(versions[0][field]))
  const shared = Object.keys(SHARED).filter(isShared)
  const own = (version: AnyObject): object =>
    Object.fromEntries(Object.entries(version).filter(([field]) => !shared.includes(field)))
  const once = (field: string): object =>
    shared.includes(field) && versions[0][field] ? { [SHARED[field] as string]: versions[0][field] } : {}
  const spec = {
    group,
    version: versions[0].name,
    names,
    scope,
    ...once('schema'),
    ...once('subresources'),
    versions: versions.map(own),
    ...once('additionalPrinterColumns'),
    conversion: conversion?.webhook ? { strategy: 'Webhook', ...webhook(conversion.webhook) } : conversion,
    preserveUnknownFields,
  }
  return { ...object, apiVersion: DEFINITIONS_AS, spec }
}

const webhook = ({ clientConfig, conversionReviewVersions }: any): object => ({
  webhookClientConfig: clientConfig,
  conversionReviewVersions,
})

export function storedForm(resource: Resource, object: AnyObject, goOrder: Ordered): StoredForm {
  const { resourceVersion: _revision, ...metadata } = object.metadata
  const bare = { ...object, metadata }
  if (resource.custom) return { as: 'json', object: alphabetical(bare) }
  if (!JSON_GROUPS.test(resource.group)) return { as: 'protobuf', object: bare }
  const { kind, apiVersion, ...rest } = goOrder?.(bare) ?? bare
  const typed = { kind, apiVersion, ...rest } as AnyObject
  return { as: 'json', object: resource.plural === 'customresourcedefinitions' ? definition(typed) : typed }
}
