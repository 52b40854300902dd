/** Completion: commands, files and variables by the shell's own knowledge, and kubectl's words by asking the cluster. */
import type { Transport } from '#api/request.ts'
import { Client } from '#client/client.ts'
import { complete } from '#kubectl/complete.ts'
import { builtinNames } from '#posix/shell/program.ts'
import type { Proc } from '#posix/state.ts'
import { Sys } from '#posix/sys.ts'
import { failed } from '#posix/vfs.ts'
import type { Machine } from './machine.ts'

export interface Candidates {
  machine: Machine
  /** The shell somebody types to. */
  proc: Proc
  transport: Transport
  namespace: string
}

/** Whole words that could stand at the end of what has been typed. */
export async function candidates(from: Candidates, before: string): Promise<string[]> {
  const words =
    before
      .split(/&&|\|\||[|;&(]|\b(?:do|then|else)\s/)
      .at(-1)
      ?.trimStart()
      .split(/\s+/) ?? []
  const typed = words.at(-1) ?? ''
  const sys = new Sys(from.machine.kernel, from.proc)
  const variable = /^(.*)\$(\w*)$/.exec(typed)
  if (variable) {
    const [, ahead = '', name = ''] = variable
    return Object.keys(from.proc.shell?.vars ?? {})
      .filter((each) => each.startsWith(name))
      .map((each) => `${ahead}$${each}`)
      .sort()
  }
  if (words.length <= 1 && !typed.includes('/')) return commands(from, sys, typed)
  const name = words[0] ?? ''
  const aliased = from.proc.shell?.aliases[name] ?? name
  if (/^(?:k|kubectl)$/.test(aliased.split(' ')[0] ?? '') && !/^(?:-f|-k|--filename|--kustomize)$/.test(words.at(-2) ?? '')) {
    const client = new Client(from.transport, { agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes' })
    const found = await complete([...aliased.split(/\s+/).slice(1), ...words.slice(1)], { client, namespace: from.namespace })
    if (found.length > 0) return found
  }
  return paths(sys, typed)
}

function commands(from: Candidates, sys: Sys, typed: string): string[] {
  const { shell } = from.proc
  const folders = (shell?.vars['PATH']?.value ?? '').split(':')
  const programs = folders.flatMap((folder) => {
    const names = sys.names(folder)
    return failed(names) ? [] : names
  })
  const all = [...builtinNames('bash'), ...Object.keys(shell?.functions ?? {}), ...Object.keys(shell?.aliases ?? {}), ...programs]
  return [...new Set(all)].filter((name) => name.startsWith(typed)).sort()
}

/** Files and folders; a folder ends with a slash, so that one can go on. */
function paths(sys: Sys, typed: string): string[] {
  const cut = typed.lastIndexOf('/') + 1
  const folder = typed.slice(0, cut)
  const beginning = typed.slice(cut)
  const names = sys.names((folder || '.').replace(/^~(?=\/)/, sys.env('HOME') ?? '/root'))
  if (failed(names)) return []
  return names
    .filter((name) => name.startsWith(beginning) && (beginning.startsWith('.') || !name.startsWith('.')))
    .map((name) => {
      const place = sys.at(`${folder || './'}${name}`.replace(/^~(?=\/)/, sys.env('HOME') ?? '/root'))
      return `${folder}${name}${!failed(place) && place.node.k === 'd' ? '/' : ''}`
    })
    .sort()
}
