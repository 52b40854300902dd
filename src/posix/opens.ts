/** Open files: what descriptors lead to, and how each kind is read and written. */
import { type FileNode, kindOf } from './disk.ts'
import type { Kernel } from './kernel.ts'
import { type OpenFile, PIPE_SIZE, type Proc } from './state.ts'
import type { Place } from './vfs.ts'

/** Read: text, null at the end, undefined when it would have to wait. */
export type Read = string | null | undefined

const CHUNK = 65_536

export class Opens {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  get(id: number | undefined): OpenFile | undefined {
    return id === undefined ? undefined : this.#kernel.state.opens[id]
  }

  make(k: OpenFile['k'], more: Partial<OpenFile> = {}): OpenFile {
    const id = ++this.#kernel.state.serial
    const file: OpenFile = {
      id,
      k,
      refs: 0,
      read: true,
      write: true,
      path: '',
      at: 0,
      append: false,
      disk: '',
      ino: 0,
      pipe: 0,
      tty: 0,
      sink: '',
      text: '',
      ...more,
    }
    this.#kernel.state.opens[id] = file
    return file
  }

  /** Both ends of a new pipe. */
  pipe(): { read: OpenFile; write: OpenFile } {
    const id = ++this.#kernel.state.serial
    this.#kernel.state.pipes[id] = { id, text: '', readers: 0, writers: 0 }
    return {
      read: this.make('pr', { pipe: id, write: false, path: `pipe:[${id}]` }),
      write: this.make('pw', { pipe: id, read: false, path: `pipe:[${id}]` }),
    }
  }

  keep(file: OpenFile): OpenFile {
    file.refs += 1
    if (file.refs > 1) return file
    const pipe = this.#kernel.state.pipes[file.pipe]
    if (pipe && file.k === 'pr') pipe.readers += 1
    if (pipe && file.k === 'pw') pipe.writers += 1
    return file
  }
  keepAll(fds: Record<number, number>): void {
    for (const fd in fds) {
      const file = this.get(fds[fd])
      if (file) this.keep(file)
    }
  }

  drop(file: OpenFile): void {
    file.refs -= 1
    if (file.refs > 0) return
    delete this.#kernel.state.opens[file.id]
    const pipe = this.#kernel.state.pipes[file.pipe]
    if (!pipe) return
    if (file.k === 'pr') pipe.readers -= 1
    else pipe.writers -= 1
    this.#kernel.wake(`pipe:${pipe.id}`)
    if (pipe.readers <= 0 && pipe.writers <= 0) delete this.#kernel.state.pipes[pipe.id]
  }
  dropAll(fds: Record<number, number>): void {
    for (const fd in fds) {
      const file = this.get(fds[fd])
      if (file) this.drop(file)
    }
  }

  place(file: OpenFile): FileNode | undefined {
    const node = this.#kernel.vfs.disk(file.disk).get(file.ino)
    return node?.k === 'f' ? node : undefined
  }

  /** An open file for what stands at a place. */
  open(place: Place, mode: { read: boolean; write: boolean; append: boolean; truncate: boolean }): OpenFile {
    const { node, path } = place
    const { read, write, append } = mode
    if (node.k === 'd') return this.make('dir', { path, disk: place.diskName, ino: place.ino })
    if (node.k === 'c' || node.k === 'p') return this.make(DEVICES[node.device] ?? 'null', { path, read, write })
    if (place.disk === null) return this.make('text', { path, text: node.k === 'f' ? node.data : '', write: false })
    if (mode.truncate && kindOf(node) === 'f') this.replace(place, '')
    return this.make('file', { path, disk: place.diskName, ino: place.ino, read, write, append })
  }

  replace(place: Place, data: string): void {
    if (!place.disk) return
    const node = place.disk.edit(place.ino) as FileNode
    node.data = data
    node.mtime = this.#kernel.now
    this.changed(place.disk, place.diskName, place.ino)
  }

  changed(disk: { touched(ino: number): void }, name: string, ino: number): void {
    disk.touched(ino)
    this.#kernel.wake(`file:${name}:${ino}`)
  }

  /** Up to `most` characters. */
  read(proc: Proc, file: OpenFile, most = CHUNK): Read {
    switch (file.k) {
      case 'null':
      case 'pw':
      case 'sink':
        return null
      case 'zero':
      case 'full':
        // Pieces of one text: a file full of them takes no memory of its own.
        return most > ZEROS.length ? '\0'.repeat(most) : ZEROS.slice(0, most)
      case 'random':
        return this.#noise(Math.min(most, 4096))
      case 'text':
        return this.#take(file, file.text, most)
      case 'file': {
        const node = this.place(file)
        return node?.block !== undefined
          ? this.#readBlock(file, node.data, node.block, most)
          : node
            ? this.#take(file, node.data, most)
            : null
      }
      case 'pr':
        return this.#readPipe(proc, file, most)
      case 'tty':
        return this.#kernel.terminals.read(proc, file.tty, most)
      case 'dir':
        return null
    }
  }

