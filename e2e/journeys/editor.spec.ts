/** Manifests in the editor: schemas, the server's complaints at their line, and input that means harm. */
import { expect, openShop, test, write } from './page.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

test('unknown fields are marked before and after Apply, at their line; a click mends them', async ({ page }) => {
  await openShop(page)
  await write(page, DEPLOYMENT.replace('replicas: 2', 'replica: 2'))
  await expect(page.locator('.squiggly-error, .squiggly-warning').first()).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Control+Enter')
  const problem = page.locator('.problem')
  await expect(problem).toContainText('unknown field "spec.replica"')
  await expect(problem).toContainText('line 6')
  await page.getByRole('button', { name: 'Change replica to replicas' }).click()
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.locator('.results [role="status"]')).toHaveText('1 applied')
})

test('a space typed in the editor is a space, and completion knows Kubernetes', async ({ page }) => {
  await openShop(page)
  await write(page, 'a:')
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' b c')
  await expect(page.getByTestId('editor').locator('.view-lines')).toContainText('b c')
  await write(page, DEPLOYMENT.replace('replicas: 2', 'repl'))
  await page.keyboard.press('Control+Home')
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  // The schema comes after the editor: what is asked too early is answered with nothing.
  const replicas = page.locator('.suggest-widget .monaco-list-row', { hasText: 'replicas' }).first()
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Space')
    await expect(replicas).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 40_000 })
})

function explosive(): string {
  const levels = 'bcdefghi'.split('').map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(',')}]`)
  return ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...levels].join('\n')
}

const HARM: [what: string, text: string, said: RegExp][] = [
  ['broken YAML', 'apiVersion: v1\nkind: Pod\nmetadata: [', /error converting YAML to JSON: yaml: line \d/],
  ['an unknown kind', 'apiVersion: v1\nkind: Unicorn\nmetadata:\n  name: x', /no matches for kind "Unicorn" in version "v1"/],
  [
    'a name that holds HTML',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "<img src=x onerror=alert(1)>"',
    /Invalid value/,
  ],
  ['aliases that explode', explosive(), /Excessive alias count/],
  ['no kind', 'apiVersion: v1\nmetadata:\n  name: x', /error validating data: kind not set/],
  [
    'a prototype',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p\n__proto__:\n  polluted: "yes"',
    /unknown field "__proto__"/,
  ],
]

test('what is broken or means harm gives a clear error each, and the page lives', async ({ page }) => {
  await openShop(page)
  for (const [what, text, said] of HARM) {
    await test.step(what, async () => {
      await write(page, text)
      await page.keyboard.press('Control+Enter')
      await expect(page.locator('.problem').first()).toContainText(said)
      expect(await page.evaluate(() => ({}) as Record<string, unknown>).then((o) => o['polluted'])).toBeUndefined()
      await expect(page.locator('.machine')).toHaveCount(3)
    })
  }
})

test('what is refused is said in the terminal as kubectl says it, and its fix is not cut off', async ({ page }) => {
  await openShop(page)
  await write(page, DEPLOYMENT.replace('matchLabels: {app: web}', 'matchLabels: {app: webb}'))
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.locator('.xterm-accessibility')).toContainText(
    'The Deployment "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  )
  await expect(page.locator('.caption .said')).toContainText('You were refused (422)')
  const fix = page.locator('.fixes button').first()
  await expect(fix).toBeVisible()
  expect(
    await fix.evaluate(
      (e) =>
        e.getBoundingClientRect().right <=
        (e.closest('.results')?.clientWidth ?? 0) + (e.closest('.results')?.getBoundingClientRect().left ?? 0),
    ),
  ).toBe(true)
})

test("five megabytes are refused in the server's words", async ({ page }) => {
  await openShop(page)
  await write(page, `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: big\ndata:\n  a: "${'x'.repeat(5_000_000)}"\n`)
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.locator('.problem').first()).toContainText(/too large|too long/i, { timeout: 60_000 })
  await expect(page.locator('.machine')).toHaveCount(3)
})

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: nginx:1.27
`

test('a preview shows what would change and who had set it, and changes nothing', async ({ page }) => {
  await openShop(page)
  await write(page, DEPLOYMENT)
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.locator('.changes')).toContainText('+ spec:')
  await expect(page.locator('[data-defaulted]', { hasText: 'revisionHistoryLimit: 10' })).toBeVisible()
  await expect(page.locator('[data-ref^="pods default/web-"]')).toHaveCount(0)
  await page.getByRole('button', { name: 'Apply it' }).click()
  await expect(page.locator('.results [role="status"]')).toHaveText('1 applied')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl scale deployment web --replicas=3\r')
  await expect(page.locator('.xterm-accessibility')).toContainText('deployment.apps/web scaled')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.locator('.changes [data-sign="-"]')).toContainText('replicas: 3')
  await expect(page.locator('.results .warning')).toContainText('spec.replicas: 3 → 2, last set by "kubectl"')
})

test('files are tabs, and the terminal has the same files', async ({ page }) => {
  await openShop(page)
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl create configmap note --from-literal=a=b --dry-run=client -o yaml > note.yaml\r')
  await page.getByRole('button', { name: 'note.yaml', exact: true }).click()
  await expect(page.getByTestId('editor').locator('.view-lines')).toContainText('ConfigMap')
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.locator('.results')).toContainText('configmap/note')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('rm note.yaml\r')
  await expect(page.getByRole('button', { name: 'note.yaml', exact: true })).toHaveCount(0)
})

test('what is chosen in the graph lights its lines, and the cursor chooses', async ({ page }) => {
  await openShop(page)
  await write(page, DEPLOYMENT)
  await page.keyboard.press('Control+Enter')
  const pod = page.locator('.tile[data-ref^="pods default/web-"]').first()
  await pod.click()
  await page.getByRole('tab', { name: 'Editor' }).click()
  await expect(page.locator('.lit-line').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('.lit-line')).toHaveCount(0)
  await page.getByTestId('editor').locator('.view-line', { hasText: 'replicas' }).click()
  await expect(page.locator('.lit-line').first()).toBeVisible()
})

test('the schema of an installed CRD is known to the editor', async ({ page }) => {
  await openShop(page)
  await page.locator('.examples select').selectOption('CustomResourceDefinition')
  await page.getByTestId('editor').locator('.view-lines').click()
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.locator('.results')).toContainText('ships.sea.example')
  await expect(async () => {
    await write(page, 'apiVersion: sea.example/v1\nkind: Ship\nmetadata:\n  name: s\nspec:\n  sail: 3\n')
    await expect(page.locator('.squiggly-error, .squiggly-warning').first()).toBeVisible({ timeout: 6000 })
  }).toPass({ timeout: 60_000 })
})
