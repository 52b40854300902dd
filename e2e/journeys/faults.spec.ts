/** What one breaks on purpose, tries out on a copy, looks at on its way, and compares with a goal. */
import { expect, openShop, readyTiles, test, tiles, type } from './page.ts'

test('the scheduler is stopped by a click: pods wait; started again, they find their machines', async ({ page }) => {
  await openShop(page)
  await page.getByRole('button', { name: 'Scheduler' }).click()
  await page.getByRole('menuitem', { name: 'Stop kube-scheduler', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Scheduler: stopped (kube-scheduler)' })).toBeVisible()
  await type(page, 'kubectl scale deployment shop --replicas=5', 'scaled')
  await expect(page.locator('.waiting .tile')).toHaveCount(2)
  await page.getByRole('button', { name: 'Scheduler: stopped (kube-scheduler)' }).click()
  await page.getByRole('menuitem', { name: 'Start kube-scheduler', exact: true }).click()
  await page.getByRole('button', { name: 'Until ready' }).click()
  await expect(readyTiles(page)).toHaveCount(5)
})

test('a line from one machine to another cuts the link between them: requests that cross it are lost', async ({ page }) => {
  await openShop(page)
  const foot = page.locator('.card-foot[data-ref="nodes node-1"]')
  const there = page.locator('.card-foot[data-ref="nodes node-2"]')
  const [a, b] = [await foot.boundingBox(), await there.boundingBox()]
  if (!a || !b) throw new Error('no machines')
  await page.mouse.move(a.x + 30, a.y + 12)
  await page.mouse.down()
  await page.mouse.move(b.x + 30, b.y + 12, { steps: 6 })
  await expect(page.locator('.links .drawing')).toHaveCount(1)
  await page.mouse.up()
  await page.getByRole('menuitem', { name: 'Cut the link node-1 – node-2', exact: true }).click()
  await expect(page.locator('.links text')).toHaveText('cut')
  await expect(async () => expect(Number(await page.locator('.tally dd').nth(1).innerText())).toBeGreaterThan(0)).toPass()
  // The same by the menu alone, and back to well.
  await foot.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Mend the link node-1 – node-2', exact: true }).click()
  await expect(page.locator('.links')).toHaveCount(0)
  await foot.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Link to node-3…' }).click()
  await page.getByRole('menuitem', { name: 'Slow down the link node-1 – node-3 by 300 ms', exact: true }).click()
  await expect(page.locator('.links text')).toHaveText('+300 ms')
})

test('a machine cut off from the control plane says what is so, and what the API believes', async ({ page }) => {
  await openShop(page)
  await page.locator('.card-foot[data-ref="nodes node-3"]').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Cut it off from the control plane', exact: true }).click()
  await expect(page.locator('.card-foot[data-ref="nodes node-3"]')).toContainText('cut off · API: Ready')
})

test('a request is caught in flight: who asked whom, hop by hop', async ({ page }) => {
  await openShop(page)
  const card = page.getByRole('region', { name: 'A request on its way' })
  const from = await page.locator('[data-ref="services default/shop"]').boundingBox()
  if (!from) throw new Error('no Service')
  await expect(async () => {
    // Just below the Service every request comes by.
    await page.mouse.click(from.x + from.width / 2, from.y + from.height + 8)
    await expect(card).toBeVisible({ timeout: 400 })
  }).toPass()
  await expect(card).toContainText('GET http://')
  await expect(card).toContainText('proxy')
  // Drawn as stations: who asks, the Service's proxy, the Pod.
  await expect(card.locator('.way li').first()).toHaveAttribute('data-place', 'caller')
  await expect(card.locator('.way [data-place="proxy"]')).toHaveCount(1)
  await expect(card.locator('.way li').last()).toHaveAttribute('data-place', 'pod')
  await expect(card).toContainText(/Answered 200 in \d+ ms/)
  await card.getByRole('button', { name: 'Close the request' }).click()
  await expect(card).toHaveCount(0)
})

test('what if: ghosts show what a drain would do, and nothing has been done', async ({ page }) => {
  await openShop(page)
  const names = await tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute('data-ref')))
  await page.locator('.card-foot[data-ref="nodes node-1"]').click({ button: 'right' })
  await page.locator('.menu-row', { hasText: 'Drain' }).getByRole('menuitem', { name: 'What if?' }).click()
  const outlook = page.getByRole('region', { name: 'What would come of it' })
  await expect(outlook).toContainText(/Pods that would go: \d\. Pods that would come: \d\./, { timeout: 60_000 })
  await expect(outlook).toContainText(/All would be ready after 0:\d\d/)
  await expect(page.locator('.ghosts [data-kind="goes"]')).toHaveCount(1)
  await expect(page.locator('.ghosts [data-kind="comes"]')).toHaveCount(1)
  expect(await tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute('data-ref')))).toEqual(names)
  await outlook.getByRole('button', { name: 'Close the preview' }).click()
  await expect(page.locator('.ghosts')).toHaveCount(0)
})

test('a lesson’s goal stands beside the present as ghosts, and says what still differs', async ({ page }) => {
  await openShop(page)
  await page.getByRole('button', { name: 'Lessons' }).first().click()
  await page.getByRole('button', { name: /Your first manifest/ }).click()
  await page.getByRole('button', { name: 'Show the goal' }).click({ timeout: 60_000 })
  const outlook = page.getByRole('region', { name: 'What would come of it' })
  await expect(outlook).toContainText('Pod hello is missing.', { timeout: 60_000 })
  await expect(page.locator('.ghosts [data-kind="comes"]')).toHaveCount(1)
  await page.getByRole('button', { name: 'Hide the goal' }).click()
  await expect(outlook).toHaveCount(0)
})
