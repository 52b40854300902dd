/** The shell behind the terminal: the learner's own, on this desk's cluster, with the editor's text as a file. */
import { createShell, type Shell } from '#shell/shell.ts'
import type { Desk } from '../../state/desk.ts'
import { MAIN, readFiles, removeFile, takeFrom } from '../editor/files.ts'

const LOOK_MS = 50

export function openShell(desk: Desk): Pick<Shell, 'run' | 'complete'> {
  const shell = createShell({
    transport: desk.transport,
    now: () => desk.clock.now() || Date.now(),
    sleep: (ms) => sleep(desk, ms),
  })
  return {
    async run(line, io) {
      const tabs = readFiles(desk.storage)
      for (const [name, text] of Object.entries(tabs)) shell.files.write(name, text)
      try {
        return await shell.run(line, io)
      } finally {
        if (share(desk, shell.files, Object.keys(tabs))) {
          desk.topics.touch('draft')
          desk.topics.tell()
        }
      }
    },
    complete: (line, cursor) => shell.complete(line, cursor),
  }
}

/** The editor's tabs are the shell's files: what a command wrote or removed shows there. Returns whether any did. */
function share({ storage }: Desk, files: Shell['files'], tabs: string[]): boolean {
  const gone = tabs.filter((name) => name !== MAIN && files.find(name) === undefined)
  for (const name of gone) removeFile(storage, name)
  const there = (files.list('.') ?? []).flatMap((name) => {
    const text = files.find(name)
    return text === undefined ? [] : [{ name, text }]
  })
  return takeFrom(storage, there) || gone.length > 0
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
