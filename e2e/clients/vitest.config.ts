/** Real clients against the bridge: one file after the other, for they share two cores. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['e2e/clients/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 300_000, fileParallelism: false },
})
