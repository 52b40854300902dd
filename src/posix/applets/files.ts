/** Programs that make, move and take away files: cp, mv, rm, mkdir, rmdir, ln, touch, and names of paths. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed, normalPath } from '../vfs.ts'
import { parseDate } from './date.ts'
import { type Parsed, parseArgs, wrongOption } from './text-io.ts'

const base = (path: string): string => (path === '/' ? '/' : (path.replace(/\/+$/, '').split('/').pop() as string))
const isDir = (sys: Sys, path: string): boolean => {
  const place = sys.at(path)
  return !failed(place) && place.node.k === 'd'
}

/** `cp a b dir/`, `mv`, `ln`: what each source becomes. */
function pairs(sys: Sys, words: string[], intoDirectory = true): [string, string][] | string {
  const target = words.at(-1) as string
  const sources = words.slice(0, -1)
  if (isDir(sys, target) && intoDirectory)
    return sources.map((source) => [source, `${target.replace(/\/+$/, '') || ''}/${base(source)}`])
  if (sources.length > 1) return sys.gnu ? `target '${target}' is not a directory` : `can't create directory '${target}'`
  return [[sources[0] as string, target]]
}

const say = (sys: Sys, busybox: string, gnu: string): number => {
  sys.err(`${sys.name}: ${sys.gnu ? gnu : busybox}\n`)
  return 1
}

function needs(sys: Sys, parsed: Parsed, count: number): number | null {
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return wrong as number
  if (parsed.rest.length >= count) return null
  if (!sys.gnu) return sys.misuse()
  const first = parsed.rest[0]
  const words =
    first === undefined ? `missing ${count > 1 ? 'file ' : ''}operand` : `missing destination file operand after '${first}'`
  return sys.fail(`${words}\nTry '${sys.name} --help' for more information.`)
}

function copy(sys: Sys, from: string, to: string, flags: Set<string>): number {
  const keepLinks = flags.has('a') || flags.has('d') || flags.has('P')
  const place = sys.at(from, !keepLinks)
  if (failed(place)) return say(sys, `can't stat '${from}': ${place}`, `cannot stat '${from}': ${place}`)
  const { node } = place
  if (node.k === 'd') {
    if (!flags.has('r') && !flags.has('R') && !flags.has('a'))
      return say(sys, `omitting directory '${from}'`, `-r not specified; omitting directory '${from}'`)
    return copyTree(sys, from, to, flags, node.mode)
  }
  const old = sys.at(to)
  if (!failed(old) && old.diskName === place.diskName && old.ino === place.ino && old.disk)
    return say(sys, `'${from}' and '${to}' are the same file`, `'${from}' and '${to}' are the same file`)
  if (node.k === 'l') {
    sys.unlink(to)
    const why = sys.symlink(node.target, to)
    return why
      ? say(sys, `can't create symlink '${to}' to '${node.target}': ${why}`, `cannot create symbolic link '${to}': ${why}`)
      : 0
  }
  const read = sys.text(from)
  if (failed(read)) return say(sys, `can't open '${from}': ${read}`, `cannot open '${from}' for reading: ${read}`)
  if (flags.has('n') && !failed(old)) return 0
  const why = sys.put(to, read.text)
  if (why && flags.has('f') && sys.unlink(to) === '') sys.put(to, read.text)
  else if (why) return say(sys, `can't create '${to}': ${why}`, `cannot create regular file '${to}': ${why}`)
  if (failed(old)) sys.change(to, { mode: node.mode & ~(flags.has('p') || flags.has('a') ? 0 : sys.proc.umask) })
  if (flags.has('p') || flags.has('a'))
    sys.change(to, { mode: node.mode, mtime: node.mtime, ...(sys.proc.uid === 0 ? { uid: node.uid, gid: node.gid } : {}) })
  if (flags.has('v')) sys.out(`'${from}' -> '${to}'\n`)
  return 0
}

function copyTree(sys: Sys, from: string, to: string, flags: Set<string>, mode: number): number {
  const inside = `${normalPath(to, sys.proc.cwd)}/`.startsWith(`${normalPath(from, sys.proc.cwd)}/`)
  if (inside)
    return say(
      sys,
      `recursion detected, omitting directory '${from}'`,
      `cannot copy a directory, '${from}', into itself, '${to}'`,
    )
  if (!isDir(sys, to)) {
    const why = sys.mkdir(to, mode | 0o700)
    if (why) return say(sys, `can't create directory '${to}': ${why}`, `cannot create directory '${to}': ${why}`)
  }
  const names = sys.names(from)
  if (failed(names)) return say(sys, `can't open '${from}': ${names}`, `cannot access '${from}': ${names}`)
  let status = 0
  for (const name of names) status = copy(sys, `${from}/${name}`, `${to}/${name}`, flags) || status
  return status
}

