/** Finds a Chromium for Playwright; with `--install` makes sure there is one. */
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

function usable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of the browser to launch; undefined for Playwright's own, null when there is none. `E2E_CHROMIUM` goes first. */
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

function run(command, args) {
  console.log('$', command, ...args)
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

function install() {
  if (run('npx', ['playwright', 'install', 'chromium']) || !existsSync('/usr/bin/apt-get')) return
  const asRoot = (...words) => (process.getuid?.() === 0 ? run(words[0], words.slice(1)) : run('sudo', ['-n', ...words]))
  if (asRoot('apt-get', 'update')) asRoot('apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  let found = await chromiumPath()
  if (found === null && process.argv.includes('--install')) {
    install()
    found = await chromiumPath()
  }
  if (found === null) {
    console.error(
      'No Chromium. Install one (Debian, Ubuntu: apt-get install chromium; else: npx playwright install --with-deps chromium) or set E2E_CHROMIUM.',
    )
    process.exit(1)
  }
  console.log('chromium:', found ?? "Playwright's own")
}
