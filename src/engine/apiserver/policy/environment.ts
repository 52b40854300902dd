/** What policies' expressions may name, and how they are compiled (apiserver/pkg/admission/plugin/cel/compile.go, composition.go). */
import {
  AUTHORIZER,
  type CelType,
  compile,
  type Environment,
  type Program,
  RESOURCE_CHECK,
  resultError,
  types,
} from '../cel/index.ts'

const { BOOL, DYN, INT, listOf, mapOf, objectType, STRING, TIMESTAMP } = types

const fieldsOf = (name: string, fields: Record<string, CelType>): CelType =>
  objectType(name, (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined))

const kindType = fieldsOf('kubernetes.GroupVersionKind', { group: STRING, version: STRING, kind: STRING })
const resourceType = fieldsOf('kubernetes.GroupVersionResource', { group: STRING, version: STRING, resource: STRING })
const userType = fieldsOf('kubernetes.UserInfo', {
  username: STRING,
  uid: STRING,
  groups: listOf(STRING),
  extra: mapOf(STRING, listOf(STRING)),
})
export const REQUEST = fieldsOf('kubernetes.AdmissionRequest', {
  kind: kindType,
  resource: resourceType,
  subResource: STRING,
  requestKind: kindType,
  requestResource: resourceType,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: userType,
  dryRun: BOOL,
  options: DYN,
})

const strings = mapOf(STRING, STRING)
export const NAMESPACE = fieldsOf('kubernetes.Namespace', {
  metadata: fieldsOf('kubernetes.NamespaceMetadata', {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: strings,
    annotations: strings,
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: listOf(STRING),
  }),
  spec: fieldsOf('kubernetes.NamespaceSpec', { finalizers: listOf(STRING) }),
  status: fieldsOf('kubernetes.NamespaceStatus', {
    conditions: listOf(
      fieldsOf('kubernetes.NamespaceCondition', {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
    phase: STRING,
  }),
})

/** `Object`, `Object.spec`: what an apply configuration is built of; its fields may hold anything. */
export const APPLY_OBJECT = objectType('Object', () => DYN)
export const JSON_PATCH = fieldsOf('JSONPatch', { op: STRING, path: STRING, from: STRING, value: DYN })

function patchTypes(name: string): CelType | undefined {
  if (name === 'JSONPatch') return JSON_PATCH
  return name === 'Object' || name.startsWith('Object.') ? objectType(name, () => DYN) : undefined
}

export interface Declared {
  params: boolean
  authorizer: boolean
  /** `Object{…}` and `JSONPatch{…}` may be built. */
  patches?: boolean
  /** Types of `object` and `params`, when they are known: for type checking. */
  object?: CelType
  paramType?: CelType
}

/** An expression that was compiled, or why it couldn't be. */
export interface Compiled {
  readonly expression: string
  readonly program: Program | null
  /** Empty when it compiled. */
  readonly error: string
}

/** Compiles the expressions of one policy: each variable may name those before it, everything else all of them. */
export class PolicyCompiler {
  readonly variables = new Map<string, Compiled>()
  readonly #types = new Map<string, CelType>()
  readonly #composed: boolean
  readonly #variablesType = objectType('kubernetes.variables', (name) => this.#types.get(name))

  /** `composed`: whether there is a `variables` at all. */
  constructor(composed: boolean) {
    this.#composed = composed
  }

  #environment({ params, authorizer, patches, object, paramType }: Declared): Environment {
    const variables: Record<string, CelType> = {
      object: object ?? DYN,
      oldObject: object ?? DYN,
      namespaceObject: NAMESPACE,
      request: REQUEST,
      ...(params ? { params: paramType ?? DYN } : {}),
      ...(authorizer ? { authorizer: AUTHORIZER, 'authorizer.requestResource': RESOURCE_CHECK } : {}),
      ...(this.#composed ? { variables: this.#variablesType } : {}),
    }
    return patches ? { variables, structs: patchTypes } : { variables }
  }

  /** `wanted`: what it may evaluate to; nothing for anything. */
  compile(expression: string, declared: Declared, ...wanted: CelType[]): Compiled {
    const compiled = compile(expression, this.#environment(declared))
    if (!compiled.ok) return { expression, program: null, error: `compilation failed: ${compiled.error}` }
    const { program } = compiled
    const error = wanted.length > 0 ? resultError(program, ...wanted) : null
    return { expression, program: error === null ? program : null, error: error ?? '' }
  }

  variable(name: string, expression: string, declared: Declared): Compiled {
    const compiled = this.compile(expression, declared)
    this.#types.set(name, compiled.program ? passedOn(compiled.program.type) : DYN)
    this.variables.set(name, compiled)
    return compiled
  }
}

const KEPT = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'null', 'string', 'timestamp', 'uint'])

/** What is known of a variable's type where it is used: lists, maps and plain values; all else is dyn (convertCelTypeToDeclType). */
function passedOn(type: CelType): CelType {
  if (KEPT.has(type.kind)) return type
  const [first, second] = type.params
  if (type.kind === 'list' && first) return listOf(passedOn(first))
  if (type.kind === 'map' && first && second) return mapOf(passedOn(first), passedOn(second))
  return DYN
}
