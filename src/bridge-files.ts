/** Files the bridge reads beside itself: the texts for `kubectl explain`, when they have been generated, and those of tables' columns. */
import { existsSync, readFileSync } from 'node:fs'

export function descriptionsFromDisk(): Record<string, Record<string, string>> | null {
  const root = process.env['TABERNETES_ROOT'] ?? process.cwd()
  const texts = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
  const descriptions = texts(`${root}/src/generated/descriptions.json`)
  return descriptions && { ...descriptions, ...texts(`${root}/src/transport/column-texts.json`) }
}
