/** agnhost's programs that do something and end: mounttest, entrypoint-tester, connect, the printers of DNS settings, logs-generator. */

import { goQuote } from '#api/field-error.ts'
import { readDuration } from '#api/go-duration.ts'
import { formatTime } from '#api/time.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'

const NEW_FILE = 'mount-tester new file\n'
const LOOP_MS = 2000

/** How Go writes a mode: kinds, then special bits, then permissions. */
function goMode(mode: number, kind = ''): string {
  const kinds: Record<string, string> = { d: 'd', p: 'p', c: 'Dc' }
  const special = [mode & 0o4000 ? 'u' : '', mode & 0o2000 ? 'g' : '', mode & 0o1000 ? 't' : '']
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-'))
  return ([kinds[kind] ?? '', ...special].join('') || '-') + letters.join('')
}

type FileFacts = Exclude<ReturnType<Host['files']['stat']>, string>

const openError = (path: string, why: string): string =>
  why === 'Is a directory' ? `read ${path}: is a directory` : `open ${path}: ${why.toLowerCase()}`

/** Magic numbers of file systems (statfs(2)). */
const MAGIC: Readonly<Record<string, string>> = { tmpfs: 'tmpfs', ext4: '61267', overlay: '2035054128' }

/** mounttest: its steps in their own order; what one can't do doesn't keep the others from being done. */
function mounttest(host: Host): void {
  let ok = true
  const say = (text: string, well = true): void => {
    host.out(`${text}\n`)
    ok &&= well
  }
  const read = (path: string): void => {
    const why = host.files.unreadable(path)
    if (why) say(`error reading file content for ${goQuote(path)}: ${openError(path, why)}`, false)
    else say(`content of file ${goQuote(path)}: ${host.files.read(path)}`)
  }
  const look = (name: string, call: string, show: (path: string, at: FileFacts) => string): void => {
    const path = flag(host.argv, name)
    if (!path) return
    const found = host.files.stat(path)
    const shown = goQuote(path)
    if (typeof found !== 'string') say(show(shown, found))
    else if (call === 'Stat') say(`error from Stat(${shown}): stat ${path}: ${found.toLowerCase()}`, false)
    else say(`error from ${call}(${shown}): ${found.toLowerCase()}`, false)
  }
  look('fs_type', 'statfs', (path) => {
    const type = host.mountType(flag(host.argv, 'fs_type') ?? '')
    return `mount type of ${path}: ${MAGIC[type] ?? type}`
  })
  for (const mode of ['0644', '0666', '0660', '0777']) {
    const path = flag(host.argv, `new_file_${mode}`)
    if (!path) continue
    const why = host.files.write(path, NEW_FILE, Number.parseInt(mode, 8))
    if (why) say(`error writing new file ${goQuote(path)}: ${openError(path, why)}`, false)
    else read(path)
  }
  look('file_mode', 'Stat', (path, { mode, kind }) => `mode of file ${path}: ${goMode(mode, kind)}`)
  look('file_perm', 'Stat', (path, { mode }) => `perms of file ${path}: ${goMode(mode & 0o777)}`)
  look('file_owner', 'stat', (path, { uid, gid }) => `owner UID of ${path}: ${uid}\nowner GID of ${path}: ${gid}`)
  const content = flag(host.argv, 'file_content')
  if (content) read(content)
  if (flag(host.argv, 'file_content_in_loop')) host.wake(0)
  else host.exit(ok ? 0 : 1)
}

/** Looks every two seconds, until the time is over or (if so told) the content is as expected. */
function contentLoop(state: AgnhostState, host: Host): AgnhostState {
  const path = flag(host.argv, 'file_content_in_loop') ?? ''
  const seconds = Number(flag(host.argv, 'retry_time') ?? 180)
  const why = host.files.unreadable(path)
  if (host.now - state.began >= seconds * 1000) {
    host.exit(why ? 1 : 0)
    return state
  }
  if (why) host.out(`Error reading file ${path}: ${openError(path, why)}, retrying\n`)
  else {
    const text = host.files.read(path)
    host.out(`content of file ${goQuote(path)}: ${text}\n`)
    if (flag(host.argv, 'break_on_expected_content') !== 'false') {
      if (text === NEW_FILE) {
        host.exit(0)
        return state
      }
      host.out(`Unexpected content. Expected: ${NEW_FILE}. Retrying\n`)
    }
  }
  host.wake(LOOP_MS)
  return { ...state, at: state.at + 1 }
}

