/** Programs that tell about the machine: hostname, uname, nproc, free, uptime, tty, which and the like. */
import { locate } from '../exec.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { formatDate } from './date.ts'
import { humanSize } from './ls.ts'

const say = (name: string, make: (sys: Sys) => string): Program =>
  program({
    name,
    run(sys) {
      sys.out(`${make(sys)}\n`)
      return 0
    },
  })

const hostname = program({
  name: 'hostname',
  usage: '[-sidf] [HOSTNAME | -F FILE]\n\nShow or set hostname or DNS domain name',
  run(sys) {
    const { hostname: name } = sys.kernel.state
    const [word] = sys.args
    if (word === undefined || word === '-f') sys.out(`${word === '-f' ? fullName(sys, name) : name}\n`)
    else if (word === '-s') sys.out(`${name.split('.')[0]}\n`)
    else if (word === '-i' || word === '-I') sys.out(`${addressOf(sys, name)}\n`)
    else if (word === '-d') sys.out(`${fullName(sys, name).split('.').slice(1).join('.')}\n`)
    else return sys.fail('sethostname: Operation not permitted')
    return 0
  },
})

function hosts(sys: Sys): string[][] {
  const read = sys.text('/etc/hosts')
  return failed(read) ? [] : read.text.split('\n').map((line) => line.trim().split(/\s+/))
}
const fullName = (sys: Sys, name: string): string => hosts(sys).find((row) => row.slice(1).includes(name))?.[1] ?? name
const addressOf = (sys: Sys, name: string): string => hosts(sys).find((row) => row.slice(1).includes(name))?.[0] ?? '127.0.0.1'

const uname = program({
  name: 'uname',
  usage: '[-amnrspvio]\n\nPrint system information',
  run(sys) {
    const flags = sys.args.join('').replaceAll('-', '') || 's'
    const { state } = sys.kernel
    const parts: [string, string][] = [
      ['s', 'Linux'],
      ['n', state.hostname],
      ['r', state.release],
      ['v', '#1 SMP PREEMPT_DYNAMIC'],
      ['m', 'x86_64'],
      ['o', 'GNU/Linux'],
    ]
    sys.out(
      `${parts
        .filter(([letter]) => flags.includes('a') || flags.includes(letter))
        .map(([, text]) => text)
        .join(' ')}\n`,
    )
    return 0
  },
})

const free = program({
  name: 'free',
  usage: '[-bkmgh]\n\nDisplay free and used memory',
  run(sys) {
    const flags = sys.args.join('')
    const unit = flags.includes('b') ? 1 : flags.includes('m') ? 1048576 : flags.includes('g') ? 1073741824 : 1024
    const show = (bytes: number): string => (flags.includes('h') ? humanSize(bytes) : String(Math.floor(bytes / unit)))
    const total = sys.kernel.state.memoryTotal
    const used = sys.kernel.memory()
    const row = (title: string, cells: number[]): string =>
      `${title.padEnd(5)}${cells.map((n) => show(n).padStart(12)).join('')}\n`
    sys.out(
      `              total        used        free      shared  buff/cache   available\n${row('Mem: ', [total, used, total - used, 0, 0, total - used]).replace(/^Mem: {2}/, 'Mem:   ')}${row('Swap:', [0, 0, 0])}`,
    )
    return 0
  },
})

function uptimeText(sys: Sys): string {
  const minutes = Math.floor((sys.now - sys.kernel.state.booted) / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor(minutes / 60) % 24
  const up = `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`}`
  return ` ${formatDate(sys.now, '%H:%M:%S')} up ${up},  0 users,  load average: 0.00, 0.00, 0.00`
}

const tty = program({
  name: 'tty',
  run(sys) {
    if (!sys.args.includes('-s')) sys.out(sys.isTty(0) ? '/dev/pts/0\n' : 'not a tty\n')
    return sys.isTty(0) ? 0 : 1
  },
})

const which = program({
  name: 'which',
  usage: '[-a] COMMAND...\n\nLocate COMMAND',
  run(sys) {
    let status = 0
    for (const name of sys.args.filter((word) => !word.startsWith('-'))) {
      const found = locate(sys.kernel, sys.proc, name, sys.env('PATH'))
      if (found.path === undefined) status = 1
      else sys.out(`${found.path}\n`)
    }
    return status
  },
})

const stty = program({
  name: 'stty',
  run(sys) {
    if (!sys.isTty(0)) return sys.fail('standard input: Inappropriate ioctl for device')
    const state = sys.kernel.state.ttys[sys.proc.tty]
    if (!state) return 1
    for (const word of sys.args) {
      if (word === 'size') sys.out(`${state.rows} ${state.columns}\n`)
      else if (word === 'echo' || word === '-echo') state.echo = word === 'echo'
      else if (word === 'raw' || word === '-icanon' || word === 'cbreak') state.canonical = false
      else if (word === '-raw' || word === 'icanon' || word === 'sane')
        Object.assign(state, { canonical: true, echo: true, signals: true })
    }
    if (sys.args.length === 0) sys.out('speed 38400 baud; line = 0;\n')
    return 0
  },
})

const busybox = program({
  name: 'busybox',
  run(sys) {
    const [word] = sys.args
    const names = Object.keys(sys.kernel.programs)
      .filter((name) => name !== 'exec' && name !== 'busybox' && name !== 'bash' && name !== 'dash' && name !== 'zsh')
      .sort()
    if (word === '--list') {
      sys.out(names.map((name) => `${name}\n`).join(''))
      return 0
    }
    if (word !== undefined && !word.startsWith('-') && sys.name === 'busybox') {
      sys.err(`${word}: applet not found\n`)
      return 127
    }
    if (sys.name !== 'busybox') {
      sys.err(`${sys.name}: applet not found\n`)
      return 127
    }
    sys.out(
      `BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: function [arguments]...\n\nCurrently defined functions:\n\t${names.join(', ')}\n`,
    )
    return 0
  },
})

const sysctl = program({
  name: 'sysctl',
  usage: '[-enq] { -a | -p [FILE]... | [-w] [KEY[=VALUE]]... }',
  run(sys) {
    let status = 0
    const bare = sys.args.some((word) => /^-\w*n/.test(word))
    for (const word of sys.args.filter((w) => !w.startsWith('-'))) {
      const [given = '', value] = word.split('=')
      const key = given.replaceAll('/', '.')
      const read = sys.text(`/proc/sys/${key.replaceAll('.', '/')}`)
      if (failed(read)) status = sys.fail(`error: '${key}' is an unknown key`)
      else if (value !== undefined) status = sys.fail(`error setting key '${key}': Read-only file system`)
      else sys.out(bare ? read.text : `${key} = ${read.text}`)
    }
    return status
  },
})

export const infoApplets: readonly Program[] = [
  hostname,
  uname,
  say('nproc', (sys) => String(sys.kernel.state.processors)),
  free,
  say('uptime', uptimeText),
  say('arch', () => 'x86_64'),
  say('hostid', () => '007f0100'),
  say('pwd', (sys) => sys.proc.cwd),
  program({
    name: 'clear',
    run(sys) {
      sys.out('\x1b[H\x1b[J')
      return 0
    },
  }),
  program({ name: 'reset', run: () => 0 }),
  program({ name: 'dmesg', run: () => 0 }),
  tty,
  which,
  stty,
  busybox,
  sysctl,
]
