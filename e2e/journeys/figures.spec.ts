/** Figures where one looks for them: the pool of all machines, who answered how much, use over time, what the runtime holds. */
import AxeBuilder from '@axe-core/playwright'
import { expect, openShop, readyTiles, test, tiles, type } from './page.ts'

const findings = async (page: import('@playwright/test').Page, part: string): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`)
}

test('the pool of all machines follows what is asked of it', async ({ page }) => {
  await openShop(page)
  const button = page.getByRole('button', { name: /^One pool/ })
  await expect(button).toHaveAccessibleName(/CPU 1\.8 of 3\.6/)
  await button.focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('region', { name: 'One pool' })
  await expect(sheet.getByRole('row', { name: /CPU cores/ })).toContainText('1.8 50%')
  // What the machines' cards say is used, the pool says of all.
  await expect(
    sheet
      .getByRole('row', { name: /Memory/ })
      .locator('td')
      .nth(1),
  ).toContainText('%')
  expect(await findings(page, '.pool')).toEqual([])
  await type(page, 'kubectl scale deployment shop --replicas=8', 'scaled')
  await expect(button).toHaveAccessibleName(/CPU 3\.3 of 3\.6/)
  await expect(sheet.getByText('2 Pods wait for a machine')).toBeVisible()
  await button.focus()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(readyTiles(page)).toHaveCount(6)
})

test('a Service says who answered how many of its requests', async ({ page }) => {
  await openShop(page)
  await page.locator('[data-ref="services default/shop"]').click()
  const rows = page.getByRole('table').filter({ hasText: 'Requests' }).locator('tbody tr')
  await expect(rows).toHaveCount(3)
  // A minute of four visitors a second: some 80 for each.
  await page.getByRole('button', { name: '16×' }).click()
  await expect(page.getByText(/2[3-4]\d requests answered/)).toBeVisible()
  const shares = (await rows.locator('b').allInnerTexts()).map((text) => Number.parseInt(text, 10))
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(97)
  for (const share of shares) expect(share).toBeGreaterThan(15)
  await expect(page.locator('.edge-share')).toHaveCount(3)
  expect(await findings(page, '.inspector')).toEqual([])
  // Who is gone has answered nonetheless.
  const [gone = ''] = await rows.locator('.link').allInnerTexts()
  const pod = await page.locator('.shares .link').first().getAttribute('title')
  await type(page, `kubectl delete pod ${pod}`, 'deleted')
  await expect(rows.filter({ hasText: '(gone)' })).toContainText(gone)
  await expect(rows).toHaveCount(4)
})

test('use over time is drawn for a Pod and its machine; where nobody measures it says what would', async ({ page }) => {
  test.slow()
  await openShop(page)
  await tiles(page).first().click()
  await page.getByRole('button', { name: '16×' }).click()
  const cpu = page.getByRole('img', { name: /^CPU since .* asked for · no limit/ })
  await expect(cpu).toHaveAccessibleName(/500m asked for/)
  // A line between two measurements.
  await expect(cpu.locator('.line')).toHaveAttribute('d', /L/)
  expect(await findings(page, '.inspector')).toEqual([])
  await page.locator('[data-ref="nodes node-1"]').click()
  await expect(page.getByRole('img', { name: /^Memory since .* can be given/ }).locator('.line')).toHaveAttribute('d', /L/)
  await page.goto('/?seed=7&addons=none')
  await expect(readyTiles(page)).toHaveCount(3)
  await tiles(page).first().click()
  await expect(page.getByText('Nobody measures here')).toBeVisible()
  await page.getByRole('button', { name: 'Begin a cluster with it' }).click()
  await expect(page.getByRole('checkbox', { name: /metrics-server/ })).toBeChecked()
})

test('a machine shows what its runtime holds: sandboxes, containers and those before them, images', async ({ page }) => {
  test.slow()
  await openShop(page)
  const pod = (await tiles(page).first().getAttribute('data-ref'))?.split('/').at(-1)
  await page.locator('[data-ref="nodes node-1"]').click()
  await page.getByText('The runtime’s view').click()
  const list = page.getByRole('region', { name: 'crictl ps -a' })
  const row = list.getByRole('row', { name: new RegExp(`${pod?.slice(-5)}`) })
  await expect(row).toHaveText(/^[0-9a-f]{13}nginx:1\.27.*Running0webshop/)
  const first = await row.locator('td b').first().innerText()
  await type(page, `kubectl exec ${pod} -- kill 1`)
  await page.getByRole('button', { name: '16×' }).click()
  await expect(row).toHaveCount(2)
  await expect(row.filter({ hasText: 'Exited' })).toContainText(first)
  await expect(row.filter({ hasText: 'Running' }).locator('td').nth(3)).toHaveText('1')
  await page.getByRole('button', { name: 'crictl images' }).click()
  await expect(page.getByRole('row', { name: /library\/nginx 1\.27/ })).toContainText('60.0MB')
  expect(await findings(page, '.inspector')).toEqual([])
  await page.getByRole('button', { name: 'crictl pods' }).click()
  await page
    .getByRole('region', { name: 'crictl pods' })
    .getByTitle(pod ?? '')
    .click()
  await expect(page.locator('.inspector h2')).toHaveText(pod ?? '')
})
