/** The page in every dress: keyboard alone, axe, narrow, projector, framed, without storage, with a dead worker. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import { expect, openShop, readyTiles, test, tiles } from './page.ts'

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme })
    await openShop(page)
    await tiles(page).first().click()
    await expect(page.locator('.inspector h2')).toBeVisible()
    await page.keyboard.press('l')
    // Monaco and xterm answer for themselves.
    const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze()
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`)).toEqual([])
  })
}

test('a pod is killed by the keyboard alone', async ({ page }) => {
  await openShop(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const grid = page.getByRole('treegrid')
  await expect(grid).toBeVisible()
  for (let i = 0; i < 2; i += 1) await page.keyboard.press('ArrowDown')
  const row = grid.locator('tr[tabindex="0"]')
  await expect(row).toHaveAttribute('aria-level', '3')
  const name = await row.locator('th').innerText()
  await page.keyboard.press('.')
  await expect(page.getByRole('menuitem', { name: 'Kill this pod' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator(`[data-ref="pods default/${name}"]`)).toHaveCount(0)
  await expect(readyTiles(page)).toHaveCount(3)
})

test('shortcuts can be switched off', async ({ page }) => {
  await openShop(page)
  await page.locator('.outside').click()
  await page.keyboard.press('?')
  await page.getByLabel('Single keys are shortcuts').uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('l')
  await expect(page.locator('.legend')).toHaveCount(0)
})

test('on a phone one pane shows at a time, and the editor is a text field', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openShop(page)
  await page.getByRole('button', { name: 'Code' }).click()
  await expect(page.getByRole('textbox', { name: 'Manifest' })).toBeVisible()
  await expect(page.locator('.cluster-strip li')).toHaveCount(3)
  await page.getByRole('button', { name: 'Terminal' }).click()
  await expect(page.getByTestId('terminal')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('in a foreign page it fits, scrolls with it, answers its host and takes no focus', async ({ page, baseURL }) => {
  const { origin, close } = await hostPage(`${baseURL}/embed.js`)
  await page.goto(origin)
  const frame = page.frameLocator('iframe')
  await expect(frame.locator('.tile[data-fill="solid"]:not(.small)')).toHaveCount(3)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  await page.mouse.move(400, 300)
  await page.mouse.wheel(0, 400)
  await expect(async () => expect(await page.evaluate(() => scrollY)).toBeGreaterThan(100)).toPass()
  await page.evaluate(() => scrollTo(0, 0))
  const pods = await page.evaluate(async () => {
    const element = document.querySelector('k8s-sandbox') as unknown as {
      sandbox: Promise<{ call(type: string, payload: unknown): Promise<any> }>
    }
    const answer = await (await element.sandbox).call('get', { path: '/api/v1/namespaces/default/pods' })
    return answer.body.items.length
  })
  expect(pods).toBe(3)
  await frame.locator('.tile').first().click()
  await frame.getByRole('menuitem', { name: 'Kill this pod' }).click()
  await expect(frame.locator('.caption')).toContainText('ReplicaSet controller')
  close()
})

test('it lives without storage', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('refused', 'SecurityError')
        },
      })
    }
  })
  await openShop(page)
  // Nobody can be remembered here: every visitor is new, and the editor is opened by hand.
  await page.getByRole('button', { name: 'Editor and inspector' }).click()
  await expect(page.getByText('This page may not store anything')).toBeVisible()
})

test('a worker that dies says so, and starts again from the saved session', async ({ page, quiet }) => {
  await page.addInitScript(() => {
    const Original = window.Worker
    const made: Worker[] = []
    Object.assign(window, { clusterWorkers: made })
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        if (options?.name === 'cluster') made.push(this)
      }
    }
  })
  await openShop(page)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl scale deployment shop --replicas=4\r')
  await expect(readyTiles(page)).toHaveCount(4)
  await expect(async () => {
    expect(await page.evaluate(() => sessionStorage.getItem('tabernetes.session') ?? '')).toContain('scale')
  }).toPass()
  await page.evaluate(() => {
    const [worker] = (window as unknown as { clusterWorkers: Worker[] }).clusterWorkers
    worker?.terminate()
    worker?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }))
  })
  await expect(page.locator('.banner')).toContainText('The cluster has stopped')
  await page.getByRole('button', { name: 'Restart from the saved session' }).click()
  await expect(readyTiles(page)).toHaveCount(4)
  await expect(page.locator('.banner', { hasText: 'stopped' })).toHaveCount(0)
  quiet.length = 0
})

/** A docs page of another origin that embeds the sandbox. */
async function hostPage(script: string): Promise<{ origin: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><title>Docs</title><h1>Docs</h1><k8s-sandbox seed="7" height="420"></k8s-sandbox><p style="height:3000px">…</p><script type="module" src="${script}"></script>`,
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
