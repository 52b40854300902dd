/** Unpacks the catalogue's definitions, each when it is first asked for. */
import { assert } from '#api/assert.ts'
import type { GroupVersionKind, Schema, Schemas } from './schema.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Definitions whose Go types read and write their own JSON. */
const SPECIAL: Record<string, Schema> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string', format: 'quantity' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { format: 'int-or-string' },
  [`${META}.Time`]: { type: 'string', format: 'date-time' },
  [`${META}.MicroTime`]: { type: 'string', format: 'micro-time' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': {},
  [`${META}.FieldsV1`]: {},
  [`${META}.Patch`]: { type: 'object' },
}

const SCALARS: Record<string, Schema> = {
  s: { type: 'string' },
  b: { type: 'boolean' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  d: { type: 'number', format: 'double' },
  y: { type: 'string', format: 'byte' },
  n: { type: 'integer' },
  o: { type: 'object' },
}

const LIST_TYPES: Record<string, Schema['listType']> = { a: 'atomic', s: 'set', m: 'map', M: 'map' }
const ZERO: Record<string, unknown> = { string: '', boolean: false, integer: 0 }
const PROPERTY = /^([^:*]+)(\*?):(&?)(!?)(\/?)(.*)$/
const DEFINITION = /^([A-Za-z0-9_]+)([*^]?)(\??)(?:@(\w))?(?:\|(\S+))?$/

/**
 * The catalogue's definitions by name: read once for all clusters, and never changed.
 *
 * The packed text: a line `@PACKAGE GROUP-VERSION` begins a package; then one line per definition, `NAME PROPERTY…`.
 * After NAME: `^` it is a kind of the package's group version (`*` of every one), `?` it has no type, `@` its map type,
 * `|` its unions. The required ones come first, in Go's order. A property is `name[*]:[&][!][/]TYPE` (required, pointer, always printed, bare reference). TYPE is a
 * scalar's letter with `<enum|values>`, a reference (`Name`, `PACKAGE-INDEX.Name`), or `[` / `{` and the elements' TYPE;
 * then `'GoName`, `;` list type and keys (`M` when patch key and strategy are the usual ones), `%` patch strategy,
 * `$` patch key, `@` map type, `>` Go's embedded structs, `=` default.
 */
export class PackedSchemas {
  readonly #packed = new Map<string, { line: string; package: number }>()
  readonly #unpacked = new Map<string, Schema>()
  readonly #packages: { name: string; groupVersion: string }[] = []
  readonly #kinds = new Map<string, string>()
  readonly #everywhere: GroupVersionKind[]
  readonly #others = new Set<string>()
  readonly #keepsEmpty: Readonly<Record<string, readonly string[]>>

  /**
   * `everywhere`: the group versions in which kinds like DeleteOptions are registered, separated by spaces;
   * `others`: lines `GROUP-VERSION KIND…` of kinds that are registered without a definition; `keepsEmpty`: by definition, the fields
   * of which an empty list is not the same as none.
   */
  constructor(packed: string, everywhere: string, others: string, keepsEmpty: Readonly<Record<string, readonly string[]>> = {}) {
    this.#keepsEmpty = keepsEmpty
    for (const line of others.split('\n')) {
      const [groupVersion = '', ...kinds] = line.split(' ')
      for (const kind of kinds) this.#others.add(`${groupVersion}/${kind}`)
    }
    this.#everywhere = everywhere.split(' ').map((gv) => ({ ...splitGroupVersion(gv), kind: '' }))
    for (const line of packed.split('\n')) {
      if (line.startsWith('@')) {
        const [name = '', groupVersion = ''] = line.slice(1).split(' ')
        this.#packages.push({ name, groupVersion })
      } else this.#index(line)
    }
  }

  #index(line: string): void {
    const head = line.split(' ', 1)[0] as string
    const [, short = '', mark] = DEFINITION.exec(head) ?? []
    const home = this.#packages[this.#packages.length - 1]
    assert(home && short, `catalogue: ${line}`)
    const name = `${home.name}.${short}`
    this.#packed.set(name, { line, package: this.#packages.length - 1 })
    if (mark === '^') this.#kinds.set(`${home.groupVersion}/${short}`, name)
  }

  get(name: string): Schema | undefined {
    const known = this.#unpacked.get(name)
    if (known) return known
    const packed = this.#packed.get(name)
    if (!packed) return undefined
    const schema = this.#definition(name, packed.line, packed.package)
    for (const field of this.#keepsEmpty[name] ?? []) Object.assign(schema.properties?.[field] ?? {}, { keepsEmpty: true })
    this.#unpacked.set(name, schema)
    return schema
  }

  has(name: string): boolean {
    return this.#packed.has(name)
  }

  names(): Iterable<string> {
    return this.#packed.keys()
  }

  nameOf(full: string): string | undefined {
    return this.#kinds.get(full)
  }

  isRegistered(groupVersion: string, kind: string): boolean {
    const full = `${groupVersion}/${kind}`
    const item = full.replace(/List$/, '')
    if (this.#kinds.has(full) || this.#others.has(full) || this.#others.has(item)) return true
    const known = this.#everywhere.some((gv) => (gv.group ? `${gv.group}/${gv.version}` : gv.version) === groupVersion)
    return known && /^((Create|Update|Patch|Delete|Get|List)Options|WatchEvent)$/.test(kind)
  }

  #definition(name: string, line: string, home: number): Schema {
    const [head = '', ...properties] = line.split(' ')
    const [, short = '', mark, bare, mapType, unions] = DEFINITION.exec(head) ?? []
    const special = SPECIAL[name]
    if (special) return special
    const schema: Schema = bare ? {} : { type: 'object' }
    if (properties.length > 0) {
      const required: string[] = []
      schema.properties = {}
      for (const property of properties) {
        const [, key = '', must, pointer, always, bareRef, code = ''] = PROPERTY.exec(property) ?? []
        const flags = {
          ...(pointer ? { pointer: true } : {}),
          ...(always ? { always: true } : {}),
          ...(bareRef ? { bare: true } : {}),
        }
        schema.properties[key] = { ...new TypeReader(code, home, this.#packages).read(true, flags), ...flags }
        if (must) required.push(key)
      }
      if (required.length > 0) schema.required = required
    }
    if (mapType) schema.mapType = mapType === 'a' ? 'atomic' : 'granular'
    if (unions) schema.unions = JSON.parse(unions)
    if (mark === '^') schema.kinds = [{ ...splitGroupVersion(this.#packages[home]?.groupVersion ?? ''), kind: short }]
    if (mark === '*') schema.kinds = this.#everywhere.map((gv) => ({ ...gv, kind: short }))
    return schema
  }
}

/** Definitions by name: the catalogue's, and those that one cluster's CustomResourceDefinitions add. */
export class SchemaSet implements Schemas {
  readonly #catalogue: PackedSchemas
  readonly #own = new Map<string, Schema>()
  readonly #ownKinds = new Map<string, string>()

  constructor(catalogue: PackedSchemas) {
    this.#catalogue = catalogue
  }

  get(name: string): Schema | undefined {
    return this.#own.get(name) ?? this.#catalogue.get(name)
  }

  has(name: string): boolean {
    return this.#own.has(name) || this.#catalogue.has(name)
  }

  /** The names of all definitions, the catalogue's first. */
  names(): string[] {
    return [...new Set([...this.#catalogue.names(), ...this.#own.keys()])]
  }

  /** The definition of a kind, by `apps/v1` and `Deployment`. */
  nameOf(groupVersion: string, kind: string): string | undefined {
    const full = `${groupVersion}/${kind}`
    return this.#ownKinds.get(full) ?? this.#catalogue.nameOf(full)
  }

  isRegistered(groupVersion: string, kind: string): boolean {
    return this.#ownKinds.has(`${groupVersion}/${kind}`) || this.#catalogue.isRegistered(groupVersion, kind)
  }

  /** Adds or replaces a definition made at run time. */
  set(name: string, schema: Schema): void {
    this.#own.set(name, schema)
    for (const kind of schema.kinds ?? []) this.#ownKinds.set(fullName(kind), name)
  }

  delete(name: string): void {
    for (const kind of this.#own.get(name)?.kinds ?? []) this.#ownKinds.delete(fullName(kind))
    this.#own.delete(name)
  }
}

const fullName = ({ group, version, kind }: GroupVersionKind): string => `${group ? `${group}/` : ''}${version}/${kind}`

export function splitGroupVersion(groupVersion: string): { group: string; version: string } {
  const cut = groupVersion.indexOf('/')
  return cut < 0
    ? { group: '', version: groupVersion }
    : { group: groupVersion.slice(0, cut), version: groupVersion.slice(cut + 1) }
}

/** Reads one TYPE, from left to right. */
class TypeReader {
  readonly #code: string
  readonly #home: number
  readonly #packages: { name: string }[]
  #at = 0

  constructor(code: string, home: number, packages: { name: string }[]) {
    this.#code = code
    this.#home = home
    this.#packages = packages
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#code)
    if (!found) return undefined
    this.#at += found[0].length
    return found[1] ?? ''
  }

  /** `field`: a property, with list and patch facts and a default that follows from `flags`; else elements of a list or map. */
  read(field: boolean, flags: { pointer?: boolean; always?: boolean } = {}): Schema {
    const letter = this.#code[this.#at] as string
    const schema =
      letter === '[' || letter === '{' ? this.#elements(letter) : /[a-z]/.test(letter) ? this.#scalar() : this.#reference()
    return field ? this.#property(schema, flags) : Object.assign(schema, impliedDefault(schema))
  }

  #property(schema: Schema, flags: { pointer?: boolean; always?: boolean }): Schema {
    this.#list(schema)
    const mapType = this.#take(/@(\w)/y)
    if (mapType) schema.mapType = mapType === 'a' ? 'atomic' : 'granular'
    const via = this.#take(/>([\w.]+)/y)
    if (via) schema.via = via.split('.')
    const explicit = this.#take(/=(\S+)/y)
    if (explicit !== undefined) return Object.assign(schema, { default: JSON.parse(explicit) })
    return !flags.pointer && flags.always ? Object.assign(schema, impliedDefault(schema)) : schema
  }

  #elements(letter: string): Schema {
    this.#at += 1
    const goType = this.#take(/'([^']+)'/y)
    const inner = this.read(false)
    const named = goType ? { goType: this.#goName(goType) } : {}
    return letter === '[' ? { type: 'array', items: inner, ...named } : { type: 'object', values: inner, ...named }
  }

  #scalar(): Schema {
    const schema = { ...SCALARS[this.#code[this.#at] as string] }
    this.#at += 1
    const values = this.#take(/<([^>]*)>/y)
    if (values !== undefined) schema.enum = values.replaceAll('~', ' ').split('|')
    return this.#named(schema)
  }

  #reference(): Schema {
    const index = this.#take(/(\d+)\./y)
    const name = this.#take(/(\w+)/y)
    return this.#named({ ref: `${this.#packages[index === undefined ? this.#home : Number(index)]?.name}.${name}` })
  }

  #named(schema: Schema): Schema {
    const goType = this.#take(/'([\w.[\]*]+)/y)
    if (goType !== undefined) schema.goType = this.#goName(goType)
    return schema
  }

  /** A name without a package is of this one: `RestartPolicy` in core.v1 is `v1.RestartPolicy`. */
  #goName(name: string): string {
    const home = this.#packages[this.#home]?.name ?? ''
    return /^[A-Z]\w*$/.test(name) ? `${home.slice(home.lastIndexOf('.') + 1)}.${name}` : name
  }

  #list(schema: Schema): void {
    const list = this.#take(/;([asmM][\w,]*)/y)
    if (list !== undefined) {
      const keys = list.slice(1).split(',').filter(Boolean)
      schema.listType = LIST_TYPES[list[0] as string]
      if (keys.length > 0) schema.listKeys = keys
      if (list[0] === 'M') Object.assign(schema, { patchKey: keys[0], patchStrategy: ['merge'] })
    }
    const strategy = this.#take(/%([\w,]+)/y)
    if (strategy !== undefined) schema.patchStrategy = strategy.split(',')
    const key = this.#take(/\$(\w+)/y)
    if (key !== undefined) schema.patchKey = key
  }
}

const OWN_JSON = /\.(JSON|JSONSchemaPropsOr\w+)$/

/** The default that kube-openapi writes for values that Go cannot leave out. */
function impliedDefault(schema: Schema): { default?: unknown } {
  if (schema.ref !== undefined) return schema.ref in SPECIAL || OWN_JSON.test(schema.ref) ? {} : { default: {} }
  if (schema.format === 'byte' || schema.type === undefined || !(schema.type in ZERO)) return {}
  return { default: ZERO[schema.type] }
}
