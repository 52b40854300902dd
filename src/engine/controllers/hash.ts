/** The hash of a Pod template: `pod-template-hash`, and the names of what is made for one revision of it. */
import type { PodTemplateSpec } from '#api/kinds.ts'
import { fnv1a } from '../sim/random.ts'

/** Digits as the letters that Kubernetes uses in generated names (apimachinery rand.SafeEncodeString). */
export function safeEncode(text: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  let out = ''
  for (let i = 0; i < text.length; i++) out += alphabet[text.charCodeAt(i) % alphabet.length]
  return out
}

/** JSON with sorted keys, without what is absent, null or empty: equal templates have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return value.length ? `[${value.map(canonical).join()}]` : ''
  if (typeof value !== 'object' || value === null) return value === undefined || value === null ? '' : JSON.stringify(value)
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    const part = canonical((value as Record<string, unknown>)[key])
    if (part) parts.push(`${JSON.stringify(key)}:${part}`)
  }
  return parts.length ? `{${parts.join()}}` : ''
}

/** Hash of any plain value, up to 10 letters. */
export const hashOf = (value: unknown, salt = ''): string => safeEncode(String(fnv1a(canonical(value) + salt)))

/** controller.ComputeHash in form and use; the number differs, for Go hashes a dump of its own structures. */
export const templateHash = (template: PodTemplateSpec, collisions: number | undefined): string =>
  hashOf(template, collisions === undefined ? '' : `#${collisions}`)
