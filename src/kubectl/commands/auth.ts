/** `kubectl auth can-i` and `whoami`: the server says who one is, and what one may do. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { compactRules, type PolicyRule, resourceText } from '../describe/access.ts'
import { goList } from '../describe/page.ts'
import { printerFor } from '../print/output.ts'
import { TABLE_TABS, tabbed } from '../print/tab-writer.ts'
import { reconcile } from './reconcile.ts'

const VERBS =
  '* get list watch create update patch delete deletecollection use bind impersonate approve sign escalate attest'.split(' ')
const URL_VERBS = '* get put post head options delete patch'.split(' ')
/** Names that stand in rules but are no resources. */
const NOT_RESOURCES = ['users', 'groups']

const review = (context: Context, group: string, kind: string, spec?: object): Promise<AnyObject> => {
  const apiVersion = `${group}/v1`
  const path = `/apis/${apiVersion}/${kind.toLowerCase()}s`
  return context.client.raw(
    'POST',
    path,
    { apiVersion, kind, metadata: {}, ...(spec ? { spec } : {}) },
    { 'content-type': 'application/json' },
  ) as Promise<AnyObject>
}

const canI = command({
  name: 'can-i',
  async run(context) {
    const { args, flags } = context
    const namespace = flags.is('all-namespaces') ? '' : context.namespace
    if (flags.is('list')) {
      if (args.length > 0) throw new KubectlError('list option must be specified with no arguments')
      if (flags.is('quiet') || flags.is('all-namespaces') || flags.has('subresource')) {
        throw new KubectlError("list option can't be specified with neither quiet, all-namespaces nor subresource options")
      }
      return listRules(context, namespace)
    }
    const [verb = '', what = ''] = args
    if (args.length !== 2) {
      throw new KubectlError(
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
      )
    }
    if (flags.has('no-headers')) throw new KubectlError('--no-headers cannot be set without --list specified')
    if (!what.startsWith('/')) return check(context, { resourceAttributes: await attributes(context, verb, what, namespace) })
    if (flags.has('subresource')) throw new KubectlError('--subresource can not be used with NonResourceURL')
    if (!URL_VERBS.includes(verb)) warn(context, `verb '${verb}' is not a known verb`)
    return check(context, { nonResourceAttributes: { verb, path: what } })
  },
})

const warn = ({ io }: Context, text: string): void => io.err(`Warning: ${text}\n\n`)

async function attributes(context: Context, verb: string, what: string, namespace: string): Promise<object> {
  const { client, flags } = context
  const [type = '', ...name] = what.split('/')
  const info = type === '*' ? undefined : await client.discovery.find(type.toLowerCase())
  if (!info && type !== '*' && !NOT_RESOURCES.includes(type.toLowerCase())) {
    const [bare = '', ...group] = type.toLowerCase().split('.')
    warn(context, `the server doesn't have a resource type '${bare}'${group.length > 0 ? ` in group '${group.join('.')}'` : ''}`)
  }
  if (info && !info.namespaced && namespace) {
    warn(context, `resource '${info.plural}' is not namespace scoped${info.group ? ` in group '${info.group}'` : ''}`)
  }
  if (!VERBS.includes(verb)) warn(context, `verb '${verb}' is not a known verb`)
  return {
    namespace,
    verb,
    group: info?.group ?? '',
    resource: info?.plural ?? type,
    subresource: flags.text('subresource'),
    name: name.join('/'),
  }
}

async function check(context: Context, spec: object): Promise<number> {
  const { status } = await review(context, 'authorization.k8s.io', 'SelfSubjectAccessReview', spec)
  const why = [status.reason, status.evaluationError].filter(Boolean).map((text) => ` - ${text}`)
  if (!context.flags.is('quiet')) context.io.out(status.allowed ? 'yes\n' : `no${why.join('')}\n`)
  return status.allowed ? 0 : 1
}

async function listRules(context: Context, namespace: string): Promise<number> {
  const { flags, io } = context
  const { status } = await review(context, 'authorization.k8s.io', 'SelfSubjectRulesReview', { namespace })
  if (status.incomplete) io.err(`Warning: the list may be incomplete: ${status.evaluationError ?? ''}\n`)
  const rules = compactRules([...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])] as PolicyRule[])
  const head = flags.is('no-headers') ? '' : 'Resources\tNon-Resource URLs\tResource Names\tVerbs\n'
  const rows = rules.map((rule) =>
    [resourceText(rule), goList(rule.nonResourceURLs), goList(rule.resourceNames), goList(rule.verbs)].join('\t'),
  )
  io.out(tabbed(head + rows.map((row) => `${row}\n`).join(''), TABLE_TABS))
  return 0
}

const whoAmI = command({
  name: 'whoami',
  async run(context) {
    const { flags, io } = context
    const answer = await review(context, 'authentication.k8s.io', 'SelfSubjectReview').catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 403) {
        throw new KubectlError(
          'the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it',
        )
      }
      throw error
    })
    const printer = printerFor(flags)
    if (printer) {
      io.out(printer(answer, 'selfsubjectreview.authentication.k8s.io/<unknown>'))
      return 0
    }
    const {
      username,
      uid,
      groups,
      extra = {},
    } = answer['status'].userInfo as { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> }
    const rows = [
      ['ATTRIBUTE', 'VALUE'],
      ...(username ? [['Username', username]] : []),
      ...(uid ? [['UID', uid]] : []),
      ...(groups?.length ? [['Groups', goList(groups)]] : []),
      ...Object.keys(extra)
        .sort()
        .map((key) => [`Extra: ${key}`, goList(extra[key])]),
    ]
    io.out(tabbed(rows.map((row) => `${row.join('\t')}\n`).join(''), TABLE_TABS))
    return 0
  },
})

export const auth: Command = command({ name: 'auth', subcommands: [canI, reconcile, whoAmI] })
