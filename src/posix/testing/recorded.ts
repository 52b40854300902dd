/** Runs a recorded script on a machine like the one it was recorded on. */
import { Machine, START } from './machine.ts'

export interface Recorded {
  script: string
  shell: 'ash' | 'bash'
  out: string
  err: string
  status: number
}

export function runRecorded(each: Recorded, limitMs = 60_000): { out: string; err: string; status: number | null } {
  const machine = new Machine()
  machine.spawn(['sleep', 'infinity'], null)
  machine.kernel.run(START)
  const gnu: Record<string, string> = each.shell === 'bash' ? { TOOLS: 'gnu' } : {}
  const proc = machine.spawn([each.shell === 'bash' ? 'bash' : 'sh', '-c', each.script], '', { PATH: '/usr/bin:/bin', ...gnu })
  machine.disks['root']?.add(machine.disks['root'].lookup(1, 'tmp') as number, 'case', {
    k: 'd',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: START,
    entries: {},
  })
  proc.cwd = '/tmp/case'
  const end = START + limitMs
  for (let slices = 0; !(proc.pid in machine.ends) && slices < 500; slices++) {
    if (!machine.kernel.run(machine.state.now) || proc.pid in machine.ends) continue
    const due = machine.kernel.due()
    if (due === null || due > end) break
    machine.state.now = due
  }
  return { out: machine.out, err: machine.err, status: machine.ends[proc.pid] ?? null }
}
