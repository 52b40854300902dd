/** A small Vite plugin: `some.md?front` is only what stands between the first two lines of dashes, dashes included. */
import { readFileSync } from 'node:fs'

const SUFFIX = '.md?front'

export function frontMatter() {
  return {
    name: 'front-matter',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith(SUFFIX)) return null
      const file = id.slice(0, -'?front'.length)
      this.addWatchFile(file)
      const [front = ''] = /^---\n.*?\n---\n/s.exec(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')) ?? []
      return `export default ${JSON.stringify(front)}`
    },
  }
}
