/** agnhost's programs that do something and end: mounttest, entrypoint-tester, connect, the printers of DNS settings, logs-generator. */
import { formatTime } from '#api/time.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'

const NEW_FILE = 'mount-tester new file\n'
const LOOP_MS = 2000

const LETTERS = ['rwxrwxrwx'].flatMap((all) => [...all])
/** Go's way of writing a mode. */
function modeText(mode: number, kind = '-'): string {
  return kind + LETTERS.map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-')).join('')
}

/** The steps of mounttest in its own order; false when one failed. */
function mounttest(host: Host): void {
  let ok = true
  const read = (path: string): void => {
    const text = host.files.read(path)
    if (text === undefined) {
      host.out(`error reading file content for "${path}": open ${path}: no such file or directory\n`)
      ok = false
    } else host.out(`content of file "${path}": ${text}\n`)
  }
  const type = flag(host.argv, 'fs_type')
  if (type) host.out(`mount type of "${type}": ${host.mountType(type) === 'tmpfs' ? 'tmpfs' : '61267'}\n`)
  for (const mode of ['0644', '0666', '0660', '0777']) {
    const path = flag(host.argv, `new_file_${mode}`)
    if (!path) continue
    const why = host.files.write(path, NEW_FILE, Number.parseInt(mode, 8), host.user)
    if (why) {
      host.out(`error writing new file "${path}": open ${path}: ${why.toLowerCase()}\n`)
      ok = false
    } else read(path)
  }
  const look = (path: string | undefined, show: (at: NonNullable<ReturnType<Host['files']['stat']>>) => string): void => {
    if (!path) return
    const found = host.files.stat(path)
    if (found) host.out(show(found))
    else {
      host.out(`error checking file ${path}: lstat ${path}: no such file or directory\n`)
      ok = false
    }
  }
  const [mode, perm, owner] = ['file_mode', 'file_perm', 'file_owner'].map((name) => flag(host.argv, name))
  look(
    mode,
    (at) =>
      `mode of file "${mode}": ${modeText(at.mode, at.kind === 'd' ? (at.mode & 0o1000 ? 'dt' : 'd') : at.kind === 'l' ? 'L' : '-')}\n`,
  )
  look(perm, (at) => `perms of file "${perm}": ${modeText(at.mode)}\n`)
  look(owner, (at) => `owner UID of "${owner}": ${at.uid}\nowner GID of "${owner}": ${at.gid}\n`)
  const content = flag(host.argv, 'file_content')
  if (content) read(content)
  if (flag(host.argv, 'file_content_in_loop')) host.wake(0)
  else host.exit(ok ? 0 : 1)
}

/** Looks every two seconds, until the time is over or (if so told) the content is as expected. */
function contentLoop(state: AgnhostState, host: Host): AgnhostState {
  const path = flag(host.argv, 'file_content_in_loop') ?? ''
  const seconds = Number(flag(host.argv, 'retry_time') ?? 180)
  if (host.now - state.began >= seconds * 1000) {
    host.exit(0)
    return state
  }
  const text = host.files.read(path)
  if (text === undefined) host.out(`Error reading file ${path}: open ${path}: no such file or directory, retrying\n`)
  else {
    host.out(`content of file "${path}": ${text}\n`)
    if (!host.argv.includes('--break_on_expected_content=false')) {
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
  const method = protocol === 'udp' ? 'UDP' : protocol === 'sctp' ? 'SCTP' : 'CONNECT'
  const outcome = host.fetch(name, Number(port), {
    method,
    path: '/',
    times: 0,
    ...(method === 'UDP' ? { body: `${data}\n` } : {}),
  })
  if (outcome.ok) return host.exit(0)
  const words = {
    'connection refused': 'REFUSED',
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
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
export const durationMs = (word: string): number =>
  [...word.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * (DURATIONS[unit as string] ?? 0), 0)

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
    const delay = durationMs(optionOf(host, 'run-duration', 'd') ?? '0s') / Math.max(1, total)
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
  nonewprivs: printer((host) => `Effective uid: ${host.user}\n`),
}
