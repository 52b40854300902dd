/** What the real kubectl printed, kept for machines that have none. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Line, Output } from './compare.ts'

const fileIn = (root: string): string => `${root}/e2e/clients/kubectl-lines.recorded.json`

export function readRecorded(root: string): Record<string, Output> {
  return existsSync(fileIn(root)) ? (JSON.parse(readFileSync(fileIn(root), 'utf8')) as Record<string, Output>) : {}
}

/** Lines by section, text, and how often they stood before in it. */
export function keyed(outputs: ReadonlyMap<Line, Output>): [string, Output][] {
  const seen = new Map<string, number>()
  return [...outputs].map(([{ section, text }, output]) => {
    const name = `${section}: ${text}`
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return [count === 0 ? name : `${name} (${count + 1})`, output]
  })
}

/** Sections that were played replace what was recorded of them before. */
export function writeRecorded(root: string, outputs: ReadonlyMap<Line, Output>): void {
  const sections = new Set([...outputs.keys()].map(({ section }) => `${section}: `))
  const kept = Object.entries(readRecorded(root)).filter(([key]) => ![...sections].some((section) => key.startsWith(section)))
  writeFileSync(fileIn(root), `${JSON.stringify(Object.fromEntries([...kept, ...keyed(outputs)]), null, 1)}\n`)
}
