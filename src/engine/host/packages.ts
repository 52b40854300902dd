/** `apt-get`, `apt-mark` and `apt-cache` for Kubernetes' own packages; all others are the usual manager's. */
import type { Program } from '#posix/program.ts'
import { standardPrograms } from '#posix/programs.ts'
import type { Sys } from '#posix/sys.ts'
import type { Host } from './ports.ts'

/** The repository of one minor version has its patches, and no others. */
const AVAILABLE = ['1.36.3-1.1', '1.36.2-1.1', '1.36.1-1.1', '1.36.0-1.1']
const REPOSITORY = 'https://pkgs.k8s.io/core:/stable:/v1.36/deb'
const DELIVERS = 'https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v1.36/deb'
const SIZES: Readonly<Record<string, number>> = { kubeadm: 12.7, kubectl: 11.9, kubelet: 13.2 }
const FETCH_MS = 2000
const UNPACK_MS = 2000

const isOurs = (name: string): boolean => Object.hasOwn(SIZES, name)

interface Wanted {
  name: string
  version: string
}

/** `kubeadm`, `kubeadm=1.36.3-1.1`, `kubeadm='1.36.3-*'`; a text says what is wrong with it. */
function wantedBy(word: string): Wanted | string {
  const [name = '', asked] = word.split('=')
  if (asked === undefined) return { name, version: AVAILABLE[0] as string }
  const parts = asked.split(/\*+/).map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}$`)
  const version = AVAILABLE.find((each) => pattern.test(each))
  return version ? { name, version } : `E: Version '${asked}' for '${name}' was not found\n`
}

const READING = 'Reading package lists... Done\n'
const STATE = 'Building dependency tree... Done\nReading state information... Done\n'

interface Installing {
  until?: number
  step?: number
}

function install(host: Host, sys: Sys, data: Installing, words: readonly string[]): number | undefined {
  const { packages } = host
  const wanted = words.map(wantedBy)
  const said = (list: readonly Wanted[]): string => list.map(({ name }) => `  ${name}\n`).join('')
  const known = wanted.filter((each): each is Wanted => typeof each !== 'string')
  const changed = known.filter(({ name, version }) => packages.installed[name] !== version)
  const older = changed.filter(({ name, version }) => orderOf(version) < orderOf(packages.installed[name] ?? ''))
  if (data.step === undefined) {
    sys.out(READING + STATE)
    const wrong = wanted.find((each) => typeof each === 'string')
    if (wrong !== undefined) return failed(sys, wrong as string)
    const present = known.filter((each) => !changed.includes(each))
    for (const { name, version } of present) sys.out(`${name} is already the newest version (${version}).\n`)
    const held = changed.filter(({ name }) => packages.held.includes(name))
    if (held.length > 0) {
      sys.out(`The following held packages will be changed:\n${said(held)}`)
      return failed(sys, 'E: Held packages were changed and -y was used without --allow-change-held-packages.\n')
    }
    const newer = changed.filter((each) => !older.includes(each))
    if (newer.length > 0) sys.out(`The following packages will be upgraded:\n${said(newer)}`)
    if (older.length > 0) sys.out(`The following packages will be DOWNGRADED:\n${said(older)}`)
    sys.out(
      `${newer.length} upgraded, 0 newly installed, ${older.length > 0 ? `${older.length} downgraded, ` : ''}0 to remove and 0 not upgraded.\n`,
    )
    if (older.length > 0) return failed(sys, 'E: Packages were downgraded and -y was used without --allow-downgrades.\n')
    if (changed.length === 0) return 0
    const size = changed.reduce((sum, { name }) => sum + (SIZES[name] ?? 0), 0)
    sys.out(`Need to get ${size.toFixed(1)} MB of archives.\n`)
    data.step = 1
    data.until = sys.now + FETCH_MS
  }
  if (!sys.until(data.until ?? 0)) return undefined
  if (data.step === 1) {
    changed.forEach(({ name, version }, i) => sys.out(`Get:${i + 1} ${DELIVERS}  ${name} ${version} [${SIZES[name]} MB]\n`))
    data.step = 2
    data.until = sys.now + UNPACK_MS
    return sys.until(data.until) ? 0 : undefined
  }
  for (const { name, version } of changed) sys.out(`Unpacking ${name} (${version}) over (${packages.installed[name]}) ...\n`)
  for (const { name, version } of changed) {
    packages.installed[name] = version
    sys.out(`Setting up ${name} (${version}) ...\n`)
  }
  return 0
}

const failed = (sys: Sys, words: string): number => {
  sys.err(words)
  return 100
}
const orderOf = (version: string): number =>
  version
    .split(/[.-]/)
    .slice(0, 3)
    .reduce((sum, part) => sum * 1000 + Number(part), 0)

function update(sys: Sys, data: Installing): number | undefined {
  data.until ??= sys.now + FETCH_MS
  if (!sys.until(data.until)) return undefined
  sys.out(`Hit:1 ${REPOSITORY}  InRelease\n${READING}`)
  return 0
}

function aptGet(host: Host): Program {
  const usual = standardPrograms['apt-get'] as Program
  return {
    name: 'apt-get',
    run(sys, data) {
      const [verb = '', ...words] = sys.args.filter((word) => !word.startsWith('-'))
      if (verb === 'update') return update(sys, data)
      const ours = words.filter((word) => isOurs(word.split('=')[0] as string))
      if (ours.length === 0) return usual.run(sys, data)
      if (verb === 'install') return install(host, sys, data, ours)
      return failed(sys, `E: ${verb} of ${ours.join(' ')} is not played here\n`)
    },
  }
}

function mark(host: Host, sys: Sys): number {
  const [verb = '', ...names] = sys.args
  const { packages } = host
  if (verb === 'showhold') {
    sys.out(packages.held.map((name) => `${name}\n`).join(''))
    return 0
  }
  if (verb !== 'hold' && verb !== 'unhold') return failed(sys, `E: Invalid operation ${verb}\n`)
  for (const name of names) {
    if (!isOurs(name)) return failed(sys, `E: Unable to locate package ${name}\n`)
    const was = packages.held.includes(name)
    packages.held = packages.held.filter((each) => each !== name)
    if (verb === 'hold') packages.held = [...packages.held, name].sort()
    if (was === (verb === 'hold')) sys.out(`${name} was already ${was ? 'set on hold' : 'not on hold'}.\n`)
    else sys.out(was ? `Canceled hold on ${name}.\n` : `${name} set on hold.\n`)
  }
  return 0
}

function cache(sys: Sys): number {
  const [verb = '', name = ''] = sys.args
  if (verb !== 'madison') return failed(sys, `E: Invalid operation ${verb}\n`)
  if (isOurs(name)) sys.out(AVAILABLE.map((version) => `   ${name} | ${version} | ${REPOSITORY}  Packages\n`).join(''))
  return 0
}

export function packagePrograms(host: Host): Record<string, Program> {
  const get = aptGet(host)
  return {
    'apt-get': get,
    apt: get,
    'apt-mark': { name: 'apt-mark', run: (sys) => mark(host, sys) },
    'apt-cache': { name: 'apt-cache', run: (sys) => cache(sys) },
  }
}
