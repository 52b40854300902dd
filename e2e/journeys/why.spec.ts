/** Explanations: why a pod waits, why nobody answers, why a rollout is stuck, who is behind it; and finding and filtering. */
import { expect, openShop, test, tiles, type } from './page.ts'

test('a waiting pod: a verdict in each card, the smallest change, and the scheduler’s matrix', async ({ page }) => {
  await openShop(page)
  await type(page, 'kubectl scale deployment shop --replicas=8')
  await expect(page.locator('.waiting .tile')).toHaveCount(2)
  await expect(page.locator('.machine .word')).toHaveCount(3)
  await expect(page.locator('.machine .word').first()).toContainText(/^no: 0\.\d+ CPU short$/)
  await page.locator('.waiting .tile').first().click()
  const why = page.getByRole('region', { name: 'Why has it no machine?' })
  await expect(why).toContainText('NodeResourcesFit: Insufficient cpu')
  await expect(why).toContainText(/Ask for 0\.\d+ CPU less/)
  await expect(page.getByRole('region', { name: 'What led to it' })).toContainText('You')
})

test('a Service that matches nothing: the walk stops at its selector and names the nearest label', async ({ page }) => {
  await openShop(page)
  await type(page, `kubectl patch service shop -p '{"spec":{"selector":{"app":"shopp"}}}'`)
  await page.locator('[data-ref="services default/shop"]').click()
  const why = page.getByRole('region', { name: 'Why does nobody answer?' })
  await expect(why).toContainText('app=shopp matches no pod')
  await expect(why).toContainText('has app=shop')
})

test('a stuck rollout: two revisions told apart, and what is in the way', async ({ page }) => {
  await openShop(page)
  await type(page, 'kubectl set image deployment/shop web=nginx:nope')
  await expect(page.locator('.tile[data-hull="old"]').first()).toBeVisible()
  await expect(page.locator('.tile[data-hull="new"] .revision').first()).toHaveText('rev 2')
  await page.getByRole('button', { name: 'Owners' }).click()
  await page.locator('[data-ref="deployments default/shop"]').click()
  const why = page.getByRole('region', { name: /Why is it stuck\?/ })
  await expect(why).toContainText(/ImagePull/, { timeout: 40_000 })
  await expect(why).toContainText('kubectl rollout undo deployment shop')
})

test('a refusal: the rule that is missing', async ({ page }) => {
  await openShop(page)
  await type(page, 'kubectl get secrets --as=eve')
  await expect(page.locator('.xterm-accessibility')).toContainText('forbidden')
  await page.getByRole('tab', { name: 'Inspector' }).click()
  await expect(page.locator('.refusal')).toContainText('User "eve" cannot list resource "secrets"')
  await expect(page.locator('.refusal pre')).toContainText('resources: ["secrets"]')
  await expect(page.locator('.refusal')).toContainText('kubectl create rolebinding')
})

test('what is searched is found, and a filter says what it hides', async ({ page }) => {
  await openShop(page)
  const search = page.getByRole('combobox', { name: 'Find in the cluster' })
  await search.fill('node-2')
  await page.keyboard.press('Enter')
  await expect(page.locator('.inspector h2')).toHaveText('node-2')
  await search.fill('app=nothing')
  await page.keyboard.press('Enter')
  await expect(page.locator('.hidden-note')).toContainText(/hides all \d+ pods and 1 service/i)
  await expect(tiles(page)).toHaveCount(0)
  await page.locator('.hidden-note').getByRole('button', { name: 'Clear' }).click()
  await expect(tiles(page)).toHaveCount(3)
})
