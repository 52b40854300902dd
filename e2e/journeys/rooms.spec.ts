/** Little room and much trouble: a phone's words can be read, a wrong turn can be taken back, and trouble leads to its reasons. */
import { expect, openShop, readyTiles, test, tiles, type } from './page.ts'

test('on a phone the names of pods and machines are large enough to read', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/?seed=7')
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(page.locator('.machine .zone-tag')).toHaveCount(3)
  const heights = await page
    .locator('.machine b, .tile:not(.small) .tag')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height))
  for (const height of heights.filter((each) => each > 0)) expect(height).toBeGreaterThanOrEqual(10)
  // The menu leaves the tile in sight.
  await tiles(page).first().click()
  const [tile, menu] = [await tiles(page).first().boundingBox(), await page.getByRole('menu').boundingBox()]
  expect(tile && menu && (menu.x >= tile.x + tile.width || menu.y >= tile.y + tile.height)).toBe(true)
})

test('whoever is refused finds the missing rule behind “Why?”, and a Service without pods is told', async ({ page }) => {
  await openShop(page)
  await type(page, 'kubectl get pods --as=bob', 'Forbidden')
  await page.locator('.caption').getByRole('button', { name: 'Why?' }).click()
  await expect(page.locator('.refusal')).toContainText('The one that is missing')
  await type(page, 'kubectl set selector service shop app=nope', 'selector updated')
  await expect(page.locator('.health')).toContainText('1 Service without pods')
})

test('more visitors by a slider, another image by a field: both are commands in the terminal', async ({ page }) => {
  await openShop(page)
  await page.locator('[data-ref="services default/shop"]').click()
  await page.getByRole('slider', { name: 'Visitors each second' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('.xterm-accessibility')).toContainText('10 requests a second to service default/shop')
  await page.getByRole('button', { name: 'Owners' }).click()
  await page.locator('[data-ref="deployments default/shop"]').first().click()
  await page.getByRole('textbox', { name: 'Image of web' }).fill('nginx:1.28')
  await page.keyboard.press('Enter')
  await expect(page.locator('.xterm-accessibility')).toContainText('kubectl set image deployment/shop web=nginx:1.28')
  await expect(page.locator('[data-ref="deployments default/shop"]')).toContainText('rev 2')
})

test('a lesson has the whole height, and its hint about a wrong turn begins it again', async ({ page }) => {
  await page.goto('/#l=something-keeps-it-alive')
  await expect(page.getByRole('heading', { name: 'Kill one of three' })).toBeVisible({ timeout: 60_000 })
  const [dock, screen] = [await page.locator('.dock.left').boundingBox(), page.viewportSize()]
  expect((dock?.y ?? 0) + (dock?.height ?? 0)).toBe(screen?.height)
  await type(page, 'kubectl delete deployment shop', 'deleted')
  await page.locator('.hint-card').getByRole('button', { name: 'Start again' }).click()
  await expect(readyTiles(page)).toHaveCount(3, { timeout: 60_000 })
})