  /** What nobody has written is zeros, up to the device's end. */
  #readBlock(file: OpenFile, data: string, size: number, most: number): Read {
    const count = Math.min(most, size - file.at)
    if (count <= 0) return null
    const piece = data.slice(file.at, file.at + count).padEnd(count, '\0')
    file.at += count
    return piece
  }

  #take(file: OpenFile, text: string, most: number): Read {
    if (file.at >= text.length) return null
    const piece = text.slice(file.at, file.at + most)
    file.at += piece.length
    return piece
  }

  #noise(count: number): string {
    let text = ''
    for (let i = 0; i < count; i++) {
      const byte = this.#kernel.random(256)
      text += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
    }
    return text
  }

  #readPipe(proc: Proc, file: OpenFile, most: number): Read {
    const pipe = this.#kernel.state.pipes[file.pipe]
    if (!pipe) return null
    if (pipe.text !== '') {
      const was = pipe.text.length
      const piece = was <= most ? pipe.text : pipe.text.slice(0, most)
      pipe.text = was <= most ? '' : pipe.text.slice(most)
      if (was >= PIPE_SIZE) this.#kernel.wake(`pipe:${pipe.id}`)
      return piece
    }
    if (pipe.writers <= 0) return null
    this.#kernel.park(proc, `pipe:${pipe.id}`)
    return undefined
  }

  /** One line with its newline (or what is left at the end). Takes no more than that from a pipe. */
  line(proc: Proc, file: OpenFile): Read {
    if (file.k === 'pr') {
      const pipe = this.#kernel.state.pipes[file.pipe]
      if (!pipe) return null
      const end = pipe.text.indexOf('\n')
      if (end >= 0 || (pipe.writers <= 0 && pipe.text !== '') || pipe.text.length >= PIPE_SIZE)
        return this.#readPipe(proc, file, end >= 0 ? end + 1 : pipe.text.length)
      if (pipe.writers <= 0) return null
      this.#kernel.park(proc, `pipe:${pipe.id}`)
      return undefined
    }
    if (file.k === 'file' || file.k === 'text') {
      const text = file.k === 'text' ? file.text : (this.place(file)?.data ?? '')
      const end = text.indexOf('\n', file.at)
      return this.#take(file, text, end < 0 ? text.length : end + 1 - file.at)
    }
    if (file.k === 'tty') return this.#kernel.terminals.read(proc, file.tty, Number.MAX_SAFE_INTEGER, true)
    return this.read(proc, file)
  }

  /** Text that a reader did not want after all. */
  unread(file: OpenFile, text: string): void {
    if (file.k === 'pr') {
      const pipe = this.#kernel.state.pipes[file.pipe]
      if (pipe) pipe.text = text + pipe.text
    } else if (file.k === 'file' || file.k === 'text') file.at -= text.length
    else if (file.k === 'tty') {
      const tty = this.#kernel.state.ttys[file.tty]
      if (tty) tty.ready = text + tty.ready
    }
  }

  /** Whether a writer should wait before it writes more. */
  choked(file: OpenFile): string | null {
    if (file.k !== 'pw') return null
    const pipe = this.#kernel.state.pipes[file.pipe]
    return pipe && pipe.text.length >= PIPE_SIZE && pipe.readers > 0 ? `pipe:${pipe.id}` : null
  }

  /** Writes all of it; an error's words, or empty. */
  write(proc: Proc, file: OpenFile, text: string): string {
    switch (file.k) {
      case 'full':
        return 'No space left on device'
      case 'sink':
        // What is written to the outside counts as work, so that nobody floods it.
        this.#kernel.budget -= text.length >> 4
        this.#kernel.ports.output(file.sink, text)
        return ''
      case 'tty':
        this.#kernel.terminals.write(file.tty, text)
        return ''
      case 'pw': {
        const pipe = this.#kernel.state.pipes[file.pipe]
        if (!pipe || pipe.readers <= 0) {
          this.#kernel.signal(proc, 'PIPE', proc)
          return 'Broken pipe'
        }
        const was = pipe.text
        pipe.text = was + text
        if (was === '' || !was.endsWith('\n')) this.#kernel.wake(`pipe:${pipe.id}`)
        return ''
      }
      case 'file':
        return this.#writeFile(file, text)
      case 'pr':
      case 'text':
      case 'dir':
        return 'Bad file descriptor'
      default:
        return ''
    }
  }

  #writeFile(file: OpenFile, text: string): string {
    if (!file.write) return 'Bad file descriptor'
    const disk = this.#kernel.vfs.disk(file.disk)
    if (!this.place(file)) return ''
    const node = disk.edit(file.ino) as FileNode
    if (Math.max(node.data.length, file.at) + text.length > LARGEST || file.at + text.length > (node.block ?? LARGEST))
      return 'No space left on device'
    if ((file.append && node.block === undefined) || file.at === node.data.length) {
      node.data += text
      file.at = node.data.length
    } else {
      const before = node.data.slice(0, file.at).padEnd(file.at, '\0')
      node.data = before + text + node.data.slice(file.at + text.length)
      file.at += text.length
    }
    node.mtime = this.#kernel.now
    this.changed(disk, file.disk, file.ino)
    return ''
  }
}

const ZEROS = '\0'.repeat(1_048_576)

/** No file grows beyond this. */
const LARGEST = 256 * 1024 * 1024

const DEVICES: Readonly<Record<string, OpenFile['k']>> = {
  null: 'null',
  zero: 'zero',
  full: 'full',
  random: 'random',
  urandom: 'random',
}
