/** The journeys run in a real browser against the built page. */
import { defineConfig } from '@playwright/test'
import { chromiumPath, launchArgs } from './scripts/browser.mjs'

const executablePath = await chromiumPath()
if (executablePath === null) throw new Error('No Chromium: run `npm run browser`')

const PORT = Number(process.env['E2E_PORT'] ?? 4173)

export default defineConfig({
  testDir: 'e2e/journeys',
  // A page waits for its worker, its worker for the page: two at once keep two cores busy.
  workers: 2,
  fullyParallel: true,
  // On a busy machine a key may arrive before the page listens; twice would be a fault.
  retries: 1,
  reporter: 'list',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width: 1400, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: launchArgs },
  },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${PORT} --strictPort`,
    url: `http://127.0.0.1:${PORT}/`,
    // Another checkout's page on this port would be tested in its place.
    reuseExistingServer: false,
  },
})