function connect(host: Host): void {
  const target = host.argv.slice(2).find((word) => !word.startsWith('-')) ?? ''
  const [name = '', port = '80'] = target.split(/:(?=\d+$)/)
  const [protocol, data] = [flag(host.argv, 'protocol') ?? 'tcp', flag(host.argv, 'udp-data') ?? 'hostname']
  const transport = protocol === 'udp' ? 'UDP' : protocol === 'sctp' ? 'SCTP' : 'CONNECT'
  const outcome = host.fetch(name, Number(port), {
    method: '',
    transport,
    path: '/',
    times: 0,
    ...(transport === 'UDP' ? { body: `${data}\n` } : {}),
  })
  if (outcome.ok) return host.exit(0)
  const words = {
    'connection refused': 'REFUSED',
    'empty reply': 'OTHER',
    timeout: 'TIMEOUT',
    'no route to host': 'OTHER: no route to host',
    'no such host': `DNS: lookup ${name}: no such host`,
  }
  host.out(`${words[outcome.why]}\n`, 'stderr')
  host.exit(1)
}

function resolver(host: Host, word: string): string {
  const rows = (host.files.read('/etc/resolv.conf') ?? '').split('\n').map((line) => line.trim().split(/\s+/))
  return rows
    .filter(([first]) => first === word)
    .flatMap((row) => row.slice(1))
    .join(',')
}

const printer = (text: (host: Host) => string): Subcommand => ({
  start(host) {
    host.out(text(host))
    host.exit(0)
  },
})

const METHODS = ['POST', 'GET', 'PUT']
const NAMESPACES = ['kube-system', 'default', 'ns']
const optionOf = (host: Host, long: string, short: string): string | undefined => {
  const at = host.argv.indexOf(`-${short}`)
  return flag(host.argv, long) ?? (at >= 0 ? host.argv[at + 1] : undefined)
}

/** A line like the API server's, so many in so long. */
const logsGenerator: Subcommand = {
  start(host) {
    host.wake(0)
  },
  wake(state, host) {
    const total = Number(optionOf(host, 'log-lines-total', 't') ?? 0)
    const delay = (readDuration(optionOf(host, 'run-duration', 'd') ?? '0s') ?? 0) / Math.max(1, total)
    if (state.at >= total) {
      host.exit(0)
      return state
    }
    const pick = (list: readonly string[]): string => list[host.random(list.length)] as string
    const t = formatTime(host.now)
    const stamp = `I${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 19)}.${String(host.now % 1000).padStart(3, '0')}000       1 logs_generator.go:76]`
    const name = Array.from({ length: 3 + host.random(2) }, () => 'bcdfghjklmnpqrstvwxz2456789'[host.random(27)]).join('')
    host.out(
      `${stamp} ${state.at} ${pick(METHODS)} /api/v1/namespaces/${pick(NAMESPACES)}/pods/${name} ${200 + host.random(400)}\n`,
      'stderr',
    )
    host.wake(delay)
    return { ...state, at: state.at + 1 }
  },
}

export const onceCommands: Readonly<Record<string, Subcommand>> = {
  mounttest: { start: mounttest, wake: contentLoop },
  'entrypoint-tester': printer((host) => `[${host.argv.join(' ')}]\n`),
  connect: { start: connect },
  'dns-suffix': printer((host) => `${resolver(host, 'search')}\n`),
  'dns-server-list': printer((host) => `${resolver(host, 'nameserver')}\n`),
  'etc-hosts': printer((host) => `${host.files.read('/etc/hosts') ?? ''}\n`),
  'logs-generator': logsGenerator,
}
