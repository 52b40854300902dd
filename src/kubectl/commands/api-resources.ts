/** `kubectl api-resources` and `api-versions`: what discovery says. */
import { command } from '../command.ts'
import { align } from '../print/table.ts'

export const apiResources = command({
  name: 'api-resources',
  short: 'Print the supported API resources on the server',
  usage: 'api-resources',
  flags: [
    { name: 'api-group', type: 'string', help: 'Limit to resources in the specified API group.' },
    { name: 'namespaced', type: 'bool', default: 'true', help: 'If false, non-namespaced resources will be returned.' },
    { name: 'no-headers', type: 'bool', help: "When using the default or custom-column output format, don't print headers." },
    { name: 'output', short: 'o', type: 'string', help: 'Output format. One of: (wide, name).' },
    { name: 'sort-by', type: 'string', help: 'If non-empty, sort list of resources using specified field (name, kind).' },
    { name: 'verbs', type: 'strings', help: 'Limit to resources that support the specified verbs.' },
    { name: 'categories', type: 'strings', help: 'Limit to resources that belong to the specified categories.' },
  ],
  async run({ client, flags, io }) {
    const everything = await client.discovery.all()
    // Each resource in the preferred version of its group only.
    const preferred = everything.filter((r) => everything.find((o) => o.group === r.group && o.plural === r.plural) === r)
    const all = preferred.filter(
      (r) =>
        (!flags.has('api-group') || r.group === flags.text('api-group')) &&
        (!flags.has('namespaced') || r.namespaced === flags.is('namespaced')) &&
        flags.all('verbs').every((verb) => r.verbs.includes(verb)) &&
        flags.all('categories').every((c) => r.categories.includes(c)) &&
        r.verbs.length > 0,
    )
    const by = flags.text('sort-by')
    const order =
      by === 'kind'
        ? (r: (typeof all)[0]) => r.kind
        : by === 'name'
          ? (r: (typeof all)[0]) => r.plural
          : (r: (typeof all)[0]) => `${r.group} ${r.plural}`
    const sorted = [...all].sort((a, b) => (order(a) < order(b) ? -1 : 1))
    if (flags.text('output') === 'name') {
      io.out(sorted.map((r) => `${r.plural}${r.group ? `.${r.group}` : ''}\n`).join(''))
      return 0
    }
    const wide = flags.text('output') === 'wide'
    const rows = sorted.map((r) => [
      r.plural,
      r.short.join(','),
      r.group ? `${r.group}/${r.version}` : r.version,
      String(r.namespaced),
      r.kind,
      ...(wide ? [r.verbs.join(','), r.categories.join(',')] : []),
    ])
    const heads = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])]
    io.out(align(flags.is('no-headers') ? rows : [heads, ...rows]))
    return 0
  },
})

export const apiVersions = command({
  name: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  usage: 'api-versions',
  async run({ client, io }) {
    const versions = new Set((await client.discovery.all()).map((r) => (r.group ? `${r.group}/${r.version}` : r.version)))
    io.out(
      [...versions]
        .sort()
        .map((v) => `${v}\n`)
        .join(''),
    )
    return 0
  },
})
