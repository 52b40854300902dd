/** Schemas as the API server uses them: the facts of Kubernetes' OpenAPI in a compact form, without descriptions. */

export interface Schema {
  /** Absent: any value (RawExtension, JSON). */
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | undefined
  /** Name of another definition; the other fields of this node (default, merge keys) still count. */
  ref?: string
  properties?: Record<string, Schema>
  /** Values of a map (`additionalProperties`). */
  values?: Schema
  items?: Schema
  required?: string[]
  /** int32, int64, double, byte, date-time, micro-time, quantity, int-or-string. */
  format?: string
  enum?: string[]
  default?: unknown
  /** x-kubernetes-patch-merge-key, x-kubernetes-patch-strategy. */
  patchKey?: string
  patchStrategy?: string[]
  listType?: 'atomic' | 'set' | 'map'
  listKeys?: string[]
  mapType?: 'atomic' | 'granular'
  /** x-kubernetes-preserve-unknown-fields and its kin, for custom resources. */
  preserveUnknown?: boolean
  embedded?: boolean
  nullable?: boolean
  /** Go's name for the type where it is a named one (`v1.RestartPolicy`), as unmarshal errors print it. */
  goType?: string
  /** Go holds a pointer: absent and zero differ. */
  pointer?: boolean
  /** An empty list is not the same as none: defaulting asks whether it is there at all. */
  keepsEmpty?: boolean
  /** Go prints the field even when it holds its zero value (no omitempty; structs without omitzero). */
  always?: boolean
  /** The embedded Go structs through which the field is reached: errors name them in the path. */
  via?: string[]
  /** OpenAPI v3 refers to it without `allOf`, for it has no description of its own. */
  bare?: boolean
  /** x-kubernetes-unions, as published. */
  unions?: unknown[]
  /** Custom kinds: the definition as OpenAPI 2 and 3 publish it, which says more than this form. */
  published?: { 2: object; 3: object }
  /** x-kubernetes-group-version-kind of a definition that is a kind. */
  kinds?: GroupVersionKind[]
}

export interface GroupVersionKind {
  group: string
  kind: string
  version: string
}

/** Every definition by name: `io.k8s.api.core.v1.Pod`. */
export interface Schemas {
  get(name: string): Schema | undefined
  /** The definition of a kind, by `apps/v1` and `Deployment`. */
  nameOf?(groupVersion: string, kind: string): string | undefined
  /** Whether Kubernetes' scheme knows the kind, even when it isn't served (`apps/v1beta1`, `Deployment`). */
  isRegistered?(groupVersion: string, kind: string): boolean
  /** Adds or replaces a definition made at run time, and takes it away again. */
  set?(name: string, schema: Schema): void
  delete?(name: string): void
}

/** Follows `ref`s to the definition itself; what stands beside the first ref wins. */
export function resolved(schema: Schema, schemas: Schemas): Schema {
  let node = schema
  for (let hops = 0; node.ref !== undefined && hops < 8; hops++) {
    const target = schemas.get(node.ref)
    if (!target) return node
    const { ref: _ref, ...beside } = node
    node = { ...target, ...beside }
  }
  return node
}
