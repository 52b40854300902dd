/** Projects recordings of a real cluster (OpenAPI, discovery, tables, bootstrap objects) into the engine's catalogue. */
//
//   node scripts/catalogue.mjs FROM GO_TYPES
//
// FROM holds openapi/v2.json, openapi/v3/*.json, discovery/aggregated-*.json, tables.json and bootstrap/*.json as a
// 1.36.3 server answers them. GO_TYPES is the JSON that scripts/go-types/main.go prints: what OpenAPI does not say.
// The output is committed, for it is facts. Its grammar is explained where it is read: the decoders beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [from, goTypesFile] = process.argv.slice(2)
if (!from || !goTypesFile) throw new Error('usage: catalogue.mjs FROM GO_TYPES')
const out = join(dirname(fileURLToPath(import.meta.url)), '../src/engine/resources/catalogue')
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const { types: goTypes, kinds: goKinds } = read(goTypesFile)
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

function check(condition, what) {
  if (!condition) throw new Error(what)
}

function emit(file, about, constants) {
  const body = Object.entries(constants).map(([name, text]) => `export const ${name} =\n  ${quoted(text)}\n`)
  writeFileSync(join(out, file), `/** ${about} Written by scripts/catalogue.mjs. */\n${body.join('')}`)
}

const quoted = (text) => `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``

// ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────────

function definitions() {
  const all = {}
  for (const file of readdirSync(join(from, 'openapi/v3'))) {
    Object.assign(all, read(join(from, 'openapi/v3', file)).components?.schemas)
  }
  return all
}

const splitName = (name) => {
  const cut = name.lastIndexOf('.')
  return [name.slice(0, cut), name.slice(cut + 1)]
}
const refOf = (s) => (s.$ref ?? s.allOf?.[0].$ref)?.split('/').pop()
const goPackage = (pkg) => pkg.slice(pkg.lastIndexOf('.') + 1)

const SCALARS = { string: 's', boolean: 'b', int32: 'i', int64: 'l', double: 'd', byte: 'y', integer: 'n', object: 'o' }
const GO = {
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  byte: '[]uint8',
  integer: 'int',
}
const WITHOUT_DEFAULT = ['Quantity', 'Time', 'MicroTime', 'IntOrString', 'RawExtension', 'JSON', 'FieldsV1']

/** The Go type that the decoder will work out for itself from what is written. */
function plainGoType(s, pkg) {
  const ref = refOf(s)
  if (ref) return `${goPackage(splitName(ref)[0])}.${splitName(ref)[1]}`
  if (s.type === 'array') return `[]${plainGoType(s.items, pkg)}`
  if (s.type === 'object' && s.additionalProperties) return `map[string]${plainGoType(s.additionalProperties, pkg)}`
  return GO[s.format ?? s.type] ?? s.type
}

/** Where Go's name for the type is not the plain one: `'v1.Name`, with the package left out when it is this one. */
function goName(actual, plain, pkg) {
  if (actual === undefined || actual === plain) return ''
  return `'${actual.replace(new RegExp(`^${goPackage(pkg)}\\.`), '')}`
}

function elementGoType(type) {
  if (type === undefined) return undefined
  const rest = type.startsWith('[]')
    ? type.slice(2)
    : /^map\[[^\]]+\]/.test(type)
      ? type.replace(/^map\[[^\]]+\]/, '')
      : undefined
  return rest?.replace(/^\*/, '')
}

function typeCode(s, pkg, packages, go) {
  const ref = refOf(s)
  if (ref) {
    const [refPkg, name] = splitName(ref)
    return (refPkg === pkg ? '' : `${packages.indexOf(refPkg)}.`) + name + goName(go, plainGoType(s, pkg), pkg)
  }
  const elements = s.items ?? s.additionalProperties
  if (elements) {
    const inner = typeCode(elements, pkg, packages, elementGoType(go))
    const keyed = go !== undefined && /^map\[(?!string\])/.test(go)
    const named = go !== undefined && (keyed || elementGoType(go) === undefined) ? goName(go, '', pkg) : ''
    return `${s.items ? '[' : '{'}${named ? `${named}'` : ''}${inner}${listCode(s)}`
  }
  const letter = SCALARS[s.format ?? s.type]
  check(letter, `no code for ${JSON.stringify(s)}`)
  return letter + (s.enum ? `<${s.enum.join('|').replaceAll(' ', '~')}>` : '') + goName(go, plainGoType(s, pkg), pkg)
}

