/** The small commands of a shell image, as functions of arguments, input and files. */
import { formatTime } from '#api/time.ts'
import { type Applet, type AppletEnd, fail, forever, type Io, operands, pathOf } from './applet.ts'
import { textApplets } from './applets-text.ts'

const UNITS: Record<string, number> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function sleep(args: string[], io: Io): AppletEnd {
  if (args.length === 0) return fail(io, 'sleep: missing operand')
  let total = 0
  for (const word of args) {
    if (word === 'infinity' || word === 'inf') return forever
    const m = /^(\d*\.?\d+)([smhd]?)$/.exec(word)
    if (!m) return fail(io, `sleep: invalid number '${word}'`)
    total += Number(m[1]) * (UNITS[m[2] as string] as number)
  }
  return { sleep: total }
}

function echo(args: string[], io: Io): number {
  let flags = ''
  while (/^-[neE]+$/.test(args[0] ?? '')) flags += args.shift()
  const text = args.join(' ')
  io.out(`${flags.includes('e') ? unescaped(text) : text}${flags.includes('n') ? '' : '\n'}`)
  return 0
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\u0007' }
const unescaped = (text: string): string => text.replace(/\\([ntr\\a])/g, (_, c: string) => ESCAPES[c] as string)

function printf(args: string[], io: Io): number {
  const [format = '', ...values] = args
  const once = (): void => {
    io.out(
      unescaped(format).replace(/%(-?\d*)([sd%])/g, (_, width: string, kind: string) => {
        if (kind === '%') return '%'
        const value = kind === 'd' ? String(Number.parseInt(values.shift() ?? '0', 10) || 0) : (values.shift() ?? '')
        return width.startsWith('-') ? value.padEnd(Number(width.slice(1))) : value.padStart(Number(width || 0))
      }),
    )
  }
  once()
  while (values.length > 0 && /%[-\d]*[sd]/.test(format)) once()
  return 0
}

function touch(args: string[], io: Io): number {
  let status = 0
  for (const word of operands(args)) {
    const path = pathOf(word, io)
    if (io.host.files.read(path) !== undefined || io.host.files.isDirectory(path)) continue
    const why = io.host.files.write(path, '')
    if (why) status = fail(io, `touch: ${word}: ${why}`)
  }
  return status
}

function rm(args: string[], io: Io): number {
  const flags = args.filter((word) => word.startsWith('-')).join('')
  let status = 0
  for (const word of operands(args)) {
    const path = pathOf(word, io)
    const directory = io.host.files.isDirectory(path)
    if (directory && !/[rR]/.test(flags)) status = fail(io, `rm: '${word}' is a directory`)
    else if (!io.host.files.remove(path) && !directory && !flags.includes('f'))
      status = fail(io, `rm: can't remove '${word}': No such file or directory`)
  }
  return status
}

/** `-rw-r--r--`. */
function modeText(path: string, io: Io): string {
  const { files } = io.host
  if (files.isLink(path)) return 'lrwxrwxrwx'
  const bits = files.mode(path)
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((bits >> (8 - i)) & 1 ? letter : '-')).join('')
  return `${files.isDirectory(path) ? 'd' : '-'}${letters}`
}

function longLine(path: string, name: string, io: Io): string {
  const t = formatTime(io.host.now)
  const size = io.host.files.isDirectory(path) ? 4096 : (io.host.files.read(path) ?? '').length
  const day = `${MONTHS[Number(t.slice(5, 7)) - 1]} ${String(Number(t.slice(8, 10))).padStart(2)} ${t.slice(11, 16)}`
  const target = io.host.files.isLink(path) ? ` -> ..data/${name}` : ''
  return `${modeText(path, io)}    1 root     root     ${String(size).padStart(9)} ${day} ${name}${target}\n`
}

function ls(args: string[], io: Io): number {
  let status = 0
  const long = args.some((word) => /^-\w*l/.test(word))
  const names = operands(args)
  for (const word of names.length > 0 ? names : ['.']) {
    const path = pathOf(word, io)
    const list = io.host.files.list(path)
    if (list) {
      if (names.length > 1) io.out(`${word}:\n`)
      if (long) io.out(`total ${4 * list.length}\n`)
      for (const name of list) io.out(long ? longLine(`${path === '/' ? '' : path}/${name}`, name, io) : `${name}\n`)
    } else if (io.host.files.read(path) !== undefined) io.out(long ? longLine(path, word, io) : `${word}\n`)
    else status = fail(io, `ls: ${word}: No such file or directory`)
  }
  return status
}

