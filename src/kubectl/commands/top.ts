/** `kubectl top`: what nodes and Pods use, from the Metrics API. */
import { writeDuration } from '#api/go-duration.ts'
import type { AnyObject } from '#api/meta.ts'
import { addQuantities, milliOf, wholeOf } from '#api/quantity.ts'
import { parseTime } from '#api/time.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { TABLE_TABS, tabbed } from '../print/tab-writer.ts'
import { resourceOf } from '../targets.ts'

type Usage = Record<string, string>

/** The Metrics API counts from this age of a Pod on. */
const DELAY_MS = 120_000

async function metricsOf(
  context: Context,
  plural: string,
  namespace: string,
  name: string,
  query: Record<string, string>,
): Promise<AnyObject[]> {
  const { client } = context
  const info = await client.discovery.find(`${plural}.v1beta1.metrics.k8s.io`)
  if (!info) throw new KubectlError('Metrics API not available')
  if (name) return [await client.get(info, namespace, name)]
  return (await client.list(info, namespace, query)).items
}

const measured = ({ flags }: Context): string[] => (flags.is('show-swap') ? ['cpu', 'memory', 'swap'] : ['cpu', 'memory'])

const shown = (resource: string, usage: Usage): string =>
  resource === 'cpu' ? `${milliOf(usage['cpu'])}m` : `${Math.floor(wholeOf(usage[resource]) / 1024 ** 2)}Mi`

function check({ args, flags }: Context, name: string, selectors: readonly string[]): void {
  if (args.length > 1) throw usageError(`top ${name}`, `${name} [NAME | -l label]`)
  if (flags.text('sort-by') && !['cpu', 'memory'].includes(flags.text('sort-by')))
    throw new KubectlError('--sort-by accepts only cpu or memory')
  if (args.length === 1 && selectors.some((selector) => flags.text(selector)))
    throw new KubectlError(`only one of NAME or ${name === 'node' ? '--selector' : 'selector'} can be provided`)
}

/** Most first by what is asked for, else by name. */
function sorted<T>(items: readonly T[], by: string, usageOf: (item: T) => Usage, nameOf: (item: T) => string): T[] {
  const amount = (item: T): number => (by === 'cpu' ? milliOf(usageOf(item)['cpu']) : wholeOf(usageOf(item)['memory']))
  return items.toSorted((a, b) => (by ? amount(b) - amount(a) : 0) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

const print = ({ io }: Context, rows: readonly (readonly string[])[]): void =>
  io.out(tabbed(rows.map((row) => `${row.map((cell) => `${cell}\t`).join('')}\n`).join(''), TABLE_TABS))

const node = command({
  name: 'node',
  completes: 'nodes',
  async run(context) {
    const { args, client, flags } = context
    check(context, 'node', ['selector'])
    const name = args[0] ?? ''
    const query = { labelSelector: flags.text('selector') }
    const metrics = await metricsOf(context, 'nodes', '', name, query)
    if (metrics.length === 0) throw new KubectlError('metrics not available yet')
    const info = await resourceOf(context, 'nodes.v1.')
    const nodes = name ? [await client.get(info, '', name)] : (await client.list(info, '', query)).items
    const available = new Map(
      nodes.map((one) => [one.metadata.name, one['status'][flags.is('show-capacity') ? 'capacity' : 'allocatable'] as Usage]),
    )
    const resources = measured(context)
    const rows = sorted(
      metrics,
      flags.text('sort-by'),
      (one) => one['usage'],
      (one) => one.metadata.name,
    ).map(({ metadata, usage }) => {
      const of = available.get(metadata.name) ?? {}
      available.delete(metadata.name)
      return [metadata.name, ...resources.flatMap((resource) => share(resource, usage, of))]
    })
    for (const lost of available.keys()) rows.push([lost, ...resources.flatMap(() => ['<unknown>', '<unknown>'])])
    const head = [
      'NAME',
      'CPU(cores)',
      'CPU(%)',
      'MEMORY(bytes)',
      'MEMORY(%)',
      ...(flags.is('show-swap') ? ['SWAP(bytes)', 'SWAP(%)'] : []),
    ]
    print(context, flags.is('no-headers') ? rows : [head, ...rows])
  },
})

function share(resource: string, usage: Usage, available: Usage): string[] {
  if (resource === 'swap') return ['<unknown>', '<unknown>']
  const whole = milliOf(available[resource])
  return [shown(resource, usage), `${whole === 0 ? 0 : Math.trunc((milliOf(usage[resource]) / whole) * 100)}%`]
}

interface Container {
  name: string
  usage: Usage
}

const totalOf = (containers: readonly Container[]): Usage =>
  Object.fromEntries(
    ['cpu', 'memory', 'swap'].map((resource) => [
      resource,
      containers.reduce((sum, { usage }) => addQuantities(sum, usage[resource] ?? '0'), '0'),
    ]),
  )

const pod = command({
  name: 'pod',
  completes: 'pods',
  async run(context) {
    const { args, flags, io, namespace } = context
    check(context, 'pod', ['selector', 'field-selector'])
    const everywhere = flags.is('all-namespaces')
    const query = { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }
    const metrics = await metricsOf(context, 'pods', everywhere ? '' : namespace, args[0] ?? '', query)
    if (metrics.length === 0) {
      await whyNone(context, everywhere ? '' : namespace, query)
      io.err(everywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
      return
    }
    const by = flags.text('sort-by')
    const ordered = sorted(
      metrics,
      by,
      (one) => totalOf(one['containers']),
      (one) => (everywhere ? `${one.metadata.namespace}/${one.metadata.name}` : one.metadata.name),
    )
    const resources = measured(context)
    const cells = (usage: Usage): string[] => resources.map((resource) => shown(resource, usage))
    const rows = ordered.flatMap(({ metadata, containers }) => {
      const front = everywhere ? [metadata.namespace ?? ''] : []
      if (!flags.is('containers')) return [[...front, metadata.name, ...cells(totalOf(containers))]]
      const inside = sorted(
        containers as Container[],
        by,
        (one) => one.usage,
        (one) => one.name,
      )
      return inside.map(({ name, usage }) => [...front, metadata.name, name, ...cells(usage)])
    })
    const head = [
      ...(everywhere ? ['NAMESPACE'] : []),
      ...(flags.is('containers') ? ['POD'] : []),
      ...['NAME', 'CPU(cores)', 'MEMORY(bytes)', ...(flags.is('show-swap') ? ['SWAP(bytes)'] : [])],
    ]
    if (flags.is('sum')) {
      const total = totalOf(metrics.flatMap(({ containers }) => containers as Container[]))
      const width = flags.is('no-headers') ? 3 : head.length
      const empty = (count: number): string[] => new Array<string>(Math.max(0, count)).fill('')
      rows.push([...empty(width - 2), '________', '________'], [...empty(width - 3), '', ...cells(total)])
    }
    print(context, flags.is('no-headers') ? rows : [head, ...rows])
  },
})

/** No metrics: of Pods that are there, that is worth an error. */
async function whyNone(context: Context, namespace: string, query: Record<string, string>): Promise<void> {
  const { client, io } = context
  const { items } = await client.list(await resourceOf(context, 'pods.v1.'), namespace, query)
  if (items.length === 0) return
  for (const { metadata } of items) {
    const age = io.now() - parseTime(metadata.creationTimestamp)
    if (age > DELAY_MS)
      throw new KubectlError(`Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${writeDuration(age)}`)
  }
  throw new KubectlError('metrics not available yet')
}

export const top = command({ name: 'top', subcommands: [node, pod] })
