/** JSON patches of a kustomization: applied step by step, so that the one which fails can be told as kustomize tells it. */
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { KubectlError } from '../error.ts'

interface Operation {
  op?: string
  path?: string
}

export function json(object: AnyObject, patch: readonly Operation[]): AnyObject {
  let next: unknown = JSON.parse(JSON.stringify(object))
  for (const operation of patch) {
    try {
      next = applyJsonPatch(next, [operation])
    } catch {
      throw new KubectlError(failure(next, operation))
    }
  }
  return next as AnyObject
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test']

function failure(document: unknown, { op = '', path = '' }: Operation): string {
  if (!OPERATIONS.includes(op)) return `Unexpected kind: ${op}`
  if (op === 'test') return `testing value ${path} failed: test failed`
  const shown = op === 'add' || op === 'remove' ? JSON.stringify(path) : path
  const absent = `${op} operation does not apply: doc is missing path: ${shown}: missing value`
  const keys = path.split('/').slice(1)
  const key = keys.pop() ?? ''
  let at: any = document
  for (const one of keys) at = at?.[one.replaceAll('~1', '/').replaceAll('~0', '~')]
  if (typeof at !== 'object' || at === null || op === 'replace') return absent
  const why = Array.isArray(at)
    ? `Unable to access invalid index: ${key}: invalid index referenced`
    : `Unable to remove nonexistent key: ${key}: missing value`
  return `error in ${op} for path: '${path}': ${why}`
}
