/** A small Vite plugin: writes `sw.js` beside the page, which keeps the whole build for later visits without a network. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const template = fileURLToPath(new URL('offline-worker.js', import.meta.url))
const NOT_KEPT = /(?:^|\/)\.|\.map$|^sw\.js$/

export function offline() {
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.entries(bundle).filter(([name]) => !NOT_KEPT.test(name))
      const hash = createHash('sha256')
      for (const [name, file] of files.sort(([a], [b]) => (a < b ? -1 : 1)))
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source)
      const names = ['./', 'icon.svg', ...files.map(([name]) => name).filter((name) => name !== 'index.html')]
      const source = readFileSync(template, 'utf8')
        .replace("'VERSION'", () => JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("['FILES']", () => JSON.stringify(names))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}
