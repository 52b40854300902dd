/** `/proc` and a few files of `/sys`: made up from the kernel's state when somebody looks. */
import type { Node } from './disk.ts'
import type { Kernel } from './kernel.ts'
import { everyone, seen } from './pid-space.ts'
import { privilegeLines } from './privileges.ts'
import type { Proc } from './state.ts'

const file = (data: string, mode = 0o444): Node => ({ k: 'f', mode, uid: 0, gid: 0, mtime: 0, data })
const link = (target: string): Node => ({ k: 'l', mode: 0o777, uid: 0, gid: 0, mtime: 0, target })
const directory = (names: readonly string[]): Node => ({
  k: 'd',
  mode: 0o555,
  uid: 0,
  gid: 0,
  mtime: 0,
  entries: Object.fromEntries(names.map((name) => [name, 0])),
})

type Maker = (kernel: Kernel) => string

const seconds = (ms: number): string => (ms / 1000).toFixed(2)

const GENERAL: Readonly<Record<string, Maker>> = {
  uptime: (kernel) => `${seconds(kernel.now - kernel.state.booted)} ${seconds((kernel.now - kernel.state.booted) * 1.9)}\n`,
  loadavg: (kernel) => `0.00 0.00 0.00 1/${kernel.state.procs.length} ${kernel.state.nextPid - 1}\n`,
  version: (kernel) => `Linux version ${kernel.state.release} (build@tabernetes) #1 SMP\n`,
  meminfo: (kernel) => {
    const total = Math.floor(kernel.state.memoryTotal / 1024)
    const free = total - Math.floor(kernel.memory() / 1024)
    const row = (name: string, kb: number): string => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`
    return `${row('MemTotal', total)}${row('MemFree', free)}${row('MemAvailable', free)}${row('Buffers', 0)}${row('Cached', 0)}${row('SwapTotal', 0)}${row('SwapFree', 0)}`
  },
  cpuinfo: (kernel) =>
    Array.from(
      { length: kernel.state.processors },
      (_, i) => `processor\t: ${i}\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 2400.000\n\n`,
    ).join(''),
  stat: (kernel) =>
    `cpu  0 0 0 ${Math.floor((kernel.now - kernel.state.booted) / 10)} 0 0 0 0 0 0\nbtime ${Math.floor(kernel.state.booted / 1000)}\n`,
  mounts: (kernel) => mounts(kernel),
  filesystems: () => 'nodev\tproc\nnodev\ttmpfs\n\text4\nnodev\toverlay\n',
  cmdline: () => 'quiet\n',
}

export const mounts = (kernel: Kernel): string =>
  // A device is no mount: it stands in its place by itself.
  kernel.state.mounts
    .filter((m) => m.type !== 'device')
    .map((m) => `${m.source} ${m.path} ${m.type} ${m.readOnly ? 'ro' : 'rw'},relatime 0 0\n`)
    .join('')

const OF_PROCESS: Readonly<Record<string, (kernel: Kernel, proc: Proc) => Node>> = {
  cmdline: (_k, proc) => file(proc.state === 'zombie' ? '' : proc.argv.map((word) => `${word}\0`).join('')),
  comm: (_k, proc) => file(`${commOf(proc)}\n`),
  environ: (_k, proc) =>
    file(
      Object.entries(proc.env)
        .map(([name, value]) => `${name}=${value}\0`)
        .join(''),
      0o400,
    ),
  status: (kernel, proc) =>
    file(
      `Name:\t${commOf(proc)}\nUmask:\t${proc.umask.toString(8).padStart(4, '0')}\nState:\t${stateLetter(proc)} (${STATES[stateLetter(proc)]})\nTgid:\t${proc.pid}\nNgid:\t0\nPid:\t${proc.pid}\nPPid:\t${proc.ppid}\nTracerPid:\t0\nUid:\t${proc.realUid ?? proc.uid}\t${proc.uid}\t${proc.uid}\t${proc.uid}\nGid:\t${proc.gid}\t${proc.gid}\t${proc.gid}\t${proc.gid}\nGroups:\t${proc.groups.join(' ')} \nVmRSS:\t${Math.ceil((700_000 + proc.memory) / 1024)} kB\nThreads:\t1\n${privilegeLines(kernel, proc)}`,
    ),
  stat: (kernel, proc) =>
    file(
      `${proc.pid} (${commOf(proc)}) ${stateLetter(proc)} ${proc.ppid} ${proc.pgid} ${proc.sid} 0 -1 0 0 0 0 0 ${Math.floor(proc.ticks / 10_000)} 0 0 0 20 0 1 0 ${Math.floor((proc.started - kernel.state.booted) / 10)} 4000000 ${Math.ceil((700_000 + proc.memory) / 4096)}\n`,
    ),
  mounts: (kernel) => file(mounts(kernel)),
  cgroup: () => file('0::/\n'),
  uid_map: (kernel) => file(idMap(kernel)),
  gid_map: (kernel) => file(idMap(kernel)),
  // One figure for all of a container's processes.
  oom_score_adj: (kernel) => file(kernel.ports.made?.('/proc/oom_score_adj') ?? '0\n', 0o644),
  limits: () =>
    file(
      'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1048576              1048576              files     \n',
    ),
  cwd: (_k, proc) => link(proc.cwd),
  root: () => link('/'),
  exe: (_k, proc) => link(proc.argv[0] ?? ''),
  fd: (_k, proc) => directory(Object.keys(proc.fds)),
}

/** Users of the namespace, whom they are outside, and how many. */
function idMap({ state }: Kernel): string {
  const base = state.privileges?.idBase
  const row = base === undefined ? [0, 0, 4_294_967_295] : [0, base, 65_536]
  return `${row.map((id) => String(id).padStart(10)).join(' ')}\n`
}

const STATES: Readonly<Record<string, string>> = { R: 'running', S: 'sleeping', Z: 'zombie', T: 'stopped' }

export const stateLetter = (proc: Proc): string =>
  proc.state === 'zombie' ? 'Z' : proc.state === 'stop' ? 'T' : proc.state === 'wait' ? 'S' : 'R'

/** A title that a server gives itself (`nginx: worker process`) leaves its name as it was. */
export const commOf = (proc: Proc): string =>
  (proc.argv[0] ?? '').replace(/: .*$/, '').replace(/^-/, '').split('/').pop()?.slice(0, 15) ?? ''

const SYS: Readonly<Record<string, Maker>> = {
  'kernel/hostname': (kernel) => `${kernel.state.hostname}\n`,
  'kernel/ostype': () => 'Linux\n',
  'kernel/osrelease': (kernel) => `${kernel.state.release}\n`,
  'kernel/pid_max': () => '4194304\n',
  'kernel/shm_rmid_forced': () => '0\n',
  'net/ipv4/ip_forward': () => '1\n',
  'net/ipv4/ip_local_port_range': () => '32768\t60999\n',
  'net/ipv4/ip_local_reserved_ports': () => '\n',
  // containerd lets everybody have low ports and ping.
  'net/ipv4/ip_unprivileged_port_start': () => '0\n',
  'net/ipv4/ping_group_range': () => '0\t2147483647\n',
  'net/ipv4/tcp_fin_timeout': () => '60\n',
  'net/ipv4/tcp_keepalive_intvl': () => '75\n',
  'net/ipv4/tcp_keepalive_probes': () => '9\n',
  'net/ipv4/tcp_keepalive_time': () => '7200\n',
  'net/ipv4/tcp_rmem': () => '4096\t131072\t6291456\n',
  'net/ipv4/tcp_syncookies': () => '1\n',
  'net/ipv4/tcp_wmem': () => '4096\t16384\t4194304\n',
  'net/core/somaxconn': () => '4096\n',
  'vm/max_map_count': () => '65530\n',
}

function below(table: Readonly<Record<string, unknown>>, prefix: string): string[] {
  const names = new Set<string>()
  for (const key of Object.keys(table)) if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('/')[0] as string)
  return [...names]
}

/** The node at a path below a `proc` mount. */
export function makeNode(kernel: Kernel, path: string, asking: Proc | null): Node | undefined {
  const group = kernel.vfs.mountOf(path)
  if (group.type === 'cgroup2') return group.host ? ofHost(kernel, path) : ofGroup(kernel, path)
  const rest = path.replace(/^\/proc\/?/, '')
  if (rest === '')
    return directory(['self', 'sys', 'net', ...Object.keys(GENERAL), ...everyone(kernel).map((p) => String(p.pid))])
  if (rest === 'self') return link(String(asking?.pid ?? 1))
  if (rest === 'mounts') return link('self/mounts')
  const general = GENERAL[rest]
  if (general) return file(general(kernel))
  if (rest === 'net') return directory(['tcp', 'dev'])
  if (rest.startsWith('net/')) return file('')
  if (rest === 'sys' || rest.startsWith('sys/')) {
    const key = rest.slice(4)
    const made = SYS[key]
    if (made) return file(kernel.ports.made?.(path) ?? made(kernel), 0o644)
    const names = below(SYS, key === '' ? '' : `${key}/`)
    return names.length > 0 ? directory(names) : undefined
  }
  return ofProcess(kernel, rest)
}

const CGROUP = '/sys/fs/cgroup'
const CGROUP_FILES = ['cgroup.controllers', 'cpu.max', 'cpu.weight', 'memory.max', 'memory.current']

function ofHost(kernel: Kernel, path: string): Node | undefined {
  const found = kernel.ports.group?.(path)
  return typeof found === 'string' ? file(found) : found && directory([...found])
}

function ofGroup(kernel: Kernel, path: string): Node | undefined {
  if (path === CGROUP) return directory(CGROUP_FILES)
  const text = kernel.ports.made?.(path)
  return text === undefined ? undefined : file(text)
}

function ofProcess(kernel: Kernel, rest: string): Node | undefined {
  const [pid = '', name, fd] = rest.split('/')
  const found = /^\d+$/.test(pid) ? seen(kernel, Number(pid)) : undefined
  if (!found) return undefined
  const { kernel: owner, proc } = found
  if (name === undefined) return directory(Object.keys(OF_PROCESS))
  if (fd !== undefined) {
    if (name !== 'fd') return undefined
    const open = owner.opens.get(proc.fds[Number(fd)])
    return open ? link(open.path || `/dev/${open.k}`) : undefined
  }
  return OF_PROCESS[name]?.(owner, proc)
}
