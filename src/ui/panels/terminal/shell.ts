/** The shell behind the terminal: the learner's own, on this desk's cluster, with the editor's text as a file. */
import { createShell, type Shell } from '#shell/shell.ts'
import type { Desk } from '../../state/desk.ts'
import { refusalOf } from '../../state/restricted.ts'
import { type FileTexts, MAIN, readFiles, removeFile, takeFrom } from '../editor/files.ts'
import type { Backend } from './session.ts'

const LOOK_MS = 50

/** A shell of the desk's own, for lines that somebody runs. */
export function openShell(desk: Desk): Pick<Shell, 'run' | 'complete'> {
  const shell = shellOf(desk)
  return {
    async run(line, io) {
      const took = take(desk, shell)
      try {
        return await shell.run(line, io)
      } finally {
        give(desk, shell, took)
      }
    },
    complete: (line, cursor) => shell.complete(line, cursor),
  }
}

/** The same in front of a screen: tabs and files agree whenever the shell asks for a line. */
export function openTerminal(desk: Desk): Backend {
  const shell = shellOf(desk)
  let took: FileTexts = {}
  return {
    open(screen) {
      const terminal = shell.open({
        size: () => screen.size(),
        write: (text) => screen.write(text),
        ask(prompt, more, typed) {
          give(desk, shell, took)
          took = {}
          screen.ask(prompt, more, typed)
        },
      })
      return {
        line(text) {
          took = take(desk, shell)
          terminal.line(text)
        },
        giveUp: () => terminal.giveUp(),
        keys: (text) => terminal.keys(text),
        resize: () => terminal.resize(),
        close: () => terminal.close(),
      }
    },
    complete: (line, cursor) => shell.complete(line, cursor),
  }
}

const shellOf = (desk: Desk): Shell =>
  createShell({
    transport: desk.transport,
    now: () => desk.clock.now() || Date.now(),
    sleep: (ms) => sleep(desk, ms),
    refuse: (words) => refusalOf(desk, words),
  })

/** The editor's tabs become files; what they were. */
function take(desk: Desk, shell: Shell): FileTexts {
  const tabs = readFiles(desk.storage)
  for (const [name, text] of Object.entries(tabs)) if (shell.files.find(name) !== text) shell.files.write(name, text)
  return tabs
}

/** What a command wrote or removed shows in the editor; a tab that was edited meanwhile stays as it is. */
function give(desk: Desk, { files }: Shell, tabs: FileTexts): void {
  const gone = Object.keys(tabs).filter((name) => name !== MAIN && files.find(name) === undefined)
  for (const name of gone) removeFile(desk.storage, name)
  // Of what lies in folders only what has a tab: a chart that was unpacked would fill the row.
  const seen = [...(files.list('.') ?? []), ...Object.keys(tabs).filter((name) => name.includes('/'))]
  const written = seen.flatMap((name) => {
    const text = files.find(name)
    return text === undefined || text === tabs[name] ? [] : [{ name, text }]
  })
  if (!takeFrom(desk.storage, written) && gone.length === 0) return
  desk.topics.touch('draft')
  desk.topics.tell()
}

/** Sleeps in the cluster's time, so that a paused cluster also pauses its scripts. */
function sleep(desk: Desk, ms: number): Promise<void> {
  if (!desk.simulation) return new Promise((wake) => setTimeout(wake, ms))
  const until = desk.clock.now() + ms
  return new Promise((wake) => {
    const look = (): void => {
      if (desk.clock.now() >= until) wake()
      else setTimeout(look, LOOK_MS)
    }
    look()
  })
}
