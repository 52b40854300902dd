/** `kubectl config set` and `unset`: one property by its dotted path. */
import { base64, illegalAt } from '../../base64.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import type { Kubeconfig } from '../../config/kubeconfig.ts'
import { unexpected } from './contexts.ts'

type Kind = 'text' | 'bytes' | 'yes or no'

/** The fields of each list's entries. */
const FIELDS: Record<'clusters' | 'users' | 'contexts', Readonly<Record<string, Kind>>> = {
  clusters: {
    server: 'text',
    'tls-server-name': 'text',
    'insecure-skip-tls-verify': 'yes or no',
    'certificate-authority': 'text',
    'certificate-authority-data': 'bytes',
    'proxy-url': 'text',
    'disable-compression': 'yes or no',
  },
  users: {
    'client-certificate': 'text',
    'client-certificate-data': 'bytes',
    'client-key': 'text',
    'client-key-data': 'bytes',
    token: 'text',
    tokenFile: 'text',
    as: 'text',
    'as-uid': 'text',
    username: 'text',
    password: 'text',
  },
  contexts: { cluster: 'text', user: 'text', namespace: 'text' },
}

interface Place {
  list: keyof typeof FIELDS
  name: string
  field: string | null
}

const LISTS: Record<string, keyof typeof FIELDS> = { clusters: 'clusters', users: 'users', contexts: 'contexts' }

/** Where a path leads: names may hold dots, up to the next known field. */
function placeOf(path: string): Place | 'current-context' | keyof typeof FIELDS {
  const [first = '', ...parts] = path.split('.')
  if (first === 'current-context' && parts.length === 0) return first
  const list = LISTS[first]
  if (!list) throw new KubectlError(`unable to parse ${path} after [] at api.Config`)
  if (parts.length === 0) return list
  const known = parts.slice(1).findIndex((part) => Object.hasOwn(FIELDS[list], part))
  const length = known < 0 ? parts.length : known + 1
  const rest = parts.slice(length)
  if (rest.length > 1) throw new KubectlError(`unable to parse one or more field values of ${path}`)
  return { list, name: parts.slice(0, length).join('.'), field: rest[0] ?? null }
}

function propertyValue({ flags }: Context, kind: Kind, value: string): unknown {
  if (kind === 'yes or no') {
    if (/^(1|t|true)$/i.test(value)) return true
    if (/^(0|f|false)$/i.test(value)) return undefined
    throw new KubectlError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (kind === 'text') return value
  if (flags.is('set-raw-bytes')) return base64(value)
  const at = illegalAt(value)
  if (at >= 0) throw new KubectlError(`error decoding input value: illegal base64 data at input byte ${at}`)
  return value.replace(/[\r\n]/g, '')
}

function write(next: Kubeconfig, { list, name, field }: Place, value: unknown): void {
  const fields = { ...next[list].get(name) }
  if (value === undefined) delete fields[field as string]
  else fields[field as string] = value
  next[list].set(
    name,
    list === 'clusters' ? { server: '', ...fields } : list === 'contexts' ? { cluster: '', user: '', ...fields } : fields,
  )
}

export const set = command({
  name: 'set',
  async run(context) {
    const { args, config, io } = context
    if (args.length !== 2) throw await unexpected(context)
    const [path = '', value = ''] = args
    if (value === '') throw new KubectlError('you cannot use set to unset a property')
    if (path === '') throw new KubectlError('you must specify a property')
    const next = await config.start()
    const place = placeOf(path)
    if (place === 'current-context') next.currentContext = value
    else if (typeof place === 'string' || place.field === null) throw new KubectlError(`can't set a map to a value: map[]`)
    else write(next, place, propertyValue(context, FIELDS[place.list][place.field] as Kind, value))
    await config.save(next)
    io.out(`Property ${JSON.stringify(path)} set.\n`)
  },
})

export const unset = command({
  name: 'unset',
  async run(context) {
    const { args, config, io } = context
    if (args.length !== 1) throw await unexpected(context)
    const [path = ''] = args
    if (path === '') throw new KubectlError('you must specify a property')
    const next = await config.start()
    const place = placeOf(path)
    if (place === 'current-context') next.currentContext = ''
    else if (typeof place === 'string') next[place].clear()
    else if (place.field === null) next[place.list].delete(place.name)
    else if (!next[place.list].has(place.name)) throw new KubectlError(`current map key \`${place.name}\` is invalid`)
    else write(next, place, undefined)
    await config.save(next)
    io.out(`Property ${JSON.stringify(path)} unset.\n`)
  },
})
