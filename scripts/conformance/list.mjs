// The conformance tests of Kubernetes 1.36.3 and what becomes of them here: `docs/conformance.tsv`, one test a line.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../../docs/conformance.tsv', import.meta.url))
const HEAD = 'state\tcategory\ttest'

/** Tests as { name, category, state }; a state is `passes`, `fails` or `untried`. */
export function readList() {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  if (head !== HEAD) throw new Error(`${file} does not begin with "${HEAD}"`)
  return lines.map((line) => {
    const [state, category, name] = line.split('\t')
    return { name, category, state }
  })
}

export function writeList(tests) {
  const lines = tests.map(({ state, category, name }) => `${state}\t${category}\t${name}`)
  writeFileSync(file, `${[HEAD, ...lines].join('\n')}\n`)
}
