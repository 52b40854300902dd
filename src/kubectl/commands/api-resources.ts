/** `kubectl api-resources` and `api-versions`: what discovery says. */
import type { AnyObject } from '#api/meta.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { command, KubectlError, usageError } from '../command.ts'
import { Unreachable } from '../error.ts'
import { printerFor } from '../print/output.ts'
import { align } from '../print/table.ts'
import { DISCOVERED, noDiscovery } from '../told.ts'
import { ordered } from '../typed.ts'

const FORMATS = ['json', 'kyaml', 'name', 'wide', 'yaml']

export const apiResources = command({
  name: 'api-resources',
  async run({ args, client, flags, io }) {
    if (args.length > 0) throw usageError('api-resources', `unexpected arguments: [${args.join(' ')}]`)
    const format = flags.text('output')
    if (format !== '' && !FORMATS.includes(format)) {
      throw new KubectlError(
        `unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${FORMATS.join(',')}`,
      )
    }
    if (flags.text('sort-by') && !['name', 'kind'].includes(flags.text('sort-by')))
      throw new KubectlError('--sort-by accepts only name or kind')
    // What is kept may be old; this command is how one refreshes it.
    if (!flags.is('cached')) client.discovery.refresh()
    const everything = await client.discovery.all().catch((error: unknown) => {
      if (!(error instanceof Unreachable)) throw error
      io.err(noDiscovery(error, io.now()))
      throw new KubectlError(error.message, 1, true)
    })
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
    const printer = ['json', 'yaml', 'kyaml'].includes(format) ? printerFor(flags) : null
    if (printer) {
      // A list of Go's own: in JSON its fields stand as they are declared.
      io.out(format === 'json' ? `${JSON.stringify(listOf(sorted), null, 4)}\n` : printer(listOf(sorted), ''))
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

const listOf = (resources: readonly ResourceInfo[]): AnyObject =>
  ordered({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.map((r) => ({
      name: r.plural,
      singularName: r.singular,
      namespaced: r.namespaced,
      ...(r.group ? { group: r.group } : {}),
      version: r.version,
      kind: r.kind,
      verbs: r.verbs,
      ...(r.short.length > 0 ? { shortNames: r.short } : {}),
      ...(r.categories.length > 0 ? { categories: r.categories } : {}),
    })),
  } as unknown as AnyObject)

export const apiVersions = command({
  name: 'api-versions',
  async run({ args, client, io }) {
    if (args.length > 0) throw usageError('api-versions', `unexpected arguments: [${args.join(' ')}]`)
    client.discovery.refresh()
    const all = await client.discovery.all().catch((error: unknown) => {
      if (!(error instanceof Unreachable)) throw error
      io.err(noDiscovery(error, io.now()))
      throw new KubectlError(`couldn't get available api versions from server: ${error.dialled(DISCOVERED)}`)
    })
    const versions = new Set(all.map((r) => (r.group ? `${r.group}/${r.version}` : r.version)))
    io.out(
      [...versions]
        .sort()
        .map((v) => `${v}\n`)
        .join(''),
    )
    return 0
  },
})
