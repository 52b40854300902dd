/** Another cluster: chosen in a dialog, refused where it cannot be, shared as an address; what ran before is behind the Back button. */
import AxeBuilder from '@axe-core/playwright'
import { expect, openShop, readyTiles, test, type } from './page.ts'

test('another cluster is begun by keys alone, and the one before comes back', async ({ page }) => {
  test.slow()
  await openShop(page)
  await type(page, 'kubectl scale deployment shop --replicas=4', 'scaled')
  await expect(readyTiles(page)).toHaveCount(4)
  await page.getByRole('button', { name: 'Begin another cluster' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Begin another cluster' })
  await dialog.getByLabel('Machines', { exact: true }).fill('2000')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(dialog.getByText('A whole number from 0 to 1000, please.')).toBeVisible()
  await dialog.getByLabel('Machines', { exact: true }).fill('2')
  await dialog.getByLabel('Machines of the control plane').fill('3')
  await dialog.getByRole('checkbox', { name: /^kubeadm(?!-)/ }).focus()
  await page.keyboard.press('Space')
  const { violations } = await new AxeBuilder({ page }).include('.dialog').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await dialog.getByLabel('Machines', { exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.machine')).toHaveCount(5)
  expect(new URL(page.url()).searchParams.get('addons')).toContain('kubeadm')
  // The name of a machine of the control plane is there in full.
  const name = page.locator('.machine b', { hasText: 'control-plane-2' })
  expect(await name.evaluate((b) => b.scrollWidth <= b.clientWidth)).toBe(true)
  await page.goBack()
  await expect(readyTiles(page)).toHaveCount(4)
})

test('the same address with other addons is another cluster', async ({ page }) => {
  await openShop(page, 'seed=7&scene=shop')
  await type(page, 'kubectl top nodes', 'node-1')
  await page.goto('/?seed=7&scene=shop&addons=none')
  await expect(readyTiles(page)).toHaveCount(3)
  await type(page, 'kubectl top nodes', 'Metrics API not available')
})
