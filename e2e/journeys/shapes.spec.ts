/** The page in every shape: each screen and theme without a finding of axe, German throughout, paper, targets, links to lessons, embeds that share. */
import AxeBuilder from '@axe-core/playwright'
import { expect, openShop, readyTiles, test, tiles } from './page.ts'

/** Monaco and xterm answer for themselves. */
const findings = async (page: import('@playwright/test').Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze()
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`)
}

const shot = async (page: import('@playwright/test').Page, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png` })
}

for (const theme of ['light', 'dark', 'contrast'] as const) {
  test(`axe finds nothing on any screen (${theme})`, async ({ page }) => {
    test.slow()
    await openShop(page, `seed=7&theme=${theme}`)
    await page.getByRole('button', { name: 'Lessons', exact: true }).click()
    await expect(page.locator('.lesson-list')).toBeVisible()
    await tiles(page).first().click()
    await expect(page.locator('.inspector h2')).toBeVisible()
    await page.locator('.jumps .icon').click()
    await shot(page, `wide-${theme}`)
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('Escape')
    for (const dialog of ['Share this session', 'Keys and help (?)']) {
      await page.getByRole('button', { name: dialog }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await shot(page, `${dialog.split(' ')[0]}-${theme}`)
      expect(await findings(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    await page.setViewportSize({ width: 390, height: 844 })
    const panes = { Lesson: '.lesson-list', Cluster: '.graph', Code: 'textarea, .inspector', Terminal: '.xterm' }
    for (const [tab, content] of Object.entries(panes)) {
      await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: tab }).click()
      await expect(page.locator(content).first()).toBeVisible()
      await shot(page, `narrow-${tab}-${theme}`)
      expect(await findings(page)).toEqual([])
    }
  })
}

test('colours and language are chosen in the page, and the cluster goes on', async ({ page }) => {
  await openShop(page)
  await page.getByRole('button', { name: 'Keys and help (?)' }).click()
  await page.getByLabel('Colours').selectOption('contrast')
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'contrast')
  await page.getByLabel('Language').selectOption('de')
  await expect(page.locator(':root')).toHaveAttribute('lang', 'de')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Lektionen' })).toBeVisible()
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(page.locator('.outside dd').first()).not.toHaveText('0')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Lektionen' })).toBeVisible()
  await shot(page, 'german')
})

test('no target is smaller than 24 px', async ({ page }) => {
  await openShop(page)
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, select, [role="tab"], [role="separator"][tabindex], summary')]
      .filter(
        (e) => e.checkVisibility() && !e.closest('.visually-hidden, .react-flow__viewport, .monaco-editor, p, li, label.button'),
      )
      .map((e) => ({ e, box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 24 || box.width < 24))
      .filter(({ e }) => e.getAttribute('role') !== 'separator')
      .map(({ e, box }) => `${e.className} ${e.getAttribute('aria-label') ?? e.textContent} ${box.width}×${box.height}`),
  )
  expect(small).toEqual([])
})

test('on paper there are the graph, the story and the manifests, and no controls', async ({ page }) => {
  await openShop(page)
  await page.evaluate(() => {
    window.print = () => void dispatchEvent(new Event('beforeprint'))
  })
  await page.getByRole('button', { name: 'Share this session' }).click()
  await page.getByRole('button', { name: 'Print' }).click()
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.paper')).toContainText('The scheduler picked a machine for Pod shop')
  await expect(page.locator('.paper')).toContainText('kind: Deployment')
  await expect(readyTiles(page).first()).toBeVisible()
  await expect(
    page.locator('.top button, .time button, .dock button, .drawer button, .zoom-buttons button').filter({ visible: true }),
  ).toHaveCount(0)
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await expect(page.locator('.paper')).toHaveCount(0)
})

test('a link is an assignment; a wrong or a broken one says so and the page goes on', async ({ page }) => {
  await page.goto('/#l=who-does-what')
  await expect(page.locator('.lesson-title')).toHaveText('Who does what')
  await page.goto('/?x=1#l=nobody')
  await expect(page.locator('.banner')).toContainText('There is no lesson nobody here.')
  await expect(readyTiles(page)).toHaveCount(3)
  await page.goto('/?x=2#l=1.broken')
  await expect(page.locator('.banner')).toContainText('This link is damaged')
  await expect(readyTiles(page)).toHaveCount(3)
})

test('a session survives crashes and reloads, again and again', async ({ page, quiet }) => {
  test.slow()
  await page.addInitScript(() => {
    const Original = window.Worker
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        if (options?.name === 'cluster') Object.assign(window, { lastCluster: this })
      }
    }
  })
  await openShop(page)
  for (const [i, replicas] of [4, 2, 5, 3].entries()) {
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type(`kubectl scale deployment shop --replicas=${replicas}\r`)
    await expect(readyTiles(page)).toHaveCount(replicas)
    await expect(async () =>
      expect(await page.evaluate(() => sessionStorage.getItem('tabernetes.session') ?? '')).toContain(`replicas=${replicas}`),
    ).toPass()
    if (i % 2 === 0) await page.reload()
    else {
      await page.evaluate(() => {
        const worker = (window as unknown as { lastCluster: Worker }).lastCluster
        worker.terminate()
        worker.dispatchEvent(new ErrorEvent('error', { message: 'gone', cancelable: true }))
      })
      await page.getByRole('button', { name: 'Restart from the saved session' }).click()
    }
    await expect(readyTiles(page)).toHaveCount(replicas)
  }
  quiet.length = 0
})