const cp = program({
  name: 'cp',
  usage: '[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }',
  run(sys) {
    const parsed = parseArgs(sys.args, 'arRPLHpfinlsuTdv', 't', { recursive: 'r', archive: 'a', force: 'f', preserve: 'p' })
    const wrong = needs(sys, parsed, parsed.values['t'] ? 1 : 2)
    if (wrong !== null) return wrong
    const words = parsed.values['t'] ? [...parsed.rest, parsed.values['t']] : parsed.rest
    const all = pairs(sys, words, !parsed.flags.has('T'))
    if (typeof all === 'string') return sys.fail(all)
    return all.reduce((status, [from, to]) => copy(sys, from, to, parsed.flags) || status, 0)
  },
})

function moveOne(sys: Sys, from: string, to: string, flags: Set<string>): number {
  if (flags.has('n') && sys.exists(to)) return 0
  const why = sys.rename(from, to)
  if (why === 'Invalid cross-device link') {
    const status = copy(sys, from, to, new Set(['a']))
    return status || remove(sys, from, new Set(['r', 'f']))
  }
  if (!why) return 0
  if (why === 'No such file or directory' && failed(sys.at(from, false)))
    return say(sys, `can't rename '${from}': ${why}`, `cannot stat '${from}': ${why}`)
  return say(
    sys,
    `can't rename '${from}': ${why}`,
    why === 'Invalid argument'
      ? `cannot move '${from}' to a subdirectory of itself, '${to}'`
      : `cannot move '${from}' to '${to}': ${why}`,
  )
}

const mv = program({
  name: 'mv',
  usage: '[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }',
  run(sys) {
    const parsed = parseArgs(sys.args, 'finTuv', 't', { force: 'f' })
    const wrong = needs(sys, parsed, parsed.values['t'] ? 1 : 2)
    if (wrong !== null) return wrong
    const words = parsed.values['t'] ? [...parsed.rest, parsed.values['t']] : parsed.rest
    const all = pairs(sys, words, !parsed.flags.has('T'))
    if (typeof all === 'string') return sys.fail(all)
    return all.reduce((status, [from, to]) => moveOne(sys, from, to, parsed.flags) || status, 0)
  },
})

/** GNU's rm does not take the whole machine away, however it is spelt. */
function guarded(sys: Sys, path: string, flags: Set<string>): boolean {
  if (!sys.gnu || flags.has('P') || !(flags.has('r') || flags.has('R')) || !/^\/[/.]*$/.test(path)) return false
  sys.err(`rm: it is dangerous to operate recursively on '${path}'${path === '/' ? '' : " (same as '/')"}\n`)
  sys.err('rm: use --no-preserve-root to override this failsafe\n')
  return true
}

function remove(sys: Sys, path: string, flags: Set<string>): number {
  const place = sys.at(path, false)
  if (failed(place)) {
    if (flags.has('f') && place !== 'Permission denied') return 0
    return say(sys, `can't remove '${path}': ${place}`, `cannot remove '${path}': ${place}`)
  }
  if (base(path) === '.' || base(path) === '..')
    return say(sys, "can't remove '.' or '..'", `refusing to remove '.' or '..' directory: skipping '${path}'`)
  let why: string
  if (place.node.k === 'd') {
    if (!flags.has('r') && !flags.has('R')) return say(sys, `'${path}' is a directory`, `cannot remove '${path}': Is a directory`)
    const names = sys.names(path)
    if (failed(names)) return say(sys, `can't remove '${path}': ${names}`, `cannot remove '${path}': ${names}`)
    let status = 0
    for (const name of names) status = remove(sys, `${path}/${name}`, flags) || status
    if (status) return status
    why = sys.rmdir(path)
  } else why = sys.unlink(path)
  if (why) return say(sys, `can't remove '${path}': ${why}`, `cannot remove '${path}': ${why}`)
  if (flags.has('v')) sys.out(`removed '${path}'\n`)
  return 0
}

const rm = program({
  name: 'rm',
  usage: '[-irf] FILE...\n\nRemove (unlink) FILEs\n\n\t-i\tAlways prompt before removing\n\t-f\tNever prompt\n\t-R,-r\tRecurse',
  run(sys) {
    const parsed = parseArgs(sys.args, 'irRfdv', '', { force: 'f', recursive: 'r', 'no-preserve-root': 'P', verbose: 'v' })
    const wrong = needs(sys, parsed, parsed.flags.has('f') ? 0 : 1)
    if (wrong !== null) return wrong
    const { rest, flags } = parsed
    return rest.reduce((status, path) => (guarded(sys, path, flags) ? 1 : remove(sys, path, flags)) || status, 0)
  },
})

