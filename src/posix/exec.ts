/** From a command's words to the program that plays it: the search along PATH, scripts, and what a file in `/bin` stands for. */
import type { Kernel } from './kernel.ts'
import type { Proc } from './state.ts'
import { allowed, type Errno, failed, type Place } from './vfs.ts'

/** A native program's file begins with this; its name in the kernel's table follows. */
export const ELF = '\x7fELF '

export const binary = (name: string): string => `${ELF}${name}\n`

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export type Found = { path: string; why?: undefined } | { path?: undefined; why: Errno | 'not found' }

/** Where a command lies. */
export function locate(kernel: Kernel, proc: Proc, name: string, searchPath: string | undefined): Found {
  if (name.includes('/')) {
    const place = kernel.vfs.at(name, proc)
    if (failed(place)) return { why: place }
    if (place.node.k === 'd') return { why: 'Is a directory' }
    return allowed(place.node, proc, 1) ? { path: name } : { why: 'Permission denied' }
  }
  if (name === '') return { why: 'not found' }
  let denied = false
  for (const folder of (searchPath ?? DEFAULT_PATH).split(':')) {
    const path = `${folder || '.'}/${name}`
    const place = kernel.vfs.at(path, proc)
    if (failed(place) || place.node.k !== 'f') continue
    if (allowed(place.node, proc, 1)) return { path }
    denied = true
  }
  return { why: denied ? 'Permission denied' : 'not found' }
}

/** `owner`: it runs as this user. */
export type Loaded = { program: string; argv: string[]; owner?: number } | { why: Errno | 'not found' | 'Exec format error' }

const SCRIPTS = 4
const SETUID = 0o4000

/** What is to run for a file at a path, with its command line. */
export function load(kernel: Kernel, proc: Proc, path: string, argv: readonly string[], depth = 0, known?: Place): Loaded {
  const place = known ?? kernel.vfs.at(path, proc)
  if (failed(place)) return { why: place }
  if (place.node.k !== 'f') return { why: 'Permission denied' }
  if (!allowed(place.node, proc, 1)) return { why: 'Permission denied' }
  const { data } = place.node
  if (data.startsWith(ELF)) {
    const name = data.slice(ELF.length, data.indexOf('\n', ELF.length))
    const loaded = loadNative(kernel, name, argv)
    return place.node.mode & SETUID && !('why' in loaded) ? { ...loaded, owner: place.node.uid } : loaded
  }
  if (data.startsWith('#!')) {
    const line = data.slice(2, (data.indexOf('\n') + 1 || data.length + 1) - 1).trim()
    const m = /^(\S+)(?:\s+(.*))?$/.exec(line)
    if (!m || depth >= SCRIPTS) return { why: 'Exec format error' }
    const words = [m[1] as string, ...(m[2] ? [m[2]] : []), path, ...argv.slice(1)]
    return load(kernel, proc, m[1] as string, words, depth + 1)
  }
  return { why: 'Exec format error' }
}

/** busybox is what it is called. */
function loadNative(kernel: Kernel, name: string, argv: readonly string[]): Loaded {
  if (name !== 'busybox') return kernel.programs[name] ? { program: name, argv: [...argv] } : { why: 'Exec format error' }
  const called = (argv[0] ?? '').replace(/^-/, '').split('/').pop() as string
  const applet = called === 'busybox' && argv[1] && !argv[1].startsWith('-') ? argv[1] : called
  const words = applet === called ? [...argv] : argv.slice(1)
  return { program: kernel.programs[applet] ? applet : 'busybox', argv: words }
}
