/** The editor's files: `manifest.yaml` (the draft) and whatever tabs there are besides; the terminal's shell sees the same. */
import type { Storage } from '../../state/storage.ts'
import { t } from '../../words/index.ts'

export const MAIN = 'manifest.yaml'
const KEY = 'files'

export type FileTexts = Record<string, string>

/** What a lesson hands out may also be a certificate and its key; files may lie in folders, as those of Kustomize do. */
const isKept = (name: string): boolean => /^(?:\w[\w.-]{0,39}\/){0,3}[\w.-]{1,60}\.(?:ya?ml|json|crt|key|pem)$/.test(name)
const isName = (name: string): boolean => isKept(name) && /\.(?:ya?ml|json)$/.test(name)

/** Every file by name; the draft is always there. */
export function readFiles(storage: Storage): FileTexts {
  const others: FileTexts = {}
  try {
    const found = JSON.parse(storage.get(KEY) ?? '{}') as Record<string, unknown>
    for (const [name, text] of Object.entries(found)) if (isKept(name) && typeof text === 'string') others[name] = text
  } catch {
    // Storage may hold anything.
  }
  return { [MAIN]: storage.get('draft') ?? '', ...others }
}

export function writeFile(storage: Storage, name: string, text: string): void {
  if (name === MAIN) return storage.set('draft', text)
  const { [MAIN]: _, ...others } = readFiles(storage)
  storage.set(KEY, JSON.stringify({ ...others, [name]: text }))
}

export function removeFile(storage: Storage, name: string): void {
  const { [MAIN]: _, [name]: _gone, ...others } = readFiles(storage)
  storage.set(KEY, JSON.stringify(others))
}

/** Why a file may not be called so; `null` when it may. */
export function nameProblem(name: string, taken: FileTexts): string | null {
  if (!isName(name)) return t('A name like service.yaml: letters, digits, dots and dashes, ending in .yaml, .yml or .json.')
  return Object.hasOwn(taken, name) ? t('{name} is there already.', { name }) : null
}

/** What a command of the terminal wrote: manifests among the shell's files become tabs. Returns whether any did. */
export function takeFrom(storage: Storage, shell: { name: string; text: string }[]): boolean {
  const known = readFiles(storage)
  const changed = shell.filter(({ name, text }) => isKept(name) && known[name] !== text)
  for (const { name, text } of changed) writeFile(storage, name, text)
  return changed.length > 0
}
