/** Programs that are clients of the cluster: each waits for a call that the host answers when kubectl, helm or ssh has ended. */
import { type Program, program } from '#posix/program.ts'
import type { Sys } from '#posix/sys.ts'

export const clientNames = ['kubectl', 'helm', 'ssh'] as const
export type ClientName = (typeof clientNames)[number]

/** What the process itself has to do for its client meanwhile; it tells the outcome with `told`. */
export interface ClientData {
  call?: number
  /** A descriptor it reads from. */
  reading?: number | null
  /** A child whose end it waits for: an editor. */
  child?: number | null
  /** On the host's side: not data, and gone when the process is. */
  told?: { read(piece: string | null): void; ended(status: number): void; signal(name: string): void }
}

export const clientProgram = (name: ClientName): Program =>
  program({
    name,
    run(sys, data: ClientData) {
      if (data.call !== undefined) {
        const { state } = sys.kernel
        if (state.calls[data.call]?.done) return sys.call<number>(data as { call: number }, { kind: 'client' })
        if (!serve(sys, data)) return undefined
      }
      return sys.call<number>(data as { call?: number }, { kind: 'client', name })
    },
    signal(_sys, data: ClientData | null, signal) {
      data?.told?.signal(signal)
      return 'default'
    },
  })

/** Does what the client wants of its process; false: it has to wait for that. */
function serve(sys: Sys, data: ClientData): boolean {
  if (data.child) {
    const status = sys.reap(data.child)
    if (status === undefined) return false
    data.child = null
    data.told?.ended(status)
  }
  if (data.reading === null || data.reading === undefined) return true
  const piece = sys.read(data.reading)
  if (piece === undefined) return false
  data.reading = null
  data.told?.read(piece)
  return true
}
