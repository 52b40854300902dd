/** `kubectl get`: the server's Tables, or the objects in another format; once, or watching. */

import type { AnyObject } from '#api/meta.ts'
import type { WatchEvent } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { statusFor, TABLE } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { serverError } from '#client/server-error.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { relaxed } from '../print/json-path.ts'
import { type Printer, printerFor } from '../print/output.ts'
import { plainTable } from '../print/plain-table.ts'
import { sortedKeys } from '../print/sorted.ts'
import { align, type TableOptions, tableRows } from '../print/table.ts'
import { bareError, each, tellWhole } from '../report.ts'
import { sorted, sortRows } from '../sorted-output.ts'
import {
  byList,
  getNamed,
  impliesOne,
  inOrder,
  missing,
  namespaceFor,
  type Placed,
  selecting,
  shownName,
  type Target,
  targetsOf,
  targetsOfFiles,
} from '../targets.ts'
import { cutAtTimeout } from '../watching.ts'

export const get = command({
  name: 'get',
  completes: 'resources',
  async run(context) {
    const { flags } = context
    if (flags.has('raw')) return printRaw(context)
    check(context)
    const { targets, unread } = await targetsFor(context)
    if (targets.length === 0 && (flags.has('filename') || flags.has('kustomize'))) {
      context.io.err(`No resources found in ${context.namespace} namespace.\n`)
      return 0
    }
    if (targets.length === 0) {
      const what =
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.'
      const hint = 'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
      const help = "See 'kubectl get -h' for help and examples"
      throw new KubectlError(`${what}\n\nerror: Required resource not specified.\n${hint}\n${help}`, 1, true)
    }
    const printer = printerFor(flags)
    if (flags.is('watch') || flags.is('watch-only')) return watch(context, targets, printer)
    return printer ? printObjects(context, targets, printer, unread) : printTables(context, targets, unread)
  },
})

/** `--raw`: any path of the server, as it answers. */
async function printRaw({ args, client, flags, io }: Context): Promise<number> {
  const path = flags.text('raw')
  if (args.length > 0) throw new KubectlError('arguments may not be passed when --raw is specified')
  if (flags.is('watch') || flags.is('watch-only') || flags.text('selector')) {
    throw new KubectlError('--raw may not be specified with other flags that filter the server request or alter the output')
  }
  if (flags.has('output')) throw new KubectlError('--raw and --output are mutually exclusive')
  if (!path.startsWith('/') && !/^https?:/.test(path))
    throw new KubectlError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`)
  io.out(await client.text(path.replace(/^https?:\/\/[^/]*/, '')))
  return 0
}

/** Refuses what does not go together. */
function check({ args, flags }: Context): void {
  const output = flags.text('output')
  if (flags.is('show-labels') && output !== '' && output !== 'wide')
    throw new KubectlError(`--show-labels option cannot be used with ${output} printer`)
  if (flags.is('output-watch-events') && !flags.is('watch') && !flags.is('watch-only'))
    throw new KubectlError('--output-watch-events option can only be used with --watch or --watch-only')
  if (!flags.is('server-print') && (flags.is('watch') || flags.is('watch-only')))
    throw new KubectlError('--server-print=false is not supported here together with --watch')
  if (flags.has('subresource') && args.length === 1 && !args[0]?.includes('/'))
    throw new KubectlError('subresource cannot be used when bulk resources are specified')
}

/** What is asked for, and what of it could not be read. */
async function targetsFor(context: Context): Promise<{ targets: Target[]; unread: Placed[] }> {
  const { flags } = context
  if (!flags.has('filename') && !flags.has('kustomize')) return { targets: await targetsOf(context), unread: [] }
  // Beside tables a mistake is always one of several.
  return targetsOfFiles(context, printerFor(flags) ? (error) => error : bareError)
}

const query = ({ flags }: Context, more: Record<string, string | undefined> = {}): Record<string, string | undefined> => ({
  labelSelector: flags.text('selector'),
  fieldSelector: flags.text('field-selector'),
  ...more,
})

async function printTables(context: Context, targets: Target[], unread: readonly Placed[] = []): Promise<number> {
  const { flags, io } = context
  let status = 0
  const refusals = [...unread]
  const groups: { info: ResourceInfo; tables: AnyObject[] }[] = []
  for (const target of groupedByKind(targets)) {
    await each(context, [target], async () => {
      const tables = await tablesOf(context, target, (refusal) => refusals.push(refusal))
      if (tables.length > 0) groups.push({ info: target.info, tables })
    })
  }
  const many = new Set(groups.map((group) => group.info)).size > 1
  const by = flags.text('sort-by')
  // Tables are only sorted alone: in several of them there is no such field.
  if (by && groups.flatMap(({ tables }) => tables).length > 1 && !flags.text('chunk-size').match(/^[1-9]$/))
    throw new KubectlError(`couldn't find any field with path ${JSON.stringify(relaxed(by))} in the list of objects`)
  let printed = 0
  for (const { info, tables } of groups) {
    const rows = sortRows(context, tables, by)
    if (rows.length === 0) continue
    const { rows: cells, shape } = tableRows(
      { ...tables[0], rows } as AnyObject,
      tableOptions(context, info, many || flags.is('show-kind')),
    )
    if (printed > 0 && !flags.is('no-headers')) io.out('\n')
    io.out(align(flags.is('no-headers') ? cells : [shape.heads, ...cells]))
    printed += 1
  }
  tellWhole(context, byList(refusals))
  for (const error of byList(refusals)) io.err(`${error instanceof ApiError ? serverError(error) : error.message}\n`)
  if (refusals.length > 0 || context.late.length > 0) status = 1
  if (printed === 0 && status === 0 && !flags.is('ignore-not-found')) io.err(`${nothing(context, targets)}\n`)
  return status
}

