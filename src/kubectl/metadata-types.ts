/** The types of an object's metadata: kubectl reads those itself, and stops at the first field of a wrong type, in the text's order. */

type Fields = Record<string, unknown>

/** Answers with what is wrong with the value there, or nothing. */
type Check = (
  value: unknown,
  wrong: (value: unknown, type: string, below?: { name: string; of: string }) => string,
) => string | null

const jsonWord = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const text: Check = (value, wrong) => (typeof value === 'string' ? null : wrong(typeof value === 'number' ? 0 : value, 'string'))
const int64: Check = (value, wrong) => (Number.isInteger(value) ? null : wrong(value, 'int64'))

const time: Check = (value) => {
  if (typeof value !== 'string') return null
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return null
  const layout = '2006-01-02T15:04:05Z07:00'
  return /^\d{4}/.test(value) ? null : `parsing time "${value}" as "${layout}": cannot parse "${value}" as "2006"`
}

const textMap: Check = (value, wrong) => {
  if (typeof value !== 'object' || Array.isArray(value)) return wrong(value, 'map[string]string')
  return first(Object.values(value as Fields), (each) => text(each, wrong))
}

const textList: Check = (value, wrong) => {
  if (!Array.isArray(value)) return wrong(value, '[]string')
  return first(value, (each) => text(each, wrong))
}

/** A list of objects, of which these fields are looked at. */
const listOf =
  (type: string, parts: Record<string, Check>): Check =>
  (value, wrong) => {
    if (!Array.isArray(value)) return wrong(value, `[]${type}`)
    return first(value, (each) => {
      if (typeof each !== 'object' || Array.isArray(each)) return wrong(each, type)
      return first(Object.entries(each as Fields), ([name, own]) =>
        own === null ? null : (parts[name]?.(own, (v, t) => wrong(v, t, { name, of: type.replace('v1.', '') })) ?? null),
      )
    })
  }

function first<T>(all: Iterable<T>, look: (one: T) => string | null): string | null {
  for (const one of all) {
    const found = one === null ? null : look(one)
    if (found) return found
  }
  return null
}

const FIELDS: Record<string, Check> = {
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: (value, wrong) => (typeof value === 'string' ? null : wrong(typeof value === 'number' ? 0 : value, 'types.UID')),
  resourceVersion: text,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int64,
  labels: textMap,
  annotations: textMap,
  ownerReferences: listOf('v1.OwnerReference', { apiVersion: text, kind: text, name: text, uid: text }),
  finalizers: textList,
  managedFields: listOf('v1.ManagedFieldsEntry', { manager: text, operation: text, apiVersion: text, time, fieldsType: text }),
}

/** In encoding/json's words. */
export function metadataProblem(object: Fields): string | null {
  return first(Object.entries(object), ([field, value]) => {
    if (value === null) return null
    if (field === 'apiVersion' || field === 'kind')
      return text(value, (v, type) => unmarshal(v, `field metadataOnlyObject.TypeMeta.${field} of type ${type}`))
    if (field !== 'metadata') return null
    if (typeof value !== 'object' || Array.isArray(value))
      return unmarshal(value, 'field metadataOnlyObject.metadata of type v1.ObjectMeta')
    return first(Object.entries(value as Fields), ([name, own]) =>
      own === null
        ? null
        : (FIELDS[name]?.(own, (v, type, below) =>
            unmarshal(v, `field ${below?.of ?? 'ObjectMeta'}.metadata.${name}${below ? `.${below.name}` : ''} of type ${type}`),
          ) ?? null),
    )
  })
}

const unmarshal = (value: unknown, where: string): string => `json: cannot unmarshal ${jsonWord(value)} into Go struct ${where}`
