// Find a Chromium for Playwright; `node scripts/browser.mjs --install` makes sure there is one.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const usable = (p) => {
  try {
    accessSync(p, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of the browser to launch, or undefined for Playwright's own. Order: E2E_CHROMIUM, Playwright's own if downloaded, a system one. */
export async function chromiumPath(env = process.env) {
  if (env.E2E_CHROMIUM) {
    if (!usable(env.E2E_CHROMIUM)) throw new Error(`E2E_CHROMIUM=${env.E2E_CHROMIUM} is not executable`)
    return env.E2E_CHROMIUM
  }
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return undefined
  return SYSTEM.find(usable) ?? null
}
export const launchArgs = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-default-apps',
]
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  let p = await chromiumPath()
  if (p === null && process.argv.includes('--install')) {
    const run = (c, a) => {
      console.log('$', c, a.join(' '))
      return spawnSync(c, a, { stdio: 'inherit' }).status === 0
    }
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
    const sh = (...a) => run([...sudo, ...a][0], [...sudo, ...a].slice(1))
    if (!run('npx', ['playwright', 'install', 'chromium']) && existsSync('/usr/bin/apt-get'))
      sh('apt-get', 'update') && sh('apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation')
    p = await chromiumPath()
  }
  if (p === null) {
    console.error(
      'No Chromium. Install one (Debian/Ubuntu: apt-get install chromium; else: npx playwright install --with-deps chromium) or set E2E_CHROMIUM.',
    )
    process.exit(1)
  }
  console.log('chromium:', p ?? "Playwright's own")
}
