/** What files and disks hold: stat, du, df, truncate, mount, sync. */
import { byteLength } from '#api/bytes.ts'
import { kindOf } from '../disk.ts'
import { mounts } from '../proc-fs.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed, type Place } from '../vfs.ts'
import { formatDate } from './date.ts'
import { blocksOf, humanSize, linksOf, modeText, sizeOfNode } from './ls.ts'
import { sizeOf } from './text.ts'
import { parseArgs, wrongOption } from './text-io.ts'
import { groupName, userName } from './users.ts'

const KINDS: Readonly<Record<string, string>> = {
  f: 'regular file',
  d: 'directory',
  l: 'symbolic link',
  c: 'character special file',
  p: 'fifo',
  b: 'block special file',
}

const wordsFor = ({ node }: Place): string => {
  const kind = kindOf(node)
  return kind === 'f' && sizeOfNode(node) === 0 ? 'regular empty file' : (KINDS[kind] as string)
}
const octal = (mode: number): string => (mode & 0o7777).toString(8)
const TYPE: Readonly<Record<string, number>> = { f: 0o100000, d: 0o040000, l: 0o120000, c: 0o020000, p: 0o010000, b: 0o060000 }
const stamp = (ms: number): string => formatDate(ms, '%Y-%m-%d %H:%M:%S.%N %z')

function statLine(sys: Sys, format: string, name: string, place: Place): string {
  const { node } = place
  const mount = sys.kernel.vfs.mountOf(place.path)
  return format.replace(/%(-?\d*)([a-zA-Z%])/g, (_all, width: string, c: string) => {
    const value: Readonly<Record<string, () => string>> = {
      a: () => octal(node.mode),
      A: () => modeText(node),
      b: () => String(blocksOf(node) * 2),
      B: () => '512',
      d: () => '64769',
      D: () => 'fd01',
      f: () => ((TYPE[kindOf(node)] as number) | node.mode).toString(16),
      F: () => wordsFor(place),
      g: () => String(node.gid),
      G: () => groupName(sys, node.gid),
      h: () => String(linksOf(node, 0)),
      i: () => String(place.ino),
      m: () => mount.path,
      n: () => name,
      N: () => (node.k === 'l' ? `'${name}' -> '${node.target}'` : sys.gnu ? `'${name}'` : name),
      o: () => '4096',
      s: () => String(sizeOfNode(node)),
      T: () => FS_NAMES[mount.type] ?? mount.type,
      u: () => String(node.uid),
      U: () => userName(sys, node.uid),
      w: () => '0',
      W: () => '0',
      x: () => stamp(node.mtime),
      X: () => String(Math.floor(node.mtime / 1000)),
      y: () => stamp(node.mtime),
      Y: () => String(Math.floor(node.mtime / 1000)),
      z: () => stamp(node.mtime),
      Z: () => String(Math.floor(node.mtime / 1000)),
      '%': () => '%',
    }
    const text = value[c]?.() ?? '?'
    return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0))
  })
}

const FS_NAMES: Readonly<Record<string, string>> = { overlay: 'overlayfs', ext4: 'ext2/ext3', tmpfs: 'tmpfs', proc: 'proc' }

