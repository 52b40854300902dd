// Developer tool: projects the `generated.proto` files of Kubernetes' Go modules (folders as arguments) into field tables.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name)
    return statSync(file).isDirectory() ? files(file) : name === 'generated.proto' ? [file] : []
  })

/** `message.tag` of the fields that Go writes only when their pointer is set, from the code that writes them. */
function pointersIn(code) {
  const found = new Set()
  for (const [, message, body] of code.matchAll(/^func \(m \*(\w+)\) MarshalToSizedBuffer\(dAtA .*\n([^]*?)^\}/gm)) {
    for (const [, block] of body.matchAll(/^\tif m\.\w+ != nil \{\n([^]*?)^\t\}/gm)) {
      const bytes = [...block.matchAll(/^\t\tdAtA\[i\] = 0x(\w+)$/gm)].map(([, hex]) => Number.parseInt(hex, 16)).reverse()
      const tag = bytes.reduce((sum, byte, i) => sum | ((byte & 127) << (7 * i)), 0)
      found.add(`${message}.${tag >> 3}`)
    }
  }
  return found
}

const messages = {}
for (const file of process.argv.slice(2).flatMap(files)) {
  const text = readFileSync(file, 'utf8').replace(/\/\/.*$/gm, '')
  const pointers = pointersIn(readFileSync(file.replace(/proto$/, 'pb.go'), 'utf8'))
  const pkg = /package ([\w.]+);/.exec(text)[1]
  for (const [, name, body] of text.matchAll(/^message (\w+) \{([^]*?)^\}/gm)) {
    const fields = [...body.matchAll(/(optional|repeated|map<string, ?([\w.]+)>)\s+(?:([\w.]+)\s+)?(\w+)\s*=\s*(\d+)/g)].map(
      ([, label, mapped, type, field, number]) => [
        Number(number),
        field,
        label === 'repeated' ? 'l' : mapped ? 'm' : pointers.has(`${name}.${number}`) ? 'p' : 'o',
        mapped ?? type,
      ],
    )
    messages[`${pkg}.${name}`] = { pkg, fields }
  }
}
const SCALARS = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'bytes', 'double', 'float'])
const resolve = (type, pkg) => {
  if (SCALARS.has(type)) return type
  const name = type.replace(/^\./, '')
  if (messages[name]) return name
  if (messages[`${pkg}.${name}`]) return `${pkg}.${name}`
  throw new Error(`unknown type ${type} in ${pkg}`)
}
const stable = /\.(v\d+|resource|intstr|runtime|schema|json|(meta|metrics)\.v1beta1)\.\w+$/
const names = Object.keys(messages)
  .filter((name) => stable.test(name))
  .sort()
const index = new Map(names.map((name, i) => [name, i]))
const lines = names.map((name) => {
  const { pkg, fields } = messages[name]
  const packed = fields.map(([number, field, label, type]) => {
    const full = resolve(type, pkg)
    return `${number}${label}${SCALARS.has(full) ? full : index.get(full)}:${field}`
  })
  return `${name} ${packed.join(' ')}`.trim()
})
writeFileSync(
  new URL('../src/transport/protobuf.data.ts', import.meta.url),
  `/** Field numbers of Kubernetes 1.36's protobuf messages, one a line: name, then number, o(ne) p(ointer) l(ist) m(ap), type or line, field. */\nexport const MESSAGES = \`\n${lines.join('\n')}\n\`\n`,
)
console.log(names.length, 'messages')
