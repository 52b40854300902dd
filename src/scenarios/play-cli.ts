/** Entry: `npm run stories -- [NAME…]` plays stories and shows how they differ. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { folderOf } from './folder.ts'
import { lineDiff } from './line-diff.ts'
import { isPlayable, play } from './play.ts'

const root = process.env['TABERNETES_ROOT'] ?? '.'
const folder = `${root}/src/scenarios/corpus`
const texts = `${root}/src/generated/descriptions.json`
const descriptions = existsSync(texts) ? JSON.parse(readFileSync(texts, 'utf8')) : null
const asked = process.argv.slice(2)
const names =
  asked.length > 0
    ? asked
    : readdirSync(folder)
        .filter((f) => f.endsWith('.txt'))
        .map((f) => f.replace(/\.txt$/, ''))
        .sort()
let passed = 0
let failed = 0
let skipped = 0
for (const name of names) {
  const text = readFileSync(`${folder}/${name}.txt`, 'utf8')
  if (!isPlayable(text)) {
    skipped += 1
    continue
  }
  const { differences, troubles } = await play(name, text, { descriptions, files: folderOf(folder) })
  const ok = differences.length + troubles.length === 0
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
  if (asked.length === 0) continue
  for (const { command, expected, actual } of differences) console.log(`${command}\n${lineDiff(expected, actual).join('\n')}`)
  for (const trouble of troubles) console.log(trouble)
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
