/** Entry: `npm run lessons -- [ID…]` proves lessons in virtual time; the last line counts. */
import { lessonsOnDisk } from './testing/load.ts'
import { proofsOf } from './testing/proofs.ts'

const asked = process.argv.slice(2)
let passed = 0
let failed = 0
/** Of the processor, not of the wall: what else runs on the machine does not count. */
const worked = (): number => process.cpuUsage().user / 1000
const times: { title: string; ms: number }[] = []
for (const lesson of await lessonsOnDisk(process.env['TABERNETES_ROOT'] ?? '.')) {
  const { id, title, chapter, order } = lesson.prose.meta
  if (asked.length > 0 && !asked.includes(id)) continue
  console.log(`${chapter}.${order} ${title}`)
  const start = worked()
  for (const { name, prove } of proofsOf(lesson)) {
    const began = worked()
    try {
      await prove()
      passed += 1
      console.log(`  ok   ${name} (${Math.round(worked() - began)} ms)`)
    } catch (error) {
      failed += 1
      console.log(`  FAIL ${name}\n       ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  times.push({ title: `${chapter}.${order} ${title}`, ms: worked() - start })
}
times.sort((a, b) => b.ms - a.ms)
for (const { title, ms } of times) console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${title}`)
console.log(`${(times.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1).padStart(6)} s  of processor time in all`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
