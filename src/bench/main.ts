/** Entry of one benchmark's process: `main.ts NAME` prints its numbers as a line of JSON. */
import { benchmarks } from './benchmarks.ts'

const run = benchmarks[process.argv[2] ?? '']
if (!run) throw new Error(`no benchmark ${process.argv[2]}; there are ${Object.keys(benchmarks).join(', ')}`)
console.log(JSON.stringify(await run()))
process.exit(0)
