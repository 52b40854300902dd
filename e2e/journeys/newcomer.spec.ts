/** The newcomer's day: a shop that runs, a guestbook, a pod killed, a machine pulled, a word in the terminal, a link. */
import { expect, openShop, readyTiles, test, tiles, type } from './page.ts'

test('a running cluster with traffic is there before the first word', async ({ page }) => {
  await page.goto('/?seed=7')
  await expect(page.getByText('This shop runs on Kubernetes. Try to break it.')).toBeVisible()
  await expect(page.locator('.machine')).toHaveCount(3)
  await expect(page.locator('.outside')).toContainText('/s')
  await expect(async () => expect(await served(page)).toBeGreaterThan(5)).toPass()
})

test('a killed pod is replaced, and the caption says by whom', async ({ page }) => {
  await openShop(page)
  const victim = await tiles(page).first().getAttribute('data-ref')
  await tiles(page).first().click()
  await page.getByRole('button', { name: 'Kill this pod' }).click()
  await expect(page.locator('.caption')).toContainText(/ReplicaSet controller created Pod/)
  await expect(page.locator('.caption')).toContainText(/is ready/)
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(page.locator(`[data-ref="${victim}"]`)).toHaveCount(0)
  await expect(page.locator('.xterm-accessibility')).toContainText(`kubectl delete pod ${victim?.split('/')[1]}`)
})

test('the guestbook is applied, becomes ready and receives visitors', async ({ page }) => {
  await openShop(page)
  await page.locator('.examples select').selectOption('guestbook')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.locator('.results [role="status"]')).toHaveText('6 applied')
  await expect(readyTiles(page)).toHaveCount(9, { timeout: 40_000 })
  await page.getByRole('button', { name: 'send visitors' }).click()
  await expect(page.locator('[data-ref="services default/frontend"]')).toContainText('/s')
})

test('a machine without power is noticed after its grace, and its pods are replaced after theirs', async ({ page }) => {
  await openShop(page)
  await page.locator('[data-ref="nodes node-1"]').click()
  await page.getByRole('button', { name: 'Power off' }).click()
  await page.getByRole('button', { name: 'Skip ahead' }).click()
  await page.getByRole('button', { name: /Skip 50 s/ }).click()
  await expect(page.locator('.machine', { hasText: 'node-1' })).toHaveAttribute('data-state', 'bad')
  await page.getByRole('button', { name: 'Skip ahead' }).click()
  await page.getByRole('button', { name: /Skip 5 min/ }).click()
  await page.getByRole('button', { name: 'a hundred times real time' }).click()
  await expect(readyTiles(page)).toHaveCount(3, { timeout: 40_000 })
  await page.getByRole('button', { name: 'Power on' }).click()
  await expect(page.locator('.machine', { hasText: 'node-1' })).toHaveAttribute('data-state', 'ready')
})

test('kubectl works in the terminal, with history and completion', async ({ page }) => {
  await openShop(page)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl get deployme')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const screen = page.locator('.xterm-accessibility')
  await expect(screen).toContainText('READY')
  await expect(screen).toContainText('3/3')
  await page.keyboard.type('kubectl get pods -w\r')
  await expect(screen).toContainText('Running')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(screen).toContainText('kubectl get deployments')
})

test('Ctrl+V pastes into the terminal: several lines run one after another, each shown once', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openShop(page)
  await type(page, 'kubectl get ns', 'kube-system')
  await page.evaluate(() =>
    navigator.clipboard.writeText('clear\nkubectl create ns one\nkubectl create ns two\necho done $((40 + 2))\n'),
  )
  await page.keyboard.press('Control+v')
  const rows = page.locator('.xterm-rows')
  await expect(rows).toContainText('done 42')
  const text = await rows.innerText()
  expect(text.match(/kubectl create ns two/g)).toHaveLength(1)
  expect(text).toContain('namespace/two created')
})

test('a slip in an image’s name is told in plain words, with the command that mends it', async ({ page }) => {
  await openShop(page)
  await type(page, 'kubectl set image deployment/shop web=ngnix:1.28', 'image updated')
  await page.locator('.tile[data-family="bad"]').first().click()
  const why = page.getByRole('region', { name: 'Why is it not ready?' })
  await expect(why).toContainText('There is no image ngnix there, or it is private: look for a slip in its name.')
  await expect(why).toContainText('kubectl set image deployment/shop web=IMAGE')
})

test('a link replays what was done', async ({ page, context }) => {
  await openShop(page)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl scale deployment shop --replicas=5\r')
  await expect(readyTiles(page)).toHaveCount(5)
  await page.getByRole('button', { name: 'Share this session' }).click()
  const link = page.getByLabel('Link')
  await expect(link).toHaveValue(/#r=1\./)
  const address = await link.inputValue()
  const names = await refs(page)
  const other = await context.newPage()
  await other.goto(address)
  await expect(readyTiles(other)).toHaveCount(5)
  expect(await refs(other)).toEqual(names)
})

test('a reload goes on where it was', async ({ page }) => {
  await openShop(page, '')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl scale deployment shop --replicas=4\r')
  await expect(readyTiles(page)).toHaveCount(4)
  await expect(async () => {
    const kept = await page.evaluate(() => sessionStorage.getItem('tabernetes.session') ?? '')
    expect(kept).toContain('scale')
  }).toPass()
  await page.reload()
  await expect(readyTiles(page)).toHaveCount(4)
})

const served = async (page: import('@playwright/test').Page): Promise<number> =>
  Number((await page.locator('.tally dd').first().innerText()).replace(/\D/g, ''))

const refs = async (page: import('@playwright/test').Page): Promise<(string | null)[]> =>
  (await tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute('data-ref')))).sort()

test('what a first visit waits for comes first: the engine before the page, the terminal after the cluster is seen', async ({
  page,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url().replace(/.*\//, '')))
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.tile')) return
      performance.mark('seen')
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto('/?seed=7')
  await expect(page.locator('.xterm-rows')).toBeVisible()
  const order = (name: RegExp): number => asked.findIndex((file) => name.test(file))
  expect(order(/^early-/)).toBeLessThan(order(/^main-.*js$/))
  expect(order(/^worker-/)).toBeLessThan(order(/^chrome-.*js$/))
  const [seen = 0, terminal = 0] = await page.evaluate(() => [
    performance.getEntriesByName('seen')[0]?.startTime,
    performance.getEntriesByType('resource').find(({ name }) => /\/terminal-[^/]*\.js$/.test(name))?.startTime,
  ])
  expect(seen).toBeGreaterThan(0)
  expect(terminal).toBeGreaterThan(seen)
})

test('the first scene is drawn while the engine is still on its way, and lives when it has come', async ({ page, context }) => {
  let come = (): void => {}
  const waiting = new Promise<void>((resolve) => {
    come = resolve
  })
  await context.route(/\/worker-host-[^/]*\.js$/, async (route) => {
    await waiting
    await route.continue()
  })
  await page.goto('/')
  await expect(readyTiles(page)).toHaveCount(3)
  const seen = await refs(page)
  await expect(page.getByText('t = 1:10')).toBeVisible()
  // What is asked for meanwhile is done as soon as there is somebody to do it.
  await tiles(page).first().click()
  await page.getByRole('menuitem', { name: 'Kill it' }).click()
  expect(await refs(page)).toEqual(seen)
  come()
  await expect(readyTiles(page)).toHaveCount(2)
  await expect(readyTiles(page)).toHaveCount(3)
  expect(await refs(page)).not.toEqual(seen)
  expect(await served(page)).toBeGreaterThan(0)
})
