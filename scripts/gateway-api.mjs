// Packs the Gateway API's published definitions for the engine: `node scripts/gateway-api.mjs FOLDER` (its config/crd/standard).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('which folder has the definitions? (kubernetes-sigs/gateway-api: config/crd/standard)')
  process.exit(2)
}

/** Texts for people are nine tenths of it: the engine does without. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key, each]) => key !== 'description' || typeof each !== 'string')
  return Object.fromEntries(kept.map(([key, each]) => [key, bare(each)]))
}

const definitions = readdirSync(folder)
  .filter((name) => name.startsWith('gateway.networking.k8s.io_'))
  .sort()
  .map((name) => parse(readFileSync(path.join(folder, name), 'utf8')))
  .filter(({ kind }) => kind === 'CustomResourceDefinition')
  .map((each) => bare({ apiVersion: each.apiVersion, kind: each.kind, metadata: each.metadata, spec: each.spec }))

const quoted = JSON.stringify(definitions).replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
const text = `/** The definitions of the Gateway API (Apache-2.0), without descriptions, as JSON. Written by scripts/gateway-api.mjs. */
export const DEFINITIONS =
  \`${quoted}\`
`
writeFileSync(fileURLToPath(new URL('../src/engine/addons/gateway/definitions.data.ts', import.meta.url)), text)
console.log(`${definitions.length} definitions: ${definitions.map(({ metadata }) => metadata.name).join(', ')}`)
