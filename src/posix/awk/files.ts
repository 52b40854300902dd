/** What awk remembers between records, and the files and commands it writes to and reads from. */
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { AwkProblem } from './syntax.ts'
import type { Value } from './values.ts'

export interface AwkState {
  vars: Record<string, Value>
  arrays: Record<string, Record<string, Value>>
  record: string
  fields: Value[]
  /** The fields are not those of the record (or the other way round) any more. */
  stale: '' | 'fields' | 'record'
  /** Rules whose range has begun. */
  inside: boolean[]
  files: Record<string, { fd: number; pid: number }>
  exit: number | null
  seed: number
}

export class AwkFiles {
  readonly sys: Sys
  readonly state: AwkState

  constructor(sys: Sys, state: AwkState) {
    this.sys = sys
    this.state = state
  }

  output(name: string, how: string): number {
    const known = this.state.files[`${how === '|' ? '|' : '>'}${name}`]
    if (known) return known.fd
    if (how !== '|') {
      if (name === '/dev/stdout') return 1
      if (name === '/dev/stderr') return 2
      const fd = this.sys.open(name, { write: true, create: true, append: how === '>>', truncate: how === '>' })
      if (failed(fd)) throw new AwkProblem(`can't open '${name}': ${fd}`)
      this.state.files[`>${name}`] = { fd, pid: 0 }
      return fd
    }
    const { opens } = this.sys.kernel
    const { read, write } = opens.pipe()
    const child = this.sys.spawn(['sh', '-c', name])
    const fd = this.sys.attach(write, this.sys.free(10))
    if (child) {
      const old = opens.get(child.fds[0])
      if (old) opens.drop(old)
      opens.keep(read)
      child.fds[0] = read.id
    }
    this.state.files[`|${name}`] = { fd, pid: child?.pid ?? 0 }
    return fd
  }

  close(name: string): number {
    for (const key of [`>${name}`, `|${name}`, `<${name}`]) {
      const file = this.state.files[key]
      if (!file) continue
      this.sys.close(file.fd)
      delete this.state.files[key]
      const child = this.sys.kernel.find(file.pid)
      if (child) {
        this.sys.kernel.runUntilEnded(child)
        if (child.state === 'zombie') this.sys.kernel.reap(child)
      }
      return 0
    }
    return -1
  }

  system(command: string): number {
    const child = this.sys.spawn(['sh', '-c', command])
    if (!child) return 127
    if (!this.sys.kernel.runUntilEnded(child)) return 0
    this.sys.kernel.reap(child)
    return child.status
  }

  /** A command's output, to be read line by line. */
  input(command: string): number {
    const { opens } = this.sys.kernel
    const { read, write } = opens.pipe()
    const child = this.sys.spawn(['sh', '-c', command])
    const fd = this.sys.attach(read, this.sys.free(10))
    opens.keep(write)
    if (child) {
      const old = opens.get(child.fds[1])
      if (old) opens.drop(old)
      opens.keep(write)
      child.fds[1] = write.id
      opens.drop(write)
      this.sys.kernel.runUntilEnded(child)
      if (child.state === 'zombie') this.sys.kernel.reap(child)
    } else opens.drop(write)
    return fd
  }
}
