// Lists of Kubernetes' own tests and what becomes of them here, one test a line: `docs/conformance.tsv`, `docs/e2e.tsv`.
import { readFileSync, writeFileSync } from 'node:fs'

const COLUMNS = ['state', 'category', 'test']
const BRIDGE = '# bridge --addons '

/**
 * Tests as { name, category, state, why }, the bridge's addons they need, and which columns the file has. A state is `passes`,
 * `fails`, `untried`, `skips` (the test itself refuses this cluster) or `out` (not run: `why` says what it would take).
 */
export function readList(file) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const addons = lines[0].startsWith(BRIDGE) ? lines.shift().slice(BRIDGE.length) : undefined
  const columns = lines.shift().split('\t')
  if (COLUMNS.some((column, at) => columns[at] !== column)) throw new Error(`${file} does not begin with "${COLUMNS.join('\t')}"`)
  const tests = lines.map((line) => {
    const [state, category, name, why = ''] = line.split('\t')
    return { name, category, state, why }
  })
  return { addons, columns, tests }
}

export function writeList(file, { addons, columns, tests }) {
  const lines = tests.map(({ state, category, name, why }) => [state, category, name, why].slice(0, columns.length).join('\t'))
  const head = addons === undefined ? [] : [`${BRIDGE}${addons}`]
  writeFileSync(file, `${[...head, columns.join('\t'), ...lines].join('\n')}\n`)
}
