/** The first ninety seconds, as one visit: break it, see who repairs it, look back, pull a machine, ask for more, take it all back. */
import { expect, readyTiles, test, tiles } from './page.ts'

test('the first ninety seconds', async ({ page }, info) => {
  test.setTimeout(240_000)
  const begun = Date.now()
  const times: [number, string][] = []
  const at = async (what: string): Promise<void> => {
    times.push([Math.round((Date.now() - begun) / 100) / 10, what])
    await info.attach(what, { body: await page.screenshot(), contentType: 'image/png' })
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/ninety-${times.length}.png` })
  }
  const tour = page.getByRole('region', { name: 'First steps' })
  const caption = page.locator('.caption')

  // 0-2 s: a running cluster before the first word, nothing lost, and one line.
  await page.goto('/?seed=7')
  await expect(tour).toContainText('This shop runs on Kubernetes. Try to break it.')
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(page.locator('.tally dd').nth(1)).toHaveText('0')
  expect(await page.locator('dialog[open]').count()).toBe(0)
  await at('a shop that runs')

  // 2-12 s: one click, one entry.
  const victim = (await tiles(page).first().getAttribute('data-ref'))?.split('/')[1] ?? ''
  await tiles(page).first().click()
  await at('one big entry')
  await page.getByRole('menuitem', { name: 'Kill it' }).click()
  await expect(page.locator('.xterm-accessibility')).toContainText(`kubectl delete pod ${victim}`)

  // 12-25 s: each hop by its name, slowly.
  for (const sentence of [
    /API server recorded the deletion/,
    /ReplicaSet controller counts 2, wants 3/,
    /scheduler picks node-/,
    /kubelet of node-\d starts it/,
    /readiness check: the Service lets it in/,
  ]) {
    await expect(caption).toContainText(sentence, { timeout: 30_000 })
    await at(`hop: ${sentence.source}`)
  }
  await expect(tour).toContainText('Nobody told it to.')
  await expect(readyTiles(page)).toHaveCount(3)
  await at('repaired')

  // 25-35 s: the first look back, under the visitor's hand.
  await tour.getByRole('button', { name: 'See that again' }).click()
  await expect(page.locator('.past')).toContainText('in the past')
  await expect(page.locator(`[data-ref="pods default/${victim}"]`)).toHaveCount(1)
  await at('in the past')
  const track = page.getByRole('slider', { name: 'Timeline' })
  const now = Number(await track.getAttribute('aria-valuenow'))
  await track.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(track).toHaveAttribute('aria-valuetext', /in the past/)
  expect(Number(await track.getAttribute('aria-valuenow'))).toBeLessThanOrEqual(now)
  await tour.getByRole('button', { name: 'Go on' }).click()
  await expect(page.locator('.past')).toHaveCount(0)

  // 35-50 s: a machine without power; a guess first; two waits.
  await page.locator('.card-foot[data-ref="nodes node-1"]').click()
  await page.getByRole('menuitem', { name: 'Power off' }).click()
  await expect(tour).toContainText('How long until someone notices?')
  await at('a guess first')
  await tour.getByRole('button', { name: '1 s', exact: true }).click()
  await tour.getByRole('button', { name: 'Skip 50 s' }).click()
  await expect(page.locator('.machine', { hasText: 'node-1' })).toHaveAttribute('data-state', 'bad')
  await at('NotReady')
  await tour.getByRole('button', { name: 'Skip 5 min' }).click()
  await expect(readyTiles(page)).toHaveCount(3)
  await at('born again elsewhere')
  await tour.getByRole('button', { name: 'Power it back on' }).click()

  // 50-70 s: one number changed; two wait, and each card says why; a machine joins, they land.
  const replicas = page.getByRole('spinbutton', { name: 'replicas' })
  await replicas.fill('8')
  await at('one number')
  await replicas.press('Enter')
  await expect(tour).toContainText('No machine has room')
  await expect(page.locator('.waiting .tile')).toHaveCount(2)
  await expect(page.locator('.machine .word').first()).toContainText(/no: 0\.\d+ CPU short/)
  await at('two wait')
  await tour.getByRole('button', { name: 'Add a node' }).click()
  await expect(page.locator('.machine')).toHaveCount(4)
  await expect(readyTiles(page)).toHaveCount(8, { timeout: 40_000 })
  await at('they landed')

  // 70-85 s: undo, undo, undo.
  for (let i = 0; i < 5; i += 1) await tour.getByRole('button', { name: /^Undo/ }).click()
  await expect(tour).toContainText('You cannot break this.')
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(page.locator('.machine')).toHaveCount(3)
  await expect(page.locator(`[data-ref="pods default/${victim}"]`)).toHaveCount(1)

  // 85-90 s: three doors.
  await expect(tour.getByRole('button', { name: /Who does what/ })).toBeVisible()
  await expect(tour.getByRole('button', { name: /Copy this moment/ })).toBeVisible()
  await at('three doors')
  await tour.getByRole('button', { name: 'Free play' }).click()
  await expect(tour).toHaveCount(0)
  await page.reload()
  await expect(readyTiles(page)).toHaveCount(3)
  await expect(tour).toHaveCount(0)
  console.log(times.map(([s, what]) => `${s.toFixed(1).padStart(6)} s  ${what}`).join('\n'))
})
