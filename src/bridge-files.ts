/** Files the bridge reads beside itself: the texts for `kubectl explain`, when they have been generated. */
import { existsSync, readFileSync } from 'node:fs'

export function descriptionsFromDisk(): Record<string, Record<string, string>> | null {
  const file = `${process.env['TABERNETES_ROOT'] ?? process.cwd()}/src/generated/descriptions.json`
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