const mkdir = program({
  name: 'mkdir',
  usage:
    '[-m MODE] [-p] DIRECTORY...\n\nCreate DIRECTORY\n\n\t-m MODE\tMode\n\t-p\tNo error if exists; make parent directories as needed',
  run(sys) {
    const parsed = parseArgs(sys.args, 'pv', 'm', { parents: 'p', mode: 'm' })
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    let status = 0
    const mode = parsed.values['m'] === undefined ? undefined : Number.parseInt(parsed.values['m'], 8)
    for (const path of parsed.rest) {
      let why: string = ''
      if (parsed.flags.has('p')) {
        const parts = path.split('/')
        for (let i = 1; i <= parts.length && !why; i++) {
          const part = parts.slice(0, i).join('/')
          if (part === '' || isDir(sys, part)) continue
          why = sys.mkdir(part, 0o777)
        }
      } else why = sys.mkdir(path, 0o777)
      if (why) status = say(sys, `can't create directory '${path}': ${why}`, `cannot create directory '${path}': ${why}`)
      else if (mode !== undefined) sys.change(path, { mode })
    }
    return status
  },
})

const rmdir = program({
  name: 'rmdir',
  usage: '[-p] DIRECTORY...\n\nRemove DIRECTORY if it is empty',
  run(sys) {
    const parsed = parseArgs(sys.args, 'pv', '', { parents: 'p', 'ignore-fail-on-non-empty': 'v' })
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    let status = 0
    for (const path of parsed.rest) {
      const why = sys.rmdir(path)
      if (why) status = say(sys, `'${path}': ${why}`, `failed to remove '${path}': ${why}`)
    }
    return status
  },
})

const ln = program({
  name: 'ln',
  usage: '[-sfnbtv] [-S SUF] TARGET... LINK|DIR\n\nCreate a link LINK or DIR/TARGET to the specified TARGET(s)',
  run(sys) {
    const parsed = parseArgs(sys.args, 'sfnbvrTi', 'tS', { symbolic: 's', force: 'f', 'no-dereference': 'n' })
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    const words = parsed.rest.length === 1 ? [parsed.rest[0] as string, '.'] : parsed.rest
    const target = words.at(-1) as string
    const whole = sys.at(target, false)
    const isLink = parsed.flags.has('n') && !failed(whole) && whole.node.k === 'l'
    const all = pairs(sys, words, !isLink && !parsed.flags.has('T'))
    if (typeof all === 'string') return sys.fail(all)
    let status = 0
    for (const [from, to] of all) {
      const old = sys.at(to, false)
      if (parsed.flags.has('f') && !failed(old) && old.node.k !== 'd') sys.unlink(to)
      const why = parsed.flags.has('s') ? sys.symlink(from, to) : sys.link(from, to)
      if (why)
        status = say(
          sys,
          `${to}: ${why}`,
          parsed.flags.has('s') ? `failed to create symbolic link '${to}': ${why}` : `failed to access '${from}': ${why}`,
        )
    }
    return status
  },
})

const touch = program({
  name: 'touch',
  usage: '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...\n\nUpdate mtime of FILEs',
  run(sys) {
    const parsed = parseArgs(sys.args, 'cham', 'dtr', { 'no-create': 'c', date: 'd', reference: 'r' })
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    let mtime = sys.now
    const { d, t, r } = parsed.values
    if (d !== undefined || t !== undefined) {
      const parsedTime = parseDate(sys, (d ?? t) as string, t !== undefined)
      if (parsedTime === null) return sys.fail(`invalid date '${d ?? t}'`)
      mtime = parsedTime
    }
    if (r !== undefined) {
      const place = sys.at(r)
      if (failed(place)) return sys.fail(`${r}: ${place}`)
      mtime = place.node.mtime
    }
    let status = 0
    for (const path of parsed.rest) {
      const place = sys.at(path)
      if (failed(place) && parsed.flags.has('c')) continue
      const why = failed(place) ? sys.put(path, '', true) || sys.change(path, { mtime }) : sys.change(path, { mtime })
      if (why) status = say(sys, `${path}: ${why}`, `cannot touch '${path}': ${why}`)
    }
    return status
  },
})