/** Consecutive targets of one kind share a table. */
function groupedByKind(targets: Target[]): Target[] {
  const groups: Target[] = []
  for (const target of targets) {
    const last = groups.at(-1)
    const places = target.places ?? []
    if (last && last.info === target.info && last.namespace === target.namespace && last.names.length > 0) {
      last.names = [...last.names, ...target.names]
      last.places = [...(last.places ?? []), ...places]
      last.lists = [...(last.lists ?? []), ...(target.lists ?? [])]
    } else groups.push({ ...target, places })
  }
  return groups
}

async function tablesOf(context: Context, target: Target, refuse: (refusal: Placed) => void): Promise<AnyObject[]> {
  const { client, flags, io } = context
  const { info, names, namespace = namespaceFor(context, info) } = target
  if (names.length > 0 && flags.is('all-namespaces'))
    throw new KubectlError('a resource cannot be retrieved by name across all namespaces')
  const include = flags.has('sort-by') ? 'Object' : undefined
  const plain = !flags.is('server-print')
  if (names.length === 0 && plain) {
    const picked = { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }
    return [plainTable((await selecting(context, info, () => client.list(info, namespace, picked))).items, io.now())]
  }
  if (names.length === 0) {
    const limit = flags.text('chunk-size').replace(/^0+$/, '')
    const piece = (more?: string): Promise<AnyObject> =>
      client.table(info, client.path(info, namespace, '', '', query(context, { limit, includeObject: include, continue: more })))
    const tables = [await selecting(context, info, () => piece())]
    for (let more = continuation(tables[0]); more; more = continuation(tables.at(-1))) tables.push(await piece(more))
    return tables
  }
  const tables: AnyObject[] = []
  for (const [i, name] of names.entries()) {
    if (!name) {
      tables.push(plainTable([{ metadata: { name: '' } } as unknown as AnyObject], io.now()))
      continue
    }
    const answer = await client.send(
      'GET',
      client.path(info, namespace, name, flags.text('subresource'), { includeObject: include }),
      undefined,
      { accept: plain ? 'application/json' : TABLE },
    )
    const body = answer.body as AnyObject
    if (answer.status < 400) tables.push(plain || body.kind !== 'Table' ? plainTable([body], io.now()) : body)
    else if (!(answer.status === 404 && flags.is('ignore-not-found'))) {
      const error = new ApiError(statusFor(answer, 'GET', info, name))
      refuse({
        place: target.places?.[i] ?? 0,
        list: target.lists?.[i],
        error: answer.status === 404 ? await missing(client, namespace, error) : error,
      })
    }
  }
  return tables
}

