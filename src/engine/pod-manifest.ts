/** A Pod's manifest as text, YAML or JSON. */
import type { AnyObject } from '#api/meta.ts'
import { parseYaml } from './apiserver/yaml-codec.ts'

/** The Pod that it means; null: none. */
export function podIn(text: string): AnyObject | null {
  try {
    const { value } = parseYaml(text)
    const { kind, metadata, spec } = (value ?? {}) as Partial<AnyObject>
    const isPod = kind === 'Pod' && typeof metadata?.name === 'string' && typeof spec === 'object'
    return isPod ? (value as AnyObject) : null
  } catch {
    // A kubelet that can't read one logs it, and goes on.
    return null
  }
}