function stat(args: string[], io: Io): number {
  const at = args.findIndex((word) => /^-\w*c$/.test(word))
  const format = at < 0 ? undefined : args[at + 1]
  const word = operands(args.filter((_, i) => at < 0 || i !== at + 1)).at(-1) ?? ''
  const path = pathOf(word, io)
  const text = io.host.files.read(path)
  const directory = io.host.files.isDirectory(path)
  if (text === undefined && !directory) return fail(io, `stat: can't stat '${word}': No such file or directory`)
  const part: Record<string, string> = {
    a: io.host.files.mode(path).toString(8),
    A: modeText(path, io),
    s: String(text?.length ?? 4096),
    n: word,
    U: 'root',
    G: 'root',
    u: '0',
    g: '0',
    F: directory ? 'directory' : 'regular file',
  }
  io.out(
    format === undefined
      ? `  File: ${word}\n  Size: ${part['s']}\n`
      : `${format.replace(/%(\w)/g, (whole, c: string) => part[c] ?? whole)}\n`,
  )
  return 0
}

function copy(args: string[], io: Io, move: boolean): number {
  const [from = '', to = ''] = operands(args)
  const name = move ? 'mv' : 'cp'
  const text = io.host.files.read(pathOf(from, io))
  if (text === undefined) return fail(io, `${name}: can't ${move ? 'rename' : 'stat'} '${from}': No such file or directory`)
  const target = pathOf(to, io)
  const path = io.host.files.isDirectory(target) ? `${target}/${from.slice(from.lastIndexOf('/') + 1)}` : target
  const why = io.host.files.write(path, text)
  if (why) return fail(io, `${name}: can't create '${to}': ${why}`)
  if (move) io.host.files.remove(pathOf(from, io))
  return 0
}

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function date(args: string[], io: Io): number {
  const { now } = io.host
  const t = formatTime(now)
  const part: Record<string, string> = {
    Y: t.slice(0, 4),
    m: t.slice(5, 7),
    d: t.slice(8, 10),
    H: t.slice(11, 13),
    M: t.slice(14, 16),
    S: t.slice(17, 19),
    s: String(Math.floor(now / 1000)),
    F: t.slice(0, 10),
    T: t.slice(11, 19),
    Z: 'UTC',
    z: '+0000',
    a: DAYS[Math.floor(now / 86_400_000) % 7] as string,
    b: MONTHS[Number(t.slice(5, 7)) - 1] as string,
    e: String(Number(t.slice(8, 10))).padStart(2),
    N: `${String(now % 1000).padStart(3, '0')}000000`,
  }
  const format =
    args.find((word) => word.startsWith('+'))?.slice(1) ??
    (args.includes('-Iseconds') ? '%Y-%m-%dT%H:%M:%S+00:00' : '%a %b %e %H:%M:%S UTC %Y')
  io.out(`${format.replace(/%([A-Za-z])/g, (whole, c: string) => part[c] ?? whole)}\n`)
  return 0
}

const environment = (io: Io): string =>
  Object.entries(io.env)
    .filter(([name]) => /^[A-Za-z_]/.test(name))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** `wget -qO- URL` and `curl -s URL`. */
function download(args: string[], io: Io, name: 'wget' | 'curl'): AppletEnd {
  const url = args.find((word, i) => !word.startsWith('-') && !/^-(O|T|t|m|o|X|H|d|w)$/.test(args[i - 1] ?? ''))
  const m = /^(?:https?:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url ?? '')
  if (!m) return fail(io, `${name}: no URL`)
  const [, host = '', port = '80', path = '/'] = m
  const outcome = io.host.fetch(host, Number(port), {
    method: 'GET',
    path,
    headers: { host: `${host}:${port}`, 'user-agent': name === 'wget' ? 'Wget' : 'curl/8.14.1' },
  })
  if (!outcome.ok) {
    if (name === 'curl')
      return fail(
        io,
        `curl: (${outcome.why === 'no such host' ? 6 : outcome.why === 'timeout' ? 28 : 7}) Failed to connect to ${host} port ${port}: ${outcome.why}`,
        7,
      )
    return fail(
      io,
      outcome.why === 'no such host'
        ? `wget: bad address '${host}'`
        : `wget: can't connect to remote host (${host}): ${outcome.why === 'connection refused' ? 'Connection refused' : 'Connection timed out'}`,
    )
  }
  const { status, body } = outcome.reply
  if (status >= 400 && name === 'wget') return fail(io, `wget: server returned error: HTTP/1.1 ${status}`)
  const shown = args.some((word) => /^-[a-zA-Z]*O-?$/.test(word)) || name === 'curl'
  if (shown && !args.includes('/dev/null')) io.out(body)
  return 0
}

