// Bundles a TypeScript entry for Node and runs it: `node scripts/run.mjs src/bridge.ts [arguments]`.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const [entry, ...rest] = process.argv.slice(2)
const file = path.resolve(root, entry)
const name = `${path.basename(entry, '.ts')}-${createHash('sha1').update(`${file}${process.pid}`).digest('hex').slice(0, 8)}.mjs`
const out = path.join(root, '.cache', 'run', name)
mkdirSync(path.dirname(out), { recursive: true })
const bundle = await rolldown({ input: file, cwd: root, platform: 'node', external: [/^node:/, /^[^.#/]/], logLevel: 'silent' })
await bundle.write({ file: out, format: 'esm', sourcemap: 'inline', codeSplitting: false })
process.env.TABERNETES_ROOT = root
process.setSourceMapsEnabled(true)
process.argv.splice(1, process.argv.length - 1, out, ...rest)
await import(pathToFileURL(out).href)
