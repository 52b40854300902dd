/** The page without a network, after the first visit. */
import { expect, openShop, readyTiles, test } from './page.ts'

test('works offline after the first visit, and asks nobody else for anything', async ({ page, context, baseURL, quiet }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL as string) && !/^(?:data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await openShop(page)
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    if (registration.active?.state !== 'activated')
      await new Promise((done) => registration.active?.addEventListener('statechange', done, { once: true }))
  })
  await context.setOffline(true)
  await page.reload()
  await expect(readyTiles(page)).toHaveCount(3)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl get nodes\r')
  await expect(page.locator('.xterm-accessibility')).toContainText('Ready')
  await expect(page.getByTestId('editor').locator('.view-lines')).toBeVisible()
  await context.setOffline(false)
  expect(foreign).toEqual([])
  quiet.length = 0
})