function nslookup(args: string[], io: Io): number {
  const name = operands(args)[0] ?? ''
  const found = io.host.resolve(name)
  io.out('Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n')
  if (found.length === 0) {
    io.out(`** server can't find ${name}: NXDOMAIN\n`)
    return 1
  }
  for (const ip of found) io.out(`Name:\t${name}\nAddress: ${ip}\n`)
  return 0
}

export const applets: Readonly<Record<string, Applet>> = {
  ...textApplets,
  sleep,
  echo,
  printf,
  touch,
  rm,
  ls,
  date,
  nslookup,
  true: () => 0,
  false: () => 1,
  cp: (args, io) => copy(args, io, false),
  mv: (args, io) => copy(args, io, true),
  mkdir: (args, io) => {
    for (const word of operands(args)) io.host.files.makeDirectory(pathOf(word, io))
    return 0
  },
  env: (args, io) => {
    const rest = args.filter((word) => !word.includes('='))
    if (rest.length === 0) io.out(environment(io))
    else io.out(io.run(rest, io.input).text)
    return 0
  },
  printenv: (args, io) => {
    if (args.length === 0) io.out(environment(io))
    else if (io.env[args[0] as string] !== undefined) io.out(`${io.env[args[0] as string]}\n`)
    return args.length === 0 || io.env[args[0] as string] !== undefined ? 0 : 1
  },
  hostname: (args, io) => {
    io.out(`${args.includes('-i') ? io.host.podIp : io.host.hostname}\n`)
    return 0
  },
  whoami: (_args, io) => {
    io.out(io.host.user === 0 ? 'root\n' : `${io.host.user}\n`)
    return 0
  },
  id: (args, io) => {
    const { user } = io.host
    io.out(
      args.includes('-u')
        ? `${user}\n`
        : user === 0
          ? 'uid=0(root) gid=0(root) groups=0(root)\n'
          : `uid=${user} gid=0(root) groups=0(root)\n`,
    )
    return 0
  },
  pwd: (_args, io) => {
    io.out(`${io.cwd}\n`)
    return 0
  },
  uname: (args, io) => {
    io.out(
      args.includes('-a')
        ? `Linux ${io.host.hostname} 6.18.44 #1 SMP x86_64 GNU/Linux\n`
        : args.includes('-n')
          ? `${io.host.hostname}\n`
          : 'Linux\n',
    )
    return 0
  },
  wget: (args, io) => download(args, io, 'wget'),
  curl: (args, io) => download(args, io, 'curl'),
  timeout: (args, io) => {
    const rest = operands(args).slice(1)
    const ran = io.run(rest, io.input)
    io.out(ran.text)
    return ran.status
  },
  stat,
  dd: () => 0,
  chmod: () => 0,
  chown: () => 0,
  sync: () => 0,
  top: () => forever,
  httpd: () => forever,
  nc: (args) => (args.some((word) => /^-.*l/.test(word)) ? forever : 0),
  ping: () => forever,
  watch: () => forever,
  vi: () => 0,
  ps: (_args, io) => {
    io.out(`PID   USER     TIME  COMMAND\n    1 root      0:00 ${io.host.mainArgv.join(' ')}\n`)
    return 0
  },
  df: (_args, io) => {
    io.out(
      'Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay              264212084  21500104 242711980   8% /\n',
    )
    return 0
  },
}

/** Commands a shell image has: applets and what the shell itself can do when it is started for one command. */
const ALSO = new Set(['test', '[', 'kill'])
export const isApplet = (name: string): boolean => Object.hasOwn(applets, name) || ALSO.has(name)
