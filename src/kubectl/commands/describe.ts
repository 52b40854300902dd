/** `kubectl describe`: a page per object, with what belongs to it and its events. */
import type { AnyObject } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { describeEvents, eventsAbout } from '../describe/events.ts'
import { generic } from '../describe/generic.ts'
import { describerFor } from '../describe/index.ts'
import { Page } from '../describe/page.ts'
import { bareError, each, together } from '../report.ts'
import { type Found, findObjects, lookedFor, namespaceFor, resourceOf } from '../targets.ts'

export const describe = command({
  name: 'describe',
  completes: 'resources',
  async run(context) {
    const { args, flags, io, namespace } = context
    if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) {
      throw new KubectlError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
      )
    }
    const { found, separator } = await targets(context)
    const events = flags.has('show-events')
      ? flags.is('show-events')
      : found.length === 1 && context.late.length === 0 && separator !== 'prefix'
    const pages: string[] = []
    await each(context, found, async (one) => pages.push(await pageOf(context, one, events)))
    if (pages.length === 0 && context.late.length === 0)
      io.err(flags.is('all-namespaces') ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
    io.out(separator === 'prefix' ? pages.map((page) => `${page}\n`).join('') : pages.join('\n\n'))
    return 0
  },
})

/** A name that is none may be the beginning of several. */
async function targets(context: Context): Promise<{ found: Found[]; separator: 'lines' | 'prefix' }> {
  const { args, client, flags } = context
  if (flags.has('filename') || flags.has('kustomize')) return { found: await ofFiles(context), separator: 'lines' }
  try {
    return {
      // Two words are looked at as TYPE and PREFIX when something is missing, whatever form they have.
      found: await findObjects(context, args, { everything: true, strict: args.length === 2 }),
      separator: 'lines',
    }
  } catch (error) {
    const [type = '', prefix = ''] = args
    if (!isNotFound(error) || args.length !== 2 || type.includes('/')) throw error
    const info = await resourceOf(context, type)
    const { items } = await client.list(info, namespaceFor(context, info))
    const matching = items.filter(({ metadata }) => metadata.name.startsWith(prefix))
    if (matching.length === 0) throw error
    const found = matching.map((object) => ({
      info,
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      object,
    }))
    return { found, separator: 'prefix' }
  }
}

/** What cannot be read is told as one of several, even alone. */
async function ofFiles(context: Context): Promise<Found[]> {
  const looked = await lookedFor(context, [], { asInFiles: true })
  const found = looked.flatMap((one) => (one instanceof Error ? [] : [one]))
  const unread = looked.flatMap((one) => (one instanceof Error ? [bareError(one)] : []))
  if (found.length === 0 && unread.length > 0) throw together(unread)
  context.late.push(...unread)
  return found
}

async function pageOf(context: Context, one: Found, events: boolean): Promise<string> {
  const { client, io } = context
  const page = new Page(io.now())
  const own = describerFor(one.info)
  const { client: asked, flags } = context
  if (!one.name) throw new KubectlError('resource name may not be empty')
  const fresh = flags.has('filename') ? { ...one, object: await asked.get(one.info, one.namespace, one.name) } : one
  const object = own === generic ? fresh.object : await inKnownVersion(context, fresh)
  await own.describe(object, page, { client })
  if (own.events !== false && events) describeEvents(page, await eventsAbout(client, object))
  return page.toString()
}

/** A describer reads its kind in the version that it knows, whichever was asked for (`horizontalpodautoscalers.v1.autoscaling`). */
async function inKnownVersion({ client }: Context, { info, namespace, name, object }: Found): Promise<AnyObject> {
  const known = await client.discovery.find(info.group ? `${info.plural}.${info.group}` : info.plural)
  return !known || known.version === info.version ? object : client.get(known, namespace, name)
}
