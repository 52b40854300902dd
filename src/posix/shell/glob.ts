/** File patterns: the paths that match, sorted. */
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { compiled, patternSource, unescaped } from './pattern.ts'

const MOST = 10_000

export function expandGlob(sys: Sys, pattern: string, extended = false): string[] {
  const parts = pattern.split('/')
  let found = [pattern.startsWith('/') ? '/' : '']
  for (const [i, part] of parts.entries()) {
    if (part === '') continue
    const last = i === parts.length - 1
    const directories = !last || pattern.endsWith('/')
    const next: string[] = []
    for (const base of found) {
      if (!/[*?[]/.test(part) && !(extended && part.includes('('))) {
        const path = `${base}${unescaped(part)}`
        if (sys.exists(path === '' ? '.' : path) || (last && !failed(sys.at(path, false))))
          next.push(directories ? `${path}/` : path)
        continue
      }
      const names = sys.names(base === '' ? '.' : base)
      if (failed(names)) continue
      const test = compiled(`^${patternSource(part, extended)}$`)
      for (const name of names) {
        if (name.startsWith('.') && !part.startsWith('.')) continue
        if (!test.test(name)) continue
        if (directories) {
          const place = sys.at(`${base}${name}`)
          if (failed(place) || place.node.k !== 'd') continue
        }
        next.push(directories ? `${base}${name}/` : `${base}${name}`)
        if (next.length > MOST) return next
      }
    }
    found = next
  }
  // One slash too many stands behind those whose last part was followed by others.
  return found
    .map((path) => (pattern.endsWith('/') || path === '/' ? path : path.replace(/\/$/, '')))
    .filter((path) => path !== '' && path !== pattern)
    .concat(found.includes(pattern) ? [pattern] : [])
    .sort()
}
