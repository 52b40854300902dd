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

  // A small window of a projector: every machine is whole, keys cover no button, no button is cut.
  await page.setViewportSize({ width: 480, height: 360 })
  await page.keyboard.press('PageDown')
  await expect(page.locator('.typed-keys kbd').last()).toBeVisible()
  await expect(async () => expect(await misfits(page)).toEqual([])).toPass()
  await page.setViewportSize({ width: 1024, height: 768 })
  await page.keyboard.press('PageDown')
  await expect(async () => expect(await misfits(page)).toEqual([])).toPass()
})

/** Machines that leave the graph, and buttons that lie under a typed key or leave the window. */
const misfits = (page: import('@playwright/test').Page): Promise<string[]> =>
  page.evaluate(() => {
    const boxOf = (e: Element): DOMRect => e.getBoundingClientRect()
    const graph = boxOf(document.querySelector('.graph') as Element)
    const keys = [...document.querySelectorAll('.typed-keys kbd')].map(boxOf)
    const cut = [...document.querySelectorAll('.machine')].filter((e) => {
      const { left, right, top, bottom } = boxOf(e)
      return left < graph.left - 1 || right > graph.right + 1 || top < graph.top - 1 || bottom > graph.bottom + 1
    })
    const under = [...document.querySelectorAll('button')].filter((e) => {
      const { left, right, top, bottom, width } = boxOf(e)
      if (width < 2 || !e.checkVisibility()) return false
      return right > innerWidth + 1 || keys.some((k) => k.left < right && left < k.right && k.top < bottom && top < k.bottom)
    })
    return [...cut, ...under].map((e) => e.getAttribute('aria-label') ?? e.textContent ?? e.className)
  })

test('the editor and its dialogs speak German', async ({ page }) => {
  await openShop(page, 'seed=7&lang=de')
  await expect(page.locator(':root')).toHaveAttribute('lang', 'de')
  await expect(page.getByRole('button', { name: 'Vorschau' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Anwenden' })).toBeVisible()
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/german.png` })
})