/** `;a` atomic, `;s` set, `;mKEYS` map; `;M` when patch key and strategy follow from the keys; else `%strategy`, `$key`. */
function listCode(s) {
  const type = s['x-kubernetes-list-type']
  const keys = s['x-kubernetes-list-map-keys'] ?? []
  const key = s['x-kubernetes-patch-merge-key']
  const strategy = s['x-kubernetes-patch-strategy']
  if (type === 'map' && key === keys[0] && strategy === 'merge') return `;M${keys}`
  return (type ? `;${type[0]}${keys}` : '') + (strategy ? `%${strategy}` : '') + (key ? `$${key}` : '')
}

/** The default that follows from how Go declares the field, as kube-openapi has it. */
function impliedDefault(s, { pointer, always }) {
  const ref = refOf(s)
  if (pointer || !always) return undefined
  if (ref) return WITHOUT_DEFAULT.includes(splitName(ref)[1]) ? undefined : {}
  if (s.format === 'byte') return undefined
  return { string: '', boolean: false, integer: 0 }[s.type]
}

function propertyCode(name, s, required, go, pkg, packages) {
  const implied = impliedDefault(s, go)
  const exact = JSON.stringify(s.default) !== JSON.stringify(implied)
  check(!exact || s.default !== undefined, `${name} lacks the default it should have`)
  const mapType = s['x-kubernetes-map-type']
  const bare = s.$ref !== undefined
  const code =
    (go.pointer ? '&' : '') +
    (go.always ? '!' : '') +
    (bare ? '/' : '') +
    typeCode(s, pkg, packages, go.type) +
    (s.items || s.additionalProperties ? '' : listCode(s)) +
    (mapType ? `@${mapType[0]}` : '') +
    (go.via && go.via !== 'TypeMeta' ? `>${go.via}` : '') +
    (exact ? `=${JSON.stringify(s.default)}` : '')
  check(!/[ \n]/.test(code) && !/[^A-Za-z0-9_$-]/.test(name), `${name}: ${code}`)
  return `${name}${required ? '*' : ''}:${code}`
}

/** The required ones first, in Go's order, which OpenAPI keeps only there. */
function inOrder({ properties = {}, required = [] }) {
  const rest = Object.keys(properties).filter((key) => !required.includes(key))
  return [...required, ...rest].map((key) => [key, properties[key]])
}

const SPECIAL = ['Quantity', 'Time', 'MicroTime', 'IntOrString', 'RawExtension', 'JSON', 'FieldsV1', 'Patch']

function definitionLine(name, s, packages, groupVersions) {
  const [pkg, short] = splitName(name)
  const kinds = s['x-kubernetes-group-version-kind'] ?? []
  const own = kinds.find((k) => k.kind === short)
  const everywhere = name === `${META}.DeleteOptions` || name === `${META}.WatchEvent`
  if (own && !everywhere) {
    const gv = own.group ? `${own.group}/${own.version}` : own.version
    check((groupVersions[pkg] ??= gv) === gv, `${name} is of another group than its package`)
    check(kinds.length === 1, `${name} has several kinds`)
  }
  const unions = s['x-kubernetes-unions'] ? `|${JSON.stringify(s['x-kubernetes-unions'])}` : ''
  const mapType = s['x-kubernetes-map-type'] ? `@${s['x-kubernetes-map-type'][0]}` : ''
  const properties = inOrder(s).map(([key, property]) => {
    const go = goTypes[name]?.[key] ?? { type: 'string', always: property.default !== undefined }
    return propertyCode(key, property, s.required?.includes(key), go, pkg, packages)
  })
  const kind = everywhere ? '*' : own ? '^' : ''
  const bare = s.type === undefined ? '?' : ''
  return [short + kind + bare + mapType + unions, ...(SPECIAL.includes(short) ? [] : properties)].join(' ')
}

function schemas() {
  const all = definitions()
  const packages = [...new Set(Object.keys(all).map((n) => splitName(n)[0]))].sort()
  const groupVersions = {}
  const byPackage = packages.map((pkg) =>
    Object.keys(all)
      .filter((n) => splitName(n)[0] === pkg)
      .sort()
      .map((n) => definitionLine(n, all[n], packages, groupVersions)),
  )
  const text = byPackage
    .map((lines, i) => [`@${packages[i]} ${groupVersions[packages[i]] ?? ''}`, ...lines].join('\n'))
    .join('\n')
  const everywhere = read(join(from, 'openapi/v2.json')).definitions[`${META}.WatchEvent`]['x-kubernetes-group-version-kind']
  const groups = everywhere.map((k) => (k.group ? `${k.group}/${k.version}` : k.version)).join(' ')
  const constants = { SCHEMAS: text, KNOWN_GROUP_VERSIONS: groups, OTHER_KINDS: otherKinds(all) }
  emit('schemas.data.ts', 'The definitions of the published OpenAPI, packed.', constants)
}

