/** Flags that the real kubectl has and ours does not: refused when they ask for something, with why; and those that change nothing. */
import { KubectlError } from './error.ts'
import type { Flags } from './flags.ts'

const KEYS = 'a session here ends with its command, nothing detaches from it'
const DELETED = 'what is replaced, pruned or removed is deleted in the background, and nobody waits for it'

/** By the command's path: what is refused when it is given another value than its own default. */
export const REFUSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run: { cascade: DELETED, force: DELETED, 'grace-period': DELETED, timeout: DELETED, 'detach-keys': KEYS },
  attach: { 'detach-keys': KEYS },
  'cluster-info dump': { 'pod-running-timeout': 'logs are taken from Pods as they are' },
  logs: { 'pod-running-timeout': 'logs are taken from Pods as they are' },
  edit: { validate: 'the server checks what is saved' },
  kustomize: { reorder: "use the 'sortOptions' field in kustomization.yaml" },
  taint: { validate: 'the server checks what is sent' },
  wait: { local: 'files have no conditions to wait for' },
}

/** Taken, because nothing that they change can be seen. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  concurrency: 'objects are compared one after the other',
  keepalive: 'connections are kept by the platform',
  'openapi-patch': 'patches are made by the server’s schemas always',
  retries: 'a copy here is not torn',
  'use-protocol-buffers': 'the numbers are the same',
  'apply --wait': 'what is made anew is waited for always',
  'replace --wait': 'what is replaced by force is waited for always',
  'run --wait': 'the Pod of --rm goes when the session has ended',
}

export function refuseFlags(path: string, flags: Flags): void {
  for (const [name, why] of Object.entries(REFUSED[path] ?? {})) {
    if (!flags.knows(name) || !flags.asks(name)) continue
    throw new KubectlError(`--${name} is not supported here: ${why}`)
  }
}
