/** Runs scripts from the command line: `node scripts/run.mjs src/posix/testing/cli.ts ash 'echo hi'`. */
import { runCommand } from './machine.ts'

const [flavour = 'ash', ...scripts] = process.argv.slice(2)
for (const script of scripts) {
  const began = performance.now()
  const { all, status, ms } = runCommand([flavour, '-c', script])
  console.log(`--- ${script}\n${all}rc=${status} ${ms} ms simulated, ${(performance.now() - began).toFixed(1)} ms`)
}
