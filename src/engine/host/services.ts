/** `systemctl` for the one service that people restart on a machine, and `kubelet --version`. */
import type { Program } from '#posix/program.ts'
import type { Sys } from '#posix/sys.ts'
import { has, KUBELET_CONF } from './node-files.ts'
import { type Host, releaseOf } from './ports.ts'

const UNIT = 'kubelet'
/** What a restart takes. */
const START_MS = 500

const stateOf = ({ machine }: Host): 'active' | 'inactive' | 'activating' => {
  if (!machine?.kubelet.status.isRegistered) return 'activating'
  return machine.isFrozen ? 'inactive' : 'active'
}

/** The kubelet that is installed begins to run; one that was never configured ends at once, and systemd tries again. */
function start(host: Host): void {
  const { machine, packages } = host
  if (machine && (machine.kubelet.status.isRegistered || has(host, KUBELET_CONF)))
    machine.restart(releaseOf(packages.installed[UNIT] ?? ''))
}

const VERBS: Readonly<Record<string, (host: Host) => void>> = {
  start: (host) => {
    if (stateOf(host) !== 'active') start(host)
  },
  restart: start,
  stop: ({ machine }) => machine?.freeze(true),
  /** It is. */
  enable: () => {},
}

function systemctl(host: Host, sys: Sys, data: { until?: number }): number | undefined {
  const [verb = '', unit = ''] = sys.args.filter((word) => !word.startsWith('-'))
  if (verb === 'daemon-reload') return 0
  const name = unit.replace(/\.service$/, '')
  if (verb === 'is-active' || verb === 'status') return tell(host, sys, verb, name)
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (verb === 'disable' || verb === 'mask') return failed(sys, `systemctl ${verb} is not played here`, 1)
  if (!act) return failed(sys, `Unknown command verb '${verb}'.`, 1)
  if (name !== UNIT) return failed(sys, `Failed to ${verb} ${name}.service: Unit ${name}.service not found.`, 5)
  if (data.until === undefined) {
    act(host)
    data.until = sys.now + START_MS
  }
  return sys.until(data.until) ? 0 : undefined
}

const failed = (sys: Sys, words: string, status: number): number => {
  sys.err(`${words}\n`)
  return status
}

function tell(host: Host, sys: Sys, verb: string, name: string): number {
  if (name !== UNIT) {
    if (verb === 'is-active') sys.out('inactive\n')
    else sys.err(`Unit ${name}.service could not be found.\n`)
    return 4
  }
  const state = stateOf(host)
  const how = {
    active: 'active (running)',
    inactive: 'inactive (dead)',
    activating: 'activating (auto-restart) (Result: exit-code)',
  }[state]
  if (verb === 'is-active') sys.out(`${state}\n`)
  else
    sys.out(
      `${state === 'active' ? '●' : '○'} kubelet.service - kubelet: The Kubernetes Node Agent\n     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: enabled)\n     Active: ${how}\n`,
    )
  return state === 'active' ? 0 : 3
}

export const servicePrograms = (host: Host): Record<string, Program> => ({
  systemctl: { name: 'systemctl', run: (sys, data) => systemctl(host, sys, data) },
  kubelet: {
    name: 'kubelet',
    run(sys) {
      if (sys.args[0] === '--version') {
        sys.out(`Kubernetes ${releaseOf(host.packages.installed[UNIT] ?? '')}\n`)
        return 0
      }
      return sys.fail('it is started by systemd here: systemctl restart kubelet')
    },
  },
})
