/** The projector view: a remote's keys, a blank screen, typed keys; and the interface in German. */
import { expect, openShop, test } from './page.ts'

test('a remote steps, blanks and shows its keys', async ({ page }) => {
  await openShop(page, 'seed=7&view=present')
  await page
    .getByRole('button', { name: /^Pause/ })
    .first()
    .click()
  await page.keyboard.press('PageDown')
  await expect(page.locator('.typed-keys kbd').last()).toHaveText('PageDown')
  await page.keyboard.press('b')
  await expect(page.locator('.blank')).toBeVisible()
  await page.keyboard.press('b')
  await expect(page.locator('.blank')).toHaveCount(0)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/present.png` })
})

test('the editor and its dialogs speak German', async ({ page }) => {
  await openShop(page, 'seed=7&lang=de')
  await expect(page.locator(':root')).toHaveAttribute('lang', 'de')
  await expect(page.getByRole('button', { name: 'Vorschau' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Anwenden' })).toBeVisible()
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/german.png` })
})
