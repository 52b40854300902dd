/** A command of openssl, and what it does with files and keys. */

import { type PrivateKey, readPrivate } from '#api/x509/keys.ts'
import { fromPem } from '#api/x509/pem.ts'
import { whole } from '../applets/text-io.ts'
import type { Step } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { type Options, readOptions, Wrong } from './options.ts'

export interface Command {
  name: string
  flags: string
  values: string
  run(job: Job): Step
}
export const command = (declaration: Command): Command => declaration

/** It waits: for its input, or for others to have their turn. */
export class Later extends Error {}

const MODE = 0o600

export class Job {
  readonly sys: Sys
  readonly name: string
  readonly options: Options
  /** What it keeps between its turns. */
  readonly data: any

  constructor(sys: Sys, { name, flags, values }: Command, args: readonly string[], data: any) {
    this.sys = sys
    this.name = name
    this.options = readOptions(name, args, `${flags} help`, values)
    this.data = data
  }

  has(name: string): boolean {
    return this.options.has(name)
  }
  value(name: string): string | undefined {
    return this.options.value(name)
  }

  /** The text of a file, or of standard input; why it can't be had goes to standard error. */
  read(path: string | undefined, what: string): string {
    const key = `read:${path ?? '-'}`
    const known = this.data[key]
    if (typeof known === 'string') return known
    const found = whole(this.sys, this.data, `file:${path ?? '-'}`, path ?? '-')
    if (found === undefined) throw new Later()
    if ('why' in found) {
      throw new Wrong(
        `Could not open file or uri for loading ${what} from ${path}\n${this.trace('16000069', 'STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file')}${this.trace('80000002', `system library:file_open:${found.why}:../providers/implementations/storemgmt/file_store.c:266:calling stat(${path})`)}${/certificate/.test(what) && what !== 'CA certificate' ? `Unable to load ${what}\n` : ''}`,
      )
    }
    this.data[key] = found.text
    return found.text
  }

  /** A line of openssl's own queue of errors; the number before it is a thread's. */
  trace(code: string, text: string): string {
    return `4007F0C1A27F0000:error:${code}:${text}\n`
  }

  key(path: string | undefined, what = 'private key'): PrivateKey {
    const text = this.read(path, what)
    if (/ENCRYPTED/.test(text)) throw new Wrong(`${this.name}: keys with a pass phrase are not supported here\n`)
    const key = readPrivate(text)
    if (!key) throw new Wrong(`Could not read ${what} from ${path ?? '<stdin>'}\n`)
    return key
  }

  pem(label: string, text: string): Uint8Array | null {
    return fromPem(label, text)
  }

  /** Into the file that `-out` names, or to standard output. */
  write(text: string, secret = false, path = this.value('out')): void {
    if (path === undefined) {
      this.sys.out(text)
      return
    }
    const why = this.sys.put(path, text)
    if (why) throw new Wrong(`${this.name}: Can't open "${path}" for writing, ${why}\n`)
    if (secret) this.sys.change(path, { mode: MODE })
  }

  /** A whole number of up to so many bits by chance. */
  random(bits: number): bigint {
    let value = 0n
    for (let at = 0; at < bits; at += 16) value = (value << 16n) | BigInt(this.sys.kernel.random(65_536))
    return value & ((1n << BigInt(bits)) - 1n)
  }

  /** Whether a file is there. */
  exists(path: string): boolean {
    return !failed(this.sys.at(path))
  }
}
