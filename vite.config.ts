import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const monacoEsm = fileURLToPath(new URL('node_modules/monaco-editor/esm/vs/', import.meta.url))

export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: {
    // monaco-editor >= 0.56 has an exports map; monaco-yaml's worker manager still imports the old deep path.
    alias: [{ find: /^monaco-editor\/esm\/vs\//, replacement: monacoEsm }],
  },
  worker: { format: 'es' },
  optimizeDeps: { include: ['monaco-yaml', 'monaco-yaml/yaml.worker.js'] },
  build: {
    target: 'es2023',
    manifest: true,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: { main: 'index.html' } },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], testTimeout: 30_000 },
})
