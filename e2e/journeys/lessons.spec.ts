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

test('a hint about a wrong state comes, and goes with what was wrong; the lesson stays', async ({ page }) => {
  await page.goto('/#l=rolling-update')
  await expect(page.locator('.caption .said')).toHaveText('The stage is set: the lesson begins.', { timeout: 60_000 })
  await type(page, 'kubectl set image deployment/web web=nginx:1.28')
  await expect(page.locator('.hint-card').first()).toContainText('You have started the update before the budget was set.')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.locator('.hint-card')).toHaveCount(0)
  await expect(page.locator('.step h2')).toHaveText('Set the budget')
})
