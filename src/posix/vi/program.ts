/** `vi`: an editor on the terminal it was started from, as busybox has one. */
import { program } from '../program.ts'
import type { Tty } from '../state.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { type Asked, command, load } from './ex.ts'
import { keysOf, press } from './keys.ts'
import { CLOSE, draw, OPEN } from './screen.ts'
import { newVi, type Vi } from './state.ts'

export const terminalOf = (sys: Sys, fd: number): Tty | undefined => {
  const file = sys.file(fd)
  return file?.k === 'tty' ? sys.kernel.state.ttys[file.tty] : undefined
}

/** Every key comes as it is typed, and nothing is shown of it. */
export function raw(tty: Tty | undefined, on: boolean, signals = !on): void {
  if (tty) Object.assign(tty, { canonical: !on, echo: !on, signals })
}

const askedOf = (sys: Sys): Asked => ({
  read(path) {
    const read = sys.text(path)
    return failed(read) ? null : read.text
  },
  write: (path, text) => sys.put(path, text),
})

/** Where its output is no screen there is nothing to draw. */
function show(sys: Sys, v: Vi, before = ''): void {
  const tty = terminalOf(sys, 1)
  if (tty) sys.out(before + draw(v, tty.rows || 24, tty.columns || 80))
}

function begin(sys: Sys, data: { v?: Vi }): Vi {
  const words = sys.args.filter((word, i) => !/^-/.test(word) && !/^-c$/.test(sys.args[i - 1] ?? ''))
  const at = words.findIndex((word) => word.startsWith('+'))
  const start = at >= 0 ? words.splice(at, 1)[0]?.slice(1) : undefined
  const v = newVi(words)
  data.v = v
  load(v, v.files.shift() ?? '', askedOf(sys))
  if (start !== undefined) command(v, start || '$', askedOf(sys))
  raw(terminalOf(sys, 0), true)
  show(sys, v, OPEN)
  return v
}

export const vi = program({
  name: 'vi',
  usage: '[-c CMD] [-H] [FILE]...\n\nEdit FILE\n\n\t-c CMD\tInitial command to run ($EXINIT and ~/.exrc also available)',
  run(sys, data: { v?: Vi }) {
    const v = data.v ?? begin(sys, data)
    for (;;) {
      const piece = sys.read(0)
      if (piece === undefined) return undefined
      for (const key of keysOf(piece ?? '')) if (v.status === null) press(v, key, askedOf(sys))
      if (piece === null) v.status = 1
      if (v.status === null) {
        show(sys, v)
        continue
      }
      raw(terminalOf(sys, 0), false)
      if (terminalOf(sys, 1)) sys.out(CLOSE(v))
      if (piece === null) sys.fail("can't read user input")
      return v.status
    }
  },
  signal(sys, data: { v?: Vi } | null, signal) {
    if (!data?.v) return 'default'
    if (signal === 'WINCH') {
      data.v.shown = []
      show(sys, data.v)
      return 'handled'
    }
    raw(terminalOf(sys, 0), false)
    return 'default'
  },
})