const continuation = (table: AnyObject | undefined): string | undefined =>
  (table?.metadata as { continue?: string } | undefined)?.continue

const tableOptions = ({ flags }: Context, info: ResourceInfo, showKind: boolean): TableOptions => ({
  wide: flags.text('output') === 'wide',
  noHeaders: flags.is('no-headers'),
  withNamespace: flags.is('all-namespaces') && info.namespaced,
  showLabels: flags.is('show-labels'),
  labelColumns: flags.all('label-columns'),
  ...(showKind ? { showKind: `${info.kind.toLowerCase()}${info.group ? `.${info.group}` : ''}` } : {}),
})

function nothing(context: Context, targets: Target[]): string {
  const scoped = targets.every((t) => t.info.namespaced)
  return !scoped || context.flags.is('all-namespaces')
    ? 'No resources found'
    : `No resources found in ${context.namespace} namespace.`
}

async function printObjects(
  context: Context,
  targets: Target[],
  printer: Printer,
  unread: readonly Placed[] = [],
): Promise<number> {
  const { client, io, flags } = context
  const items: { info: ResourceInfo; object: AnyObject }[] = []
  const refused = [...unread]
  let version = ''
  for (const { info, names, namespace = namespaceFor(context, info), places } of targets) {
    const late: Error[] = []
    await each({ ...context, late }, names, async (name) => {
      const object = flags.is('ignore-not-found')
        ? await client.find(info, namespace, name)
        : await getNamed(context, info, namespace, name, flags.text('subresource'))
      if (object) items.push({ info, object })
    })
    refused.push(...late.map((error) => ({ place: places?.[0] ?? 0, error })))
    if (names.length > 0) continue
    await each(context, [info], async () => {
      const list = await selecting(context, info, () =>
        client.list(info, namespace, { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }),
      )
      version = list.metadata.resourceVersion ?? ''
      items.push(...list.items.map((object) => ({ info, object })))
    })
  }
  context.late.push(...inOrder(refused))
  // One file is one thing: it is shown as a whole or not at all.
  const whole = flags.has('filename') && impliesOne(context, []) && (await io.list(flags.text('filename'))) === null
  const single = flags.all('filename').length < 2 && targets.length === 1 && targets[0]?.names.length === 1
  if (context.late.length > 0 && (single || whole)) return 1
  if (items.length === 0 && flags.is('ignore-not-found')) return 0
  if (flags.text('output') === 'name')
    for (const { info, object } of sorted(context, items, (item) => item.object))
      io.out(printer(object, shownName(info, object.metadata.name)))
  else if (single) {
    if (items[0]) io.out(printer(items[0].object, ''))
  } else
    io.out(
      printer(
        listOf(
          sorted(
            context,
            items.map((i) => i.object),
            (object) => object,
          ),
          version,
        ),
        '',
      ),
    )
  return 0
}

/** kubectl makes a `v1 List` of what it has gathered. */
const listOf = (items: AnyObject[], _version: string): AnyObject =>
  ({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }) as unknown as AnyObject

/** One after the other, in columns that all of them share. */
async function showOneByOne(context: Context, targets: Target[], printer: Printer | null): Promise<void> {
  const { client, flags, io } = context
  for (const { info, namespace = '', names } of targets) await getNamed(context, info, namespace, names[0] as string)
  if (printer) {
    for (const one of targets) await printObjects(context, [one], printer)
    return
  }
  // The first one's kind stands for all.
  const options = tableOptions(context, (targets[0] as Target).info, flags.is('show-kind'))
  const prefix = (word: string): string[] => (flags.is('output-watch-events') ? [word] : [])
  const lines: string[][] = []
  let last = ''
  for (const { info, namespace = '', names } of targets) {
    const { rows, shape } = tableRows(await client.table(info, client.path(info, namespace, names[0] as string)), options)
    const heads = shape.heads.join('\t')
    if (heads !== last && !options.noHeaders) lines.push([...prefix('EVENT'), ...shape.heads])
    last = heads
    for (const row of rows) lines.push([...prefix('ADDED'.padEnd(EVENT_WIDTH)), ...row])
  }
  io.out(align(lines))
}

