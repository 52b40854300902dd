/** The causal chain of a step: each link is the first fitting line of the trace after the link before it. */
import type { TraceLine } from '#api/request.ts'
import { isWrite } from './check/happenings.ts'
import type { Link } from './lesson.ts'

/** The links found so far, in order; plain data. */
export type Found = readonly { id: string; line: TraceLine }[]

/** The chain after one more line of the trace. */
export function extend(found: Found, chain: Readonly<Record<string, Link>>, line: TraceLine): Found {
  const next = Object.entries(chain)[found.length]
  if (!next) return found
  const [id, link] = next
  const [, pattern = ''] = link.object.split('/')
  const same = pattern.startsWith('@') ? found.find((f) => f.id === pattern.slice(1))?.line.name : undefined
  return isWrite(line, link, same) ? [...found, { id, line }] : found
}

/** Words with `{name}`, `{because}` and `{machine}` filled in from the line. */
export const spoken = (text: string, line: TraceLine): string =>
  text
    .replaceAll('{name}', line.name)
    .replaceAll('{because}', line.because)
    .replaceAll('{machine}', line.by.replace(/^system:node:/, ''))
