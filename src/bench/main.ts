/** Entry of one benchmark's process: `main.ts NAME` prints its numbers as a line of JSON. */
import { benchmarks } from './benchmarks.ts'
import { calibrated, calibration } from './measure.ts'

const run = benchmarks[process.argv[2] ?? '']
if (!run) throw new Error(`no benchmark ${process.argv[2]}; there are ${Object.keys(benchmarks).join(', ')}`)
const before = calibration()
const numbers = await run()
console.log(
  JSON.stringify(
    Array.isArray(numbers) ? numbers : calibrated(numbers as Record<string, number>, Math.min(before, calibration())),
  ),
)
process.exit(0)