async function watch(context: Context, asked: Target[], printer: Printer | null): Promise<number> {
  const { client, flags, io } = context
  if (flags.text('sort-by'))
    io.err(
      flags.is('watch')
        ? 'warning: --watch requested, --sort-by will be ignored for watch events received\n'
        : 'warning: --watch-only requested, --sort-by will be ignored\n',
    )
  if (asked.length > 1 && (flags.has('filename') || flags.has('kustomize'))) {
    if (!flags.is('watch-only')) await showOneByOne(context, asked, printer)
    throw new KubectlError(
      `watch is only supported on individual resources and resource collections - ${asked.length} resources were found`,
    )
  }
  const targets = groupedByKind(asked)
  const [target] = targets
  if (target && targets.length === 1 && target.names.length > 1) {
    for (const name of target.names) await getNamed(context, target.info, namespaceFor(context, target.info), name)
    if (printer) await printObjects(context, targets, printer)
    else await printTables(context, targets)
    throw new KubectlError('you may only watch a single resource or type of resource at a time')
  }
  if (!target || targets.length > 1) throw new KubectlError('you may only specify a single resource type')
  const { info, names } = target
  const namespace = namespaceFor(context, info)
  const field = names[0] ? `metadata.name=${names[0]}` : flags.text('field-selector')
  const show = printerOf(context, info, printer)
  let version = '0'
  if (names[0]) version = (await client.get(info, namespace, names[0])).metadata.resourceVersion ?? '0'
  const list = await selecting(context, info, () =>
    client.list(info, namespace, { labelSelector: flags.text('selector'), fieldSelector: field }),
  )
  version = list.metadata.resourceVersion ?? version
  if (!flags.is('watch-only')) {
    const path = client.path(info, namespace, '', '', query(context, { fieldSelector: field }))
    const shown = printer
      ? list.items.map((object) => ({ type: 'ADDED' as const, object }))
      : rowsAsEvents(await client.table(info, path))
    show(shown)
  }
  const stream = client.watch(
    client.path(info, namespace, '', '', query(context, { fieldSelector: field, resourceVersion: version, watch: 'true' })),
    printer === null,
  )
  io.signal.addEventListener('abort', stream.stop, { once: true })
  cutAtTimeout(context, stream.stop)
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) show(batch)
  return 0
}

/** `MODIFIED` fits, whichever event comes first. */
const EVENT_WIDTH = 8

const rowsAsEvents = (table: AnyObject): WatchEvent<AnyObject>[] =>
  table['rows']?.length ? [{ type: 'ADDED', object: table }] : []

/** Prints batches as they come: the head once, then rows aligned to what was printed before. */
function printerOf(context: Context, info: ResourceInfo, printer: Printer | null): (events: WatchEvent<AnyObject>[]) => void {
  const { io, flags } = context
  const options = tableOptions(context, info, flags.is('show-kind'))
  const withEvents = flags.is('output-watch-events')
  let shape: Parameters<typeof tableRows>[2] = null
  const remembered: number[] = []
  return (events) => {
    for (const { type, object } of events) {
      if (type === 'BOOKMARK') continue
      if (type === 'ERROR') throw new KubectlError(String(object['message'] ?? 'watch failed'))
      if (printer) {
        const event = withEvents ? ({ type, object } as unknown as AnyObject) : object
        const oneLine = withEvents && flags.text('output') === 'json'
        io.out(
          oneLine
            ? `${JSON.stringify({ type, object: sortedKeys(object) })}\n`
            : printer(event, shownName(info, object.metadata?.name)),
        )
        continue
      }
      const table = tableRows(object, options, shape)
      const first = shape === null
      shape = table.shape
      const heads = withEvents ? ['EVENT', ...table.shape.heads] : table.shape.heads
      const cells = withEvents ? table.rows.map((row) => [type.padEnd(EVENT_WIDTH), ...row]) : table.rows
      io.out(align(first && !options.noHeaders ? [heads, ...cells] : cells, remembered))
    }
  }
}
