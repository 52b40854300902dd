/** Compares the recorded scripts with ours: `node scripts/run.mjs src/posix/testing/compare.ts [PART OF A SCRIPT]`. */
import { readFileSync } from 'node:fs'
import { runRecorded } from './recorded.ts'

const [only] = process.argv.slice(2)
/** Usage texts differ in how much they explain. */
const masked = (text: string): string =>
  text.replace(/BusyBox v[^]*?\n\nUsage: \S+[^]*?(?=\n\w+: |$)/g, 'USAGE').replace(/\s+$/, '\n')

const all = JSON.parse(readFileSync('src/posix/differential/recorded.json', 'utf8'))
let same = 0
let count = 0
for (const each of all) {
  if (only && !each.script.includes(only)) continue
  count += 1
  let ours: { out: string; err: string; status: number | null }
  try {
    ours = runRecorded(each)
  } catch (error) {
    ours = { out: '', err: String((error as Error).stack).slice(0, 600), status: -1 }
  }
  ours.err = masked(ours.err)
  each.err = masked(each.err)
  if (ours.out === each.out && ours.err === each.err && ours.status === each.status) {
    same += 1
    continue
  }
  console.log(`--- ${each.shell}|${each.script.replaceAll('\n', '⏎')}`)
  for (const part of ['out', 'err', 'status'] as const) {
    if (ours[part] !== each[part])
      console.log(
        `  ${part}: real ${JSON.stringify(each[part])}\n  ${' '.repeat(part.length)}  ours ${JSON.stringify(ours[part])}`,
      )
  }
}
console.log(`${same} of ${count} the same`)
