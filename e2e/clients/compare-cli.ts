/** Entry: `npm run kubectl-compare -- [--only SECTION] [--record]`: our kubectl beside the real one, line by line. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { lineDiff } from '../../src/scenarios/line-diff.ts'
import { parseLines, playLines } from './compare.ts'
import { findKubectl } from './find-kubectl.ts'
import { bundleKubectl } from './our-kubectl.ts'
import { writeRecorded } from './recorded.ts'

const root = process.env['TABERNETES_ROOT'] ?? '.'
const at = process.argv.indexOf('--only')
const only = at < 0 ? null : new RegExp(`^(${process.argv[at + 1]})$`)
const lines = parseLines(readFileSync(`${root}/e2e/clients/kubectl-lines.txt`, 'utf8')).filter(
  ({ section }) => !only || only.test(section),
)
const found = findKubectl()
// The lines find ours or theirs by the same name: a path of its own keeps them apart.
const real = found && execFileSync('which', [found]).toString().trim()
if (!real) throw new Error('there is no real kubectl, and no Go to build one; set KUBECTL')
mkdirSync(`${root}/.cache`, { recursive: true })
const ours = await bundleKubectl(root)
const [expected, actual] = await Promise.all([playLines(lines, real), playLines(lines, ours)])
let [same, different] = [0, 0]
const seen = lines.filter((line) => !line.silent)
for (const line of seen) {
  const [a = [], b = []] = [expected.get(line), actual.get(line)]
  if (a.join('\n') === b.join('\n')) same += 1
  else {
    different += 1
    console.log(`[${line.section}] ${line.text}\n${lineDiff(a, b).join('\n')}`)
  }
}
console.log(`${same} equal, ${different} different`)
if (process.argv.includes('--record')) writeRecorded(root, expected)
process.exit(different === 0 ? 0 : 1)
