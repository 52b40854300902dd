/** Signals: their numbers, names, and what each does to a process that says nothing. */

export const SIGNALS: readonly string[] =
  'EXIT HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  )

export const signalNumber = (name: string): number => SIGNALS.indexOf(name)

/** `15`, `TERM`, `SIGTERM`, `term`: the name without SIG; undefined when there is no such signal. */
export function signalName(word: string): string | undefined {
  if (/^\d+$/.test(word)) return SIGNALS[Number(word)]
  const name = word.toUpperCase().replace(/^SIG/, '')
  return SIGNALS.includes(name) ? name : undefined
}

const IGNORED = new Set(['CHLD', 'CONT', 'URG', 'WINCH'])
const STOPPING = new Set(['STOP', 'TSTP', 'TTIN', 'TTOU'])

export const defaultAction = (signal: string): 'ignore' | 'stop' | 'end' =>
  IGNORED.has(signal) ? 'ignore' : STOPPING.has(signal) ? 'stop' : 'end'

/** What a shell says of a process that a signal has ended. */
export const ENDED: Readonly<Record<string, string>> = {
  HUP: 'Hangup',
  INT: '',
  QUIT: 'Quit',
  ILL: 'Illegal instruction',
  ABRT: 'Aborted',
  BUS: 'Bus error',
  FPE: 'Arithmetic exception',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  PIPE: '',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
}
