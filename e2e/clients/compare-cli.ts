/**
 * Entry: `npm run kubectl-compare -- [--only SECTION] [--lines FILE] [--record] [--recorded] [--hosted]`: our kubectl beside the real
 * one, line by line, or beside what that one printed once; over a bridge, or in this process.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { lineDiff } from '../../src/scenarios/line-diff.ts'
import { hosted, type Line, type Output, overBridge, parseLines, playSections } from './compare.ts'
import { findKubectl } from './find-kubectl.ts'
import { bundleKubectl } from './our-kubectl.ts'
import { keyed, readRecorded, writeRecorded } from './recorded.ts'

const root = process.env['TABERNETES_ROOT'] ?? '.'
function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const section = option('only')
const only = section === undefined ? null : new RegExp(`^(${section})$`)
const lines = parseLines(readFileSync(option('lines') ?? `${root}/e2e/clients/kubectl-lines.txt`, 'utf8')).filter(
  ({ section }) => !only || only.test(section),
)

/** The lines find ours or theirs by the same name: a path of its own keeps them apart. */
function realKubectl(): string {
  const found = findKubectl()
  if (!found) throw new Error('there is no real kubectl, and no Go to build one; set KUBECTL')
  const { clientVersion } = JSON.parse(execFileSync(found, ['version', '--client', '-o', 'json']).toString())
  if (clientVersion.minor !== '36')
    throw new Error(`${found} is ${clientVersion.gitVersion}; only a 1.36 says what ours has to: set KUBECTL`)
  return execFileSync('which', [found]).toString().trim()
}

function recorded(): Map<Line, Output> {
  const kept = readRecorded(root)
  const named = keyed(new Map(lines.filter((line) => !line.silent).map((line): [Line, Output] => [line, []])))
  return new Map(lines.filter((line) => !line.silent).map((line, i) => [line, kept[named[i]?.[0] ?? ''] ?? []]))
}

const asked = (name: string): boolean => process.argv.includes(`--${name}`)
mkdirSync(`${root}/.cache`, { recursive: true })
const ours = asked('hosted') ? hosted : overBridge(await bundleKubectl(root))
const [expected, actual] = await Promise.all([
  asked('recorded') ? recorded() : playSections(lines, overBridge(realKubectl())),
  playSections(lines, ours),
])
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
if (asked('record')) writeRecorded(root, expected)
process.exit(different === 0 ? 0 : 1)
