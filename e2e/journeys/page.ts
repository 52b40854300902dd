/** What the journeys share: opening the page, and the errors that no page may have. */
import { test as base, expect, type Page } from '@playwright/test'

export const test = base.extend<{ quiet: string[] }>({
  /** Errors of the page; every journey ends with none. */
  quiet: [
    async ({ page }, use) => {
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      await use(errors)
      expect(errors).toEqual([])
    },
    { auto: true },
  ],
})

/** A cluster that is the same in every run, with its shop open; the visitor has been here before. */
export async function openShop(page: Page, query = 'seed=7'): Promise<void> {
  await page.addInitScript(() => {
    try {
      localStorage.setItem('tabernetes.welcomed', '1')
    } catch {
      // A journey without storage.
    }
  })
  await page.goto(`/?${query}`)
  await expect(readyTiles(page)).toHaveCount(3)
}

export const tiles = (page: Page) => page.locator('.tile:not(.still, .small)')
export const readyTiles = (page: Page) => page.locator('.tile[data-family="good"][data-fill="solid"]:not(.still, .small)')

/** Types into Monaco: its text is what one sees in the model, wherever the cursor was. */
export async function write(page: Page, text: string): Promise<void> {
  const editor = page.getByTestId('editor')
  await editor.locator('.view-lines').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.evaluate((value) => navigator.clipboard.writeText(value), text)
  await page.keyboard.press('Control+v')
}

/** Types a command in the terminal; `says` is what it prints when it is done, which a user would wait for. */
export async function type(page: Page, line: string, says?: string | RegExp): Promise<void> {
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(`${line}\r`)
  if (says) await expect(page.locator('.xterm-rows')).toContainText(says)
}

export { expect }