/** Kinds that are registered but not served: those of old versions. */
function otherKinds(all) {
  const published = new Set(
    Object.values(all).flatMap((s) =>
      (s['x-kubernetes-group-version-kind'] ?? []).map((k) => `${k.group}/${k.version}/${k.kind}`),
    ),
  )
  const lines = Object.keys(goKinds)
    .sort()
    .map((gv) => {
      const kinds = goKinds[gv].filter((kind) => {
        const full = gv.includes('/') ? `${gv}/${kind}` : `/${gv}/${kind}`
        return !published.has(full) && !/(List|WatchEvent|(Create|Update|Patch|Delete|Get)Options)$/.test(kind)
      })
      return kinds.length > 0 ? [gv, ...kinds.sort()].join(' ') : ''
    })
  return lines.filter(Boolean).join('\n')
}

// ── kinds and columns ──────────────────────────────────────────────────────────────────────────────────────────────

const VERBS = { create: 'c', delete: 'd', deletecollection: 'D', get: 'g', list: 'l', patch: 'p', update: 'u', watch: 'w' }
const verbCode = (verbs) => {
  const code = verbs.map((v) => VERBS[v]).join('')
  return code === 'cdDglpuw' ? '*' : code
}

function subresourceCode(s, kind) {
  const { group, version, kind: own } = s.responseKind
  const named = own === kind ? '' : group || version ? `${group}/${version}/${own}` : own
  return `${s.subresource}:${named}:${verbCode(s.verbs)}`
}

function kindLine(r) {
  const kind = r.responseKind.kind
  return [
    r.resource,
    kind,
    r.scope[0],
    verbCode(r.verbs),
    r.shortNames?.join(',') ?? '',
    r.categories?.join(',') ?? '',
    (r.subresources ?? []).map((s) => subresourceCode(s, kind)).join(','),
    r.singularResource === kind.toLowerCase() ? '' : r.singularResource,
  ]
    .join('|')
    .replace(/\|+$/, '')
}

function kinds() {
  const lists = ['aggregated-api.json', 'aggregated-apis.json'].map((f) => read(join(from, 'discovery', f)))
  const lines = lists.flatMap((list) =>
    list.items.flatMap((group) =>
      group.versions.flatMap((v) => [`@${group.metadata.name ?? ''} ${v.version}`, ...v.resources.map(kindLine)]),
    ),
  )
  emit('kinds.data.ts', 'Every served resource, in the order of discovery, packed.', { KINDS: lines.join('\n') })
}

/** `Name` is the usual first column and `Age` a string; the rest is NAME[:type][(format)][+priority]. */
function columnCode(c) {
  const type = c.type === 'string' ? '' : `:${c.type}`
  return c.name + type + (c.format ? `(${c.format})` : '') + (c.priority ? '+'.repeat(c.priority) : '')
}

function columns() {
  const lines = read(join(from, 'tables.json')).map(
    (t) => `${t.groupVersion}|${t.resource}|${t.columns.map(columnCode).join('|')}`,
  )
  emit('columns.data.ts', 'The columns of `kubectl get` for every resource, packed.', { COLUMNS: lines.join('\n') })
}

// ── bootstrap ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the server itself fills in goes; the rest is what a fresh cluster is given. */
function bare(object) {
  const { uid, resourceVersion, creationTimestamp, managedFields, generation, ...metadata } = object.metadata
  return { ...object, metadata }
}

function bootstrap() {
  const names = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'flowschemas', 'prioritylevelconfigurations']
  const more = ['priorityclasses', 'namespaces', 'configmaps', 'apiservices', 'servicecidrs', 'services', 'serviceaccounts']
  const lists = [...names, ...more].map((name) => {
    const list = read(join(from, 'bootstrap', `${name}.json`))
    const group = list.apiVersion.includes('/') ? `.${list.apiVersion.split('/')[0]}` : ''
    return {
      resource: name + group,
      apiVersion: list.apiVersion,
      kind: list.kind.replace(/List$/, ''),
      items: list.items.map(bare),
    }
  })
  emit('bootstrap.data.ts', 'The objects that a fresh cluster holds, as JSON.', { BOOTSTRAP: JSON.stringify(lists) })
}

schemas()
kinds()
columns()
bootstrap()
