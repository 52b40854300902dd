/** Parsed texts, each parsed once: the stack of a shell names its place by text and node number. */
import { parse } from './parser.ts'
import type { Flavour } from './state.ts'
import type { Code, CommandNode } from './syntax.ts'

const caches: Record<Flavour, Map<string, Code>> = { ash: new Map(), dash: new Map(), bash: new Map() }
const MOST = 300

export function codeOf(text: string, flavour: Flavour): Code {
  const cache = caches[flavour]
  let code = cache.get(text)
  if (!code) {
    if (cache.size >= MOST) cache.clear()
    code = parse(text, flavour)
    cache.set(text, code)
  }
  return code
}

export const nodeOf = (text: string, n: number, flavour: Flavour): CommandNode => codeOf(text, flavour).nodes[n] as CommandNode
