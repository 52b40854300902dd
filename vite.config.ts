import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { frontMatter } from './scripts/front-matter.mjs'
import { offline } from './scripts/offline.mjs'

const monacoEsm = fileURLToPath(new URL('node_modules/monaco-editor/esm/vs/', import.meta.url))

const lean = fileURLToPath(new URL('src/ui/lean/', import.meta.url))

/** What React Flow could do besides (edges, dragging, connecting) is left out of the bundle; the stand-in itself gets the real one. */
const leanFlow: Plugin = {
  name: 'lean-flow',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === '@xyflow/system' && importer && !importer.includes('/ui/lean/') ? `${lean}xyflow-system.ts` : null,
}

/** What goes from this machine to itself is not zipped: that took longer than the rest of a page's way. */
const unzipped: Plugin = {
  name: 'unzipped',
  configurePreviewServer(server) {
    server.middlewares.use((request, _, next) => {
      delete request.headers['accept-encoding']
      next()
    })
  },
}

const EARLY = /src\/ui\/state\/cluster-worker\.ts$/

/** The page asks for the cluster's worker first, and runs that file as soon as it is there: before all that React needs. */
const early: Plugin = {
  name: 'early',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle }) {
      const file = Object.values(bundle ?? {}).find((chunk) => chunk.name === 'early')?.fileName
      const src = file ? `./${file}` : '/src/ui/state/cluster-worker.ts'
      return html.replace(/<script /, `<script type="module" async crossorigin src="${src}"></script>\n    <script `)
    },
  },
}

const FIRST =
  /src\/(api\/(meta|assert|quantity|selector)|client\/mirror|ui\/state\/(hooks|resources|scene|choices|focus|look|clock|traffic|usage|theme|first-look))\.tsx?$/

export default defineConfig({
  base: './',
  plugins: [frontMatter(), leanFlow, react(), early, offline(), unzipped],
  resolve: {
    // monaco-editor >= 0.56 has an exports map; monaco-yaml's worker manager still imports the old deep path.
    alias: [
      { find: /^monaco-editor\/esm\/vs\//, replacement: monacoEsm },
      // Of d3 React Flow needs the zoom; what its libraries could do besides would cost a tenth of the first load.
      { find: /^(d3-color|d3-drag|d3-transition)$/, replacement: `${lean}$1.ts` },
    ],
  },
  worker: { format: 'es' },
  optimizeDeps: { include: ['monaco-yaml', 'monaco-yaml/yaml.worker.js'] },
  build: {
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: { main: 'index.html', embed: 'src/embed/element.ts' },
      // Pages that embed the sandbox name this file in their HTML.
      output: {
        entryFileNames: (chunk) => (chunk.name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js'),
        // Small files that the first load needs anyway: one request, and gzip sees what they have in common.
        codeSplitting: {
          groups: [
            { name: 'early', test: EARLY, priority: 1 },
            { name: 'first', test: FIRST },
          ],
        },
      },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    testTimeout: 120_000,
    // Nothing else is to be done meanwhile: by default one core is left idle.
    maxWorkers: '100%',
    // The engine is loaded once per worker, not once per file: two thirds of the time. So a test leaves modules as it found them.
    pool: 'threads',
    isolate: false,
    setupFiles: ['src/engine/testing/setup.ts'],
  },
})