const basename = program({
  name: 'basename',
  usage: 'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...\n\nStrip directory path and SUFFIX from FILE',
  run(sys) {
    const parsed = parseArgs(sys.args, 'a', 's')
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    const many = parsed.flags.has('a') || parsed.values['s'] !== undefined
    const suffix = parsed.values['s'] ?? (many ? '' : (parsed.rest[1] ?? ''))
    for (const path of many ? parsed.rest : parsed.rest.slice(0, 1)) {
      const name = base(path)
      sys.out(`${suffix !== '' && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name}\n`)
    }
    return 0
  },
})

const dirname = program({
  name: 'dirname',
  usage: 'FILENAME\n\nStrip non-directory suffix from FILENAME',
  run(sys) {
    if (sys.args.length === 0) return sys.misuse()
    for (const path of sys.args) {
      const clean = path.replace(/\/+$/, '')
      const at = clean.lastIndexOf('/')
      sys.out(`${clean === '' && path !== '' ? '/' : at < 0 ? '.' : clean.slice(0, at).replace(/\/+$/, '') || '/'}\n`)
    }
    return 0
  },
})

/** The path without links; null when something on the way is missing. */
function real(sys: Sys, path: string, missing: boolean): string | null {
  const found = sys.kernel.vfs.walk(path, sys.proc)
  if (failed(found)) return null
  return 'node' in found || missing ? found.path : null
}

const readlink = program({
  name: 'readlink',
  usage: '[-fnv] FILE\n\nDisplay the value of a symlink',
  run(sys) {
    const parsed = parseArgs(sys.args, 'fnvqsem', '')
    const wrong = needs(sys, parsed, 1)
    if (wrong !== null) return wrong
    const [path = ''] = parsed.rest
    const end = parsed.flags.has('n') ? '' : '\n'
    if (parsed.flags.has('f') || parsed.flags.has('e')) {
      const found = real(sys, path, !parsed.flags.has('e'))
      if (found === null) return 1
      sys.out(`${found}${end}`)
      return 0
    }
    const place = sys.at(path, false)
    if (failed(place) || place.node.k !== 'l') return 1
    sys.out(`${place.node.target}${end}`)
    return 0
  },
})

const realpath = program({
  name: 'realpath',
  usage: 'FILE...\n\nPrint absolute pathnames of FILE',
  run(sys) {
    const words = sys.args.filter((word) => !/^-[a-z]$/.test(word))
    if (words.length === 0) return sys.misuse()
    let status = 0
    for (const path of words) {
      const found = real(sys, path, true)
      if (found === null) status = sys.fail(`${path}: ${sys.at(path) as string}`)
      else sys.out(`${found}\n`)
    }
    return status
  },
})

const mktemp = program({
  name: 'mktemp',
  usage:
    '[-dt] [-p DIR] [TEMPLATE]\n\nCreate a temporary file with name based on TEMPLATE and print its name.\nTEMPLATE must end with XXXXXX (e.g. [/dir/]nameXXXXXX).',
  run(sys) {
    const parsed = parseArgs(sys.args, 'dtqu', 'p')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const template = parsed.rest[0] ?? 'tmp.XXXXXX'
    const folder = parsed.values['p'] ?? sys.env('TMPDIR') ?? '/tmp'
    const full = parsed.rest[0] === undefined || parsed.flags.has('t') || parsed.values['p'] ? `${folder}/${template}` : template
    if (!/X{6}$/.test(full) && !sys.gnu) return sys.fail(`${full}: Invalid argument`)
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const path = full.replace(/X+$/, (x) => [...x].map(() => letters[sys.kernel.random(letters.length)]).join(''))
    const why = parsed.flags.has('u') ? '' : parsed.flags.has('d') ? sys.mkdir(path, 0o700) : sys.put(path, '')
    if (why) return sys.fail(`(null): ${why}`)
    if (!parsed.flags.has('d') && !parsed.flags.has('u')) sys.change(path, { mode: 0o600 })
    sys.out(`${path}\n`)
    return 0
  },
})

const mkfifo = program({
  name: 'mkfifo',
  usage: '[-m MODE] NAME\n\nCreate named pipe',
  run(sys) {
    for (const path of sys.args.filter((word) => !word.startsWith('-'))) {
      const found = sys.kernel.vfs.walk(path, sys.proc, false)
      if (failed(found)) return sys.fail(`${path}: ${found}`)
      if ('node' in found) return sys.fail(`${path}: File exists`)
      const { uid, gid, umask } = sys.proc
      found.disk.add(found.parent, found.name, { k: 'p', device: 'fifo', mode: 0o666 & ~umask, uid, gid, mtime: sys.now })
    }
    return 0
  },
})

export const fileApplets: readonly Program[] = [cp, mv, rm, mkdir, rmdir, ln, touch, mkfifo]
export const pathApplets: readonly Program[] = [basename, dirname, readlink, realpath, mktemp]
