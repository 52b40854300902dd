/** `kubeadm token`: the secrets that let machines join (cmd/kubeadm/app/cmd/token.go). */
import { encodeText } from '#api/base64.ts'
import { field, PREFIX, TYPE } from '#api/bootstrap-tokens.ts'
import { readDuration } from '#api/go-duration.ts'
import type { AnyObject } from '#api/meta.ts'
import { formatTime, parseTime } from '#api/time.ts'
import { TOKEN_GROUP } from '../../addons/kubeadm/joining.ts'
import { serverOf } from '../node-files.ts'
import type { Host } from '../ports.ts'
import { keyHash } from './keys.ts'
import { table } from './tables.ts'
import { admin, type Step, Stop, type Task, wordsOf } from './task.ts'
import { checkToken, USAGES } from './token-checks.ts'

const NAMESPACE = 'kube-system'
const PATTERN = '\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z'
const ID_PATTERN = '\\\\A([a-z0-9]{6})\\\\z'
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'
const DAY = '24h0m0s'

export const readToken = (text: string): { id: string; secret: string } | null => {
  const found = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text)
  return found ? { id: found[1] as string, secret: found[2] as string } : null
}

export function newToken({ ports }: Host): string {
  const random = ports.world.random('kubeadm')
  const letters = (count: number): string => Array.from({ length: count }, () => LETTERS[random.below(LETTERS.length)]).join('')
  return `${letters(6)}.${letters(16)}`
}

export const create: Step = (task) => {
  const { host, flags } = task
  const api = admin(task)
  const text = flags.args[0] ?? newToken(host)
  const token = readToken(text)
  if (!token) throw new Stop(`the bootstrap token ${JSON.stringify(text)} was not of the form "${PATTERN}"`)
  const ttl = readDuration(flags.value('ttl') || DAY)
  if (ttl === null)
    throw new Stop(
      `invalid argument ${JSON.stringify(flags.value('ttl'))} for "--ttl" flag: time: invalid duration ${JSON.stringify(flags.value('ttl'))}`,
    )
  const usages = flags.value('usages') ? flags.values('usages') : USAGES
  const groups = flags.value('groups') ? flags.values('groups') : [TOKEN_GROUP]
  checkToken(usages, groups)
  const data = {
    'auth-extra-groups': groups.join(','),
    ...(flags.value('description') ? { description: flags.value('description') } : {}),
    ...(ttl > 0 ? { expiration: formatTime(host.ports.world.now + ttl) } : {}),
    'token-id': token.id,
    'token-secret': token.secret,
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
  }
  const name = `${PREFIX}${token.id}`
  if (secretsOf(task).some(({ metadata }) => metadata.name === name))
    throw new Stop(`a token with id "${token.id}" already exists`)
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeText(value)]))
  api.create('secrets', { metadata: { name, namespace: NAMESPACE }, type: TYPE, data: encoded } as never, {
    because: 'somebody is to join with it',
  })
  task.say(flags.has('print-join-command') ? joinCommand(host, text) : `${text}\n`)
}

const joinCommand = (host: Host, token: string): string =>
  `kubeadm join ${serverOf(host).replace('https://', '')} --token ${token} --discovery-token-ca-cert-hash ${keyHash(host.ports.authority.certificate)} \n`

const secretsOf = (task: Task): AnyObject[] =>
  admin(task)
    .list('secrets', NAMESPACE)
    .filter((secret) => secret['type'] === TYPE)

const SHORT: readonly [number, string][] = [
  [60, 's'],
  [60, 'm'],
  [24, 'h'],
  [365, 'd'],
]

/** duration.ShortHumanDuration: the largest unit alone. */
function shortly(ms: number): string {
  let left = Math.floor(ms / 1000)
  if (left < -1) return '<invalid>'
  for (const [size, unit] of SHORT) {
    if (left < size) return `${Math.max(0, left)}${unit}`
    left = Math.floor(left / size)
  }
  return `${left}y`
}

export const list: Step = (task) => {
  const { world } = task.host.ports
  const lines = secretsOf(task).map((secret) => {
    const until = field(secret, 'expiration')
    const usages = ['authentication', 'signing'].filter((usage) => field(secret, `usage-bootstrap-${usage}`) === 'true')
    return [
      `${field(secret, 'token-id')}.${field(secret, 'token-secret')}`,
      (until ? shortly(parseTime(until) - world.now) : '<forever>').padEnd(9),
      until || '<never>',
      (usages.join(',') || '<none>').padEnd(22),
      (field(secret, 'description') || '<none>').padEnd(56),
      field(secret, 'auth-extra-groups') || '<none>',
    ]
  })
  const header = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS']
  // Each token is a table of its own, the first one's with the header.
  lines.forEach((line, i) => task.say(table(i === 0 ? [header, line] : [line])))
}

export const remove: Step = (task) => {
  const { args } = task.flags
  if (args.length === 0)
    throw new Stop(`missing argument; 'token delete' is missing token of form "${PATTERN}" or "${ID_PATTERN}"`)
  for (const arg of args) {
    const id = /^[a-z0-9]{6}$/.test(arg) ? arg : readToken(arg)?.id
    if (id === undefined) throw new Stop(`given token didn't match pattern "${PATTERN}" or "${ID_PATTERN}"`)
    try {
      admin(task).delete('secrets', NAMESPACE, `${PREFIX}${id}`, { because: 'nobody is to join with it any more' })
    } catch (error) {
      throw new Stop(`failed to delete bootstrap token "${id}": ${wordsOf(error)}`)
    }
    task.say(`bootstrap token "${id}" deleted\n`)
  }
}

export const generate: Step = (task) => task.say(`${newToken(task.host)}\n`)