const stat = program({
  name: 'stat',
  usage: '[-ltf] [-c FMT] FILE...\n\nDisplay file (default) or filesystem status',
  run(sys) {
    const parsed = parseArgs(sys.args, 'ltfL', 'c', { format: 'c', dereference: 'L', printf: 'c' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    if (parsed.rest.length === 0) return sys.misuse()
    let status = 0
    for (const name of parsed.rest) {
      const place = sys.at(name, parsed.flags.has('L'))
      if (failed(place)) {
        sys.err(sys.gnu ? `stat: cannot statx '${name}': ${place}\n` : `stat: can't stat '${name}': ${place}\n`)
        status = 1
        continue
      }
      const { c } = parsed.values
      if (parsed.flags.has('f')) sys.out(c === undefined ? fileSystem(sys, name, place) : `${statLine(sys, c, name, place)}\n`)
      else if (c !== undefined) sys.out(`${statLine(sys, c, name, place)}\n`)
      else
        sys.out(
          statLine(
            sys,
            `  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: ${sys.gnu ? '0,37' : '%Dh/%dd'}\tInode: %-11i Links: %h\nAccess: (%4a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n`.replace(
              '%4a',
              `0${octal(place.node.mode).padStart(3, '0')}`.slice(-4),
            ),
            name,
            place,
          ),
        )
    }
    return status
  },
})

const fileSystem = (sys: Sys, name: string, place: Place): string =>
  `  File: "${name}"\n    ID: 0        Namelen: 255     Type: ${FS_NAMES[sys.kernel.vfs.mountOf(place.path).type] ?? 'UNKNOWN'}\nBlock size: 4096\n`

function usage(
  sys: Sys,
  path: string,
  flags: Set<string>,
  depth: number,
  most: number,
  print: (kb: number, path: string) => void,
): number {
  const place = sys.at(path, false)
  if (failed(place)) return 0
  let total = flags.has('b') ? sizeOfNode(place.node) / 1024 : blocksOf(place.node)
  if (place.node.k === 'd') {
    const names = sys.names(path)
    if (!failed(names))
      for (const name of names) total += usage(sys, path === '/' ? `/${name}` : `${path}/${name}`, flags, depth + 1, most, print)
    if (depth <= most && (depth === 0 || !flags.has('s'))) print(total, path)
  } else if (depth === 0 || (flags.has('a') && depth <= most)) print(total, path)
  return total
}

const du = program({
  name: 'du',
  usage: '[-aHLdclsxhmk] [FILE]...\n\nSummarize disk space used for FILEs (or directories)',
  run(sys) {
    const parsed = parseArgs(sys.args, 'aHLclsxhmkb', 'd', {
      'max-depth': 'd',
      summarize: 's',
      'human-readable': 'h',
      bytes: 'b',
    })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const { flags } = parsed
    const show = (kb: number): string =>
      flags.has('h')
        ? kb < 1024
          ? `${kb.toFixed(1)}K`
          : humanSize(kb * 1024)
        : flags.has('m')
          ? String(Math.ceil(kb / 1024))
          : flags.has('b')
            ? String(kb * 1024)
            : String(kb)
    let status = 0
    let sum = 0
    for (const name of parsed.rest.length > 0 ? parsed.rest : ['.']) {
      const place = sys.at(name)
      if (failed(place)) {
        sys.err(sys.gnu ? `du: cannot access '${name}': ${place}\n` : `du: ${name}: ${place}\n`)
        status = 1
        continue
      }
      sum += usage(sys, name, flags, 0, Number(parsed.values['d'] ?? 1e9), (kb, path) => sys.out(`${show(kb)}\t${path}\n`))
    }
    if (flags.has('c')) sys.out(`${show(sum)}\ttotal\n`)
    return status
  },
})

/** Kilobytes a disk is said to have. */
const TOTAL_KB = 61_255_492

const df = program({
  name: 'df',
  usage: '[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...\n\nPrint filesystem usage statistics',
  run(sys) {
    const parsed = parseArgs(sys.args, 'PkmhTaiH', 'tB', { 'human-readable': 'h' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const human = parsed.flags.has('h')
    const mega = parsed.flags.has('m')
    let list = sys.kernel.state.mounts.filter(
      (m) => m.type !== 'device' && ((m.type !== 'proc' && m.type !== 'cgroup2') || parsed.flags.has('a')),
    )
    let status = 0
    if (parsed.rest.length > 0) {
      list = []
      for (const name of parsed.rest) {
        const place = sys.at(name)
        if (failed(place)) {
          status = sys.fail(sys.gnu ? `${name}: ${place}` : `${name}: can't find mount point`)
          continue
        }
        list.push(sys.kernel.vfs.mountOf(place.path))
      }
    }
    const title = human ? 'Size' : mega ? '1M-blocks' : '1K-blocks'
    const types = parsed.flags.has('T')
    const width = sys.gnu ? Math.max(10, ...list.map((m) => m.source.length)) : 20
    const sized = (kb: number): string =>
      human ? (kb === 0 ? '0' : humanSize(kb * 1024)) : mega ? String(Math.ceil(kb / 1024)) : String(kb)
    const w = human ? 9 : 9
    if (list.length > 0)
      sys.out(
        `${'Filesystem'.padEnd(width)} ${types ? 'Type       ' : ''}${title.padStart(w)} ${(human ? 'Used' : 'Used').padStart(9)} ${'Available'.padStart(9)} ${human ? 'Use%' : 'Use%'} Mounted on\n`,
      )
    for (const m of list) {
      const tmp = m.type === 'tmpfs'
      const total = tmp ? Math.floor((m.size ?? sys.kernel.state.memoryTotal / 2) / 1024) : TOTAL_KB
      const used = m.disk ? Math.ceil(sys.kernel.vfs.disk(m.disk).used() / 1024) + (tmp ? 0 : 9_214_280) : 0
      const percent = total === 0 ? 0 : Math.ceil((100 * used) / total)
      sys.out(
        `${m.source.padEnd(width)} ${types ? `${m.type.padEnd(10)} ` : ''}${sized(total).padStart(w)} ${sized(used).padStart(9)} ${sized(total - used).padStart(9)} ${`${percent}%`.padStart(4)} ${m.path}\n`,
      )
    }
    return status
  },
})

const truncate = program({
  name: 'truncate',
  usage: '[-c] -s SIZE FILE...\n\nTruncate FILEs to the given size',
  run(sys) {
    const parsed = parseArgs(sys.args, 'co', 's', { size: 's' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    if (parsed.values['s'] === undefined || parsed.rest.length === 0) return sys.misuse()
    const size = sizeOf(parsed.values['s'])
    if (Number.isNaN(size)) return sys.fail(`invalid number '${parsed.values['s']}'`)
    for (const name of parsed.rest) {
      if (!sys.exists(name)) sys.put(name, '')
      const why = sys.truncate(name, Math.min(size, 256 * 1024 * 1024))
      if (why) return sys.fail(`${name}: ${why}`)
    }
    return 0
  },
})

const mount = program({
  name: 'mount',
  run(sys) {
    const only = sys.args[0] === '-t' && sys.args.length === 2 ? sys.args[1] : undefined
    if (sys.args.length > 0 && only === undefined && sys.args[0] !== '-l') return sys.fail('permission denied (are you root?)')
    for (const line of mounts(sys.kernel).split('\n')) {
      const [source, path, type, options] = line.split(' ')
      if (path && (only === undefined || type === only)) sys.out(`${source} on ${path} type ${type} (${options})\n`)
    }
    return 0
  },
})

const umount = program({
  name: 'umount',
  run: (sys) => (sys.args.length === 0 ? sys.misuse() : sys.fail(`can't unmount ${sys.args.at(-1)}: Operation not permitted`)),
})
const sync = program({ name: 'sync', run: () => 0 })

const mountpoint = program({
  name: 'mountpoint',
  run(sys) {
    const path = sys.args.filter((w) => !w.startsWith('-')).at(-1) ?? ''
    const quiet = sys.args.includes('-q')
    const place = sys.at(path)
    const is = !failed(place) && sys.kernel.vfs.mountAt(place.path) !== undefined
    if (!quiet) sys.out(failed(place) ? `mountpoint: ${path}: ${place}\n` : `${path} is ${is ? '' : 'not '}a mountpoint\n`)
    return is ? 0 : 1
  },
})

export const spaceApplets: readonly Program[] = [stat, du, df, truncate, mount, umount, sync, mountpoint]
export const fileBytes = (text: string): number => byteLength(text)
