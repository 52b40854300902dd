/** Lessons in another language, and an exam from its clock to its score. */
import { expect, test, type } from './page.ts'

test('a lesson speaks the language of the page', async ({ page }) => {
  await page.goto('/?lang=de#l=who-does-what')
  await expect(page.locator('.lesson-title')).toHaveText('Wer tut was')
  await expect(page.locator('.step h2')).toHaveText('Einem Wunsch folgen')
  await expect(page.locator('.tasks')).toContainText('Sie haben ein Deployment verlangt.')
})

test('an exam gives no help, and a score at its end', async ({ page }) => {
  await page.goto('/#l=exam-first-rounds')
  await expect(page.locator('.exam-clock')).toContainText(/\b(30:00|29:\d\d)/, { timeout: 60_000 })
  await expect(page.locator('.exam-tasks li')).toHaveCount(8)
  await expect(page.getByRole('button', { name: 'Show me', exact: true })).toHaveCount(0)
  await expect(page.locator('.tasks')).toHaveCount(0)
  await page.getByRole('button', { name: 'Rights for a robot' }).click()
  await expect(page.locator('.step h2')).toHaveText('Rights for a robot')
  await page.reload()
  await expect(page.locator('.step h2')).toHaveText('Rights for a robot')
  await page.getByRole('button', { name: 'Hand it in' }).click()
  await page.getByRole('button', { name: 'Yes, hand it in' }).click()
  await expect(page.locator('.exam-outcome')).toContainText('0 %')
  await expect(page.locator('.exam-way')).toContainText('kubectl create role deployer')
  await expect(page.locator('.tasks li').first()).toHaveAttribute('data-verdict', 'open')
})

test('an exam’s file is shown when it is put into the editor, and the main one keeps what stood there', async ({ page }) => {
  await page.goto('/#l=ckad-mock')
  await expect(page.locator('.exam-clock')).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('.view-lines')).toContainText('kind: Deployment')
  await page.getByRole('button', { name: 'An old manifest' }).click()
  await page.getByRole('button', { name: 'Put the files into the editor' }).click()
  const tabs = page.locator('.file-tabs')
  await expect(tabs.getByRole('button', { name: 'old/sweep.yaml', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.locator('.view-lines')).toContainText('kind: CronJob')
  await tabs.getByRole('button', { name: 'manifest.yaml' }).click()
  await expect(page.locator('.view-lines')).toContainText('kind: Deployment')
})

test('a hint about a wrong state comes, and goes with what was wrong; the lesson stays', async ({ page }) => {
  await page.goto('/#l=rolling-update')
  await expect(page.locator('.caption .said')).toHaveText('The stage is set: the lesson begins.', { timeout: 60_000 })
  await type(page, 'kubectl set image deployment/web web=nginx:1.28')
  await expect(page.locator('.hint-card').first()).toContainText('You have started the update before the budget was set.')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.locator('.hint-card')).toHaveCount(0)
  await expect(page.locator('.step h2')).toHaveText('Set the budget')
})
