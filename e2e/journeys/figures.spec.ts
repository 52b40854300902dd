/** Figures where one looks for them: the pool of all machines, who answered how much, use over time, what the runtime holds. */
import AxeBuilder from '@axe-core/playwright'
import { expect, openShop, readyTiles, test, type } from './page.ts'

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
