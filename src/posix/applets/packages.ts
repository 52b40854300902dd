/** Package managers: `apk`, `apt-get`, `yum`: what they install is what the kernel knows by that name. */
import { binary } from '../exec.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'

/** Programs that a package brings, where its name is another. */
const BRINGS: Readonly<Record<string, readonly string[]>> = {
  'bind-tools': ['dig', 'host'],
  dnsutils: ['dig', 'host'],
  'bind9-dnsutils': ['dig', 'host'],
  'iputils-ping': ['ping'],
  iputils: ['ping'],
  'inetutils-ping': ['ping'],
  procps: ['ps', 'top', 'free', 'uptime', 'watch', 'pkill', 'pgrep'],
  'netcat-openbsd': ['nc'],
  netcat: ['nc'],
  'net-tools': ['netstat', 'ifconfig'],
  iproute2: ['ip', 'ss'],
  coreutils: [],
  'ca-certificates': [],
  'git-daemon': [],
}
/** Wait for the network, so long. */
const FETCH_MS = 2000

function install(sys: Sys, names: readonly string[], missing: (name: string) => void): number {
  let status = 0
  for (const name of names) {
    const programs = Object.hasOwn(BRINGS, name) ? (BRINGS[name] as readonly string[]) : sys.kernel.programs[name] ? [name] : null
    if (programs === null) {
      missing(name)
      status = 1
      continue
    }
    for (const each of programs) {
      const path = each === 'bash' ? '/bin/bash' : `/usr/bin/${each}`
      if (sys.exists(path) || !sys.kernel.programs[each]) continue
      const why = sys.put(path, binary(each))
      if (why) return sys.fail(`${path}: ${why}`)
      sys.change(path, { mode: 0o755 })
    }
  }
  return status
}

const wordsOf = (sys: Sys): string[] => sys.args.filter((word) => !word.startsWith('-'))

/** Asks for root, waits a moment, then does it. */
const manager = (
  name: string,
  also: readonly string[],
  denied: string,
  act: (sys: Sys, verb: string, packages: string[]) => number,
): Program =>
  program({
    name,
    also,
    run(sys, data) {
      const [verb = '', ...packages] = wordsOf(sys)
      if (sys.proc.uid !== 0) {
        sys.err(`${denied}\n`)
        return name === 'apk' ? 99 : 100
      }
      data.until ??= sys.now + FETCH_MS
      return sys.until(data.until) ? act(sys, verb, packages) : undefined
    },
  })

const apk = manager(
  'apk',
  [],
  'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied',
  (sys, verb, packages) => {
    if (!['add', 'update', 'del', 'info', 'upgrade'].includes(verb)) return sys.misuse()
    sys.out(
      'fetch https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz\nfetch https://dl-cdn.alpinelinux.org/alpine/v3.22/community/x86_64/APKINDEX.tar.gz\n',
    )
    if (verb !== 'add') {
      sys.out('OK: 26326 distinct packages available\n')
      return 0
    }
    const lost: string[] = []
    install(sys, packages, (name) => lost.push(name))
    if (lost.length > 0) {
      sys.err(
        `ERROR: unable to select packages:\n${lost.map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join('')}`,
      )
      return lost.length
    }
    sys.out(
      `${packages.map((name, i) => `(${i + 1}/${packages.length}) Installing ${name}\n`).join('')}Executing busybox-1.37.0-r18.trigger\nOK: 12 MiB in ${16 + packages.length} packages\n`,
    )
    return 0
  },
)

const apt = manager(
  'apt-get',
  ['apt'],
  'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?',
  (sys, verb, packages) => {
    if (verb === 'update') {
      sys.out(
        'Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]\nFetched 9240 kB in 2s (4620 kB/s)\nReading package lists... Done\n',
      )
      return 0
    }
    if (verb !== 'install') return 0
    sys.out('Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n')
    let lost = false
    install(sys, packages, (name) => {
      sys.err(`E: Unable to locate package ${name}\n`)
      lost = true
    })
    if (lost) return 100
    for (const name of packages) sys.out(`Setting up ${name} ...\n`)
    return 0
  },
)

const yum = manager(
  'yum',
  ['dnf', 'microdnf'],
  'Error: This command has to be run with superuser privileges (under the root user on most systems).',
  (sys, verb, packages) => {
    if (verb !== 'install') return 0
    const status = install(sys, packages, (name) =>
      sys.err(`No match for argument: ${name}\nError: Unable to find a match: ${name}\n`),
    )
    if (status === 0) sys.out(`Installed:\n${packages.map((name) => `  ${name}\n`).join('')}\nComplete!\n`)
    return status
  },
)

export const packageManagers: readonly Program[] = [apk, apt, yum]
