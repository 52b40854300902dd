/** `kubeadm`: its commands, and what it says of itself. */
import type { Program } from '#posix/program.ts'
import type { Sys } from '#posix/sys.ts'
import { type Host, releaseOf } from '../ports.ts'
import { upgradeApply } from './apply.ts'
import { checkExpiration, renewCertificates } from './certificates.ts'
import { type Known, readFlags } from './flags.ts'
import { HELP } from './help.data.ts'
import { begin, join } from './join.ts'
import { upgradePlan } from './plan.ts'
import { type Memory, perform, type Step, Stop, worded, wordsOf } from './task.ts'
import { create, generate, list, remove } from './token.ts'
import { upgradeNode } from './upgrade-node.ts'

interface Command extends Known {
  steps: readonly Step<any>[]
  /** Where it knows something from the start. */
  begin?: typeof begin
}

const version: Step = ({ host, flags, say }) => {
  const release = releaseOf(host.packages.installed['kubeadm'] ?? '')
  const info = {
    buildDate: '2026-09-01T00:00:00Z',
    compiler: 'gc',
    gitCommit: 'tabernetes',
    gitTreeState: 'clean',
    gitVersion: release,
    goVersion: 'go1.26.8',
    major: '1',
    minor: release.split('.')[1],
    platform: 'linux/amd64',
  }
  const form = flags.value('output')
  if (form === 'short') say(`${release}\n`)
  else if (form === 'json') say(`${JSON.stringify({ clientVersion: info }, null, 2)}\n`)
  else if (form === 'yaml')
    say(
      `clientVersion:\n${Object.entries(info)
        .map(([key, value]) => `  ${key}: ${/^\d+$|T\d/.test(value ?? '') ? JSON.stringify(value) : value}\n`)
        .join('')}\n`,
    )
  else if (form !== '') throw new Stop(`invalid output format: ${form}`)
  else
    say(
      `kubeadm version: &version.Info{Major:"1", Minor:"${info.minor}", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"${release}", GitCommit:"${info.gitCommit}", GitTreeState:"clean", BuildDate:"${info.buildDate}", GoVersion:"${info.goVersion}", Compiler:"gc", Platform:"linux/amd64"}\n`,
    )
}

const IGNORE = { values: ['ignore-preflight-errors'] }

const COMMANDS: Readonly<Record<string, Command>> = {
  version: { steps: [version], values: ['output'], short: { o: 'output' } },
  'token create': {
    steps: [create],
    values: ['ttl', 'description', 'usages', 'groups'],
    switches: ['print-join-command'],
  },
  'token list': { steps: [list] },
  'token delete': { steps: [remove] },
  'token generate': { steps: [generate] },
  join: {
    steps: join,
    begin,
    values: [
      ...IGNORE.values,
      'token',
      'discovery-token',
      'tls-bootstrap-token',
      'discovery-token-ca-cert-hash',
      'node-name',
      'cri-socket',
    ],
    switches: ['discovery-token-unsafe-skip-ca-verification', 'control-plane'],
  },
  'upgrade plan': { steps: upgradePlan, ...IGNORE },
  'upgrade apply': {
    steps: upgradeApply,
    ...IGNORE,
    switches: ['yes', 'force'],
    short: { y: 'yes', f: 'force' },
  },
  'upgrade node': { steps: upgradeNode, ...IGNORE },
  'certs check-expiration': { steps: [checkExpiration] },
  'certs renew': { steps: [renewCertificates] },
}

const PARENTS = ['token', 'upgrade', 'certs']

/** Commands that the real one has, too. */
const NOT_HERE = [
  'init',
  'reset',
  'config',
  'kubeconfig',
  'completion',
  'upgrade diff',
  'certs certificate-key',
  'certs generate-csr',
]

/** The command that the words begin with, and the others. */
function commandIn(words: readonly string[]): [name: string, command: Command, rest: string[]] {
  const [first = '', second = ''] = words
  if (Object.hasOwn(COMMANDS, first)) return [first, COMMANDS[first] as Command, words.slice(1)]
  const name = `${first} ${second}`
  if (Object.hasOwn(COMMANDS, name)) return [name, COMMANDS[name] as Command, words.slice(2)]
  const missing = NOT_HERE.find((each) => each === first || each === name)
  if (missing !== undefined) throw new Stop(`kubeadm ${missing} is not played here`)
  if (PARENTS.includes(first)) throw new Stop(`unknown command ${JSON.stringify(second)} for "kubeadm ${first}"`)
  throw new Stop(`unknown command ${JSON.stringify(first)} for "kubeadm"`)
}

/** Of the command that help is asked for; null: it is not. */
function helpFor(words: readonly string[]): string | null {
  const asked = words.length === 0 || words[0] === 'help' || words.some((word) => word === '-h' || word === '--help')
  const names = words.filter((word) => word !== 'help' && !word.startsWith('-'))
  const known = [names.slice(0, 3), names.slice(0, 2), names.slice(0, 1), []].map((each) => each.join(' '))
  return asked ? (HELP[known.find((each) => HELP[each] !== undefined) ?? ''] ?? '') : null
}

function kubeadm(host: Host, sys: Sys, data: Memory<object>): number | undefined {
  const words = sys.args
  const help = helpFor(words)
  if (help !== null) {
    sys.out(help)
    return 0
  }
  const name = words.join(' ')
  if ([...PARENTS, 'certs renew'].includes(name)) {
    sys.out(HELP[name] ?? '')
    sys.err(worded('\nerror: subcommand is required'))
    return 1
  }
  try {
    const [called, command, rest] = commandIn(words)
    const flags = readFlags(rest, command, HELP[called] ?? '')
    const known = (): object => command.begin?.({ flags }) ?? {}
    return perform(host, sys, flags, data, known, command.steps)
  } catch (error) {
    sys.err(worded(wordsOf(error)))
    return 1
  }
}

export const kubeadmProgram = (host: Host): Program => ({ name: 'kubeadm', run: (sys, data) => kubeadm(host, sys, data) })
