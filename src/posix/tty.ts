/** Terminals: the line discipline between what is typed and what processes read. */
import type { Kernel } from './kernel.ts'
import type { Read } from './opens.ts'
import type { Proc, Tty } from './state.ts'

/** Typed ahead and not read: no more than this. */
const MOST_TYPED = 65_536

export class Terminals {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  create(rows = 24, columns = 80): Tty {
    const id = ++this.#kernel.state.serial
    const tty: Tty = {
      id,
      ready: '',
      line: '',
      eof: false,
      canonical: true,
      echo: true,
      signals: true,
      rows,
      columns,
      foreground: 0,
      hungUp: false,
    }
    this.#kernel.state.ttys[id] = tty
    return tty
  }

  /** What typing has shown so far. */
  #echoed = ''

  #echo(tty: Tty, text: string): void {
    if (tty.echo) this.#echoed += text
  }
  #flush(tty: Tty): void {
    const text = this.#echoed
    this.#echoed = ''
    if (text !== '') this.write(tty.id, text)
  }

  write(id: number, text: string): void {
    this.#kernel.ports.output(`tty:${id}`, text.replaceAll('\n', '\r\n'))
  }

  resize(id: number, rows: number, columns: number): void {
    const tty = this.#kernel.state.ttys[id]
    if (!tty) return
    tty.rows = rows
    tty.columns = columns
    if (tty.foreground) this.#kernel.signalGroup(tty.foreground, 'WINCH', null)
  }

  /** Nobody is at the other end any more. */
  hangUp(id: number): void {
    const tty = this.#kernel.state.ttys[id]
    if (!tty || tty.hungUp) return
    tty.hungUp = true
    tty.eof = true
    for (const proc of [...this.#kernel.state.procs]) if (proc.tty === id) this.#kernel.signal(proc, 'HUP', null)
    this.#kernel.wake(`tty:${id}`)
  }

  /** Keys from the other end. */
  type(id: number, keys: string): void {
    const tty = this.#kernel.state.ttys[id]
    if (!tty) return
    for (const key of keys) this.#key(tty, key)
    this.#flush(tty)
    if (tty.ready !== '' || tty.eof) this.#kernel.wake(`tty:${id}`)
  }

  #key(tty: Tty, key: string): void {
    if (tty.signals) {
      const signal = key === '\x03' ? 'INT' : key === '\x1c' ? 'QUIT' : key === '\x1a' ? 'TSTP' : ''
      if (signal) {
        this.#echo(tty, `^${signal === 'INT' ? 'C' : signal === 'QUIT' ? '\\' : 'Z'}`)
        this.#flush(tty)
        tty.line = ''
        tty.ready = ''
        if (tty.foreground) this.#kernel.signalGroup(tty.foreground, signal, null)
        return
      }
    }
    if (!tty.canonical) {
      if (tty.ready.length < MOST_TYPED) tty.ready += key
      this.#echo(tty, key)
      return
    }
    switch (key) {
      case '\r':
      case '\n':
        tty.ready += `${tty.line}\n`
        tty.line = ''
        this.#echo(tty, '\n')
        return
      case '\x04':
        if (tty.line === '') tty.eof = true
        else {
          tty.ready += tty.line
          tty.line = ''
        }
        return
      case '\x7f':
      case '\b':
        this.#erase(tty, 1)
        return
      case '\x15':
        this.#erase(tty, [...tty.line].length)
        return
      case '\x17':
        this.#erase(tty, (/\S*\s*$/.exec(tty.line)?.[0] ?? '').length)
        return
    }
    if (tty.line.length + tty.ready.length >= MOST_TYPED) return
    tty.line += key
    this.#echo(tty, key < ' ' && key !== '\t' ? `^${String.fromCharCode(key.charCodeAt(0) + 64)}` : key)
  }

  #erase(tty: Tty, count: number): void {
    const characters = [...tty.line]
    const gone = Math.min(count, characters.length)
    tty.line = characters.slice(0, characters.length - gone).join('')
    this.#echo(tty, '\b \b'.repeat(gone))
  }

  read(proc: Proc, id: number, most: number, oneLine = false): Read {
    const tty = this.#kernel.state.ttys[id]
    if (!tty) return null
    if (tty.ready !== '') {
      const end = tty.canonical || oneLine ? tty.ready.indexOf('\n') + 1 || tty.ready.length : tty.ready.length
      const piece = tty.ready.slice(0, Math.min(end, most))
      tty.ready = tty.ready.slice(piece.length)
      return piece
    }
    if (tty.eof) {
      if (!tty.hungUp) tty.eof = false
      return null
    }
    this.#kernel.park(proc, `tty:${id}`)
    return undefined
  }
}
