/** Files the bridge reads beside itself: the texts for `kubectl explain`, when they have been generated, and those of tables' columns and of requests' parameters. */
import { existsSync, readFileSync } from 'node:fs'

export function descriptionsFromDisk(): Record<string, Record<string, string>> | null {
  const root = process.env['TABERNETES_ROOT'] ?? process.cwd()
  const texts = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
  const descriptions = texts(`${root}/src/generated/descriptions.json`)
  if (!descriptions) return null
  for (const file of ['column-texts.json', 'openapi-texts.json']) {
    const more: Record<string, Record<string, string>> = texts(`${root}/src/transport/${file}`)
    for (const [name, known] of Object.entries(more)) descriptions[name] = { ...descriptions[name], ...known }
  }
  return descriptions
}
