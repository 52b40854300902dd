/** The sandbox inside a foreign page: its protocol, its options, and many of them on one page. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './page.ts'

/** Ready pods of the learner's own: those of the system are small. */
const READY = '.tile[data-family="good"][data-fill="solid"]:not(.still, .small)'

async function host(body: string): Promise<{ origin: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Docs</title>${body}`)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

const script = (base: string | undefined): string => `<script type="module" src="${base}/embed.js"></script>`

/** Calls the first sandbox on the page; a refusal comes back as its code. */
const call = (page: import('@playwright/test').Page, type: string, payload?: unknown): Promise<any> =>
  page.evaluate(
    async ([name, ask]) => {
      const element = document.querySelector('k8s-sandbox') as any
      return (await element.sandbox).call(name, ask).catch((error: any) => ({ refused: error.code, said: error.message }))
    },
    [type, payload] as const,
  )

test('a host calls and hears the sandbox in its frame', async ({ page, baseURL }) => {
  const { origin, close } = await host(`<k8s-sandbox seed="7" height="420"></k8s-sandbox>${script(baseURL)}`)
  await page.goto(origin)
  const frame = page.frameLocator('iframe')
  await expect(frame.locator(READY)).toHaveCount(3)
  const heard = page.evaluate(
    () =>
      new Promise((done) =>
        document.querySelector('k8s-sandbox')?.addEventListener('k8s-event', (e) => done((e as CustomEvent).detail)),
      ),
  )
  const run = await call(page, 'exec', { command: 'kubectl scale deployment shop --replicas=4' })
  expect(run).toMatchObject({ code: 0, output: 'deployment.apps/shop scaled\n' })
  await expect(frame.locator(READY)).toHaveCount(4)
  expect(await heard).toMatchObject({ reason: expect.any(String) })
  expect((await call(page, 'get', { path: '/api/v1/nodes' })).body.items).toHaveLength(3)
  const [applied] = await call(page, 'apply', { text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}' })
  expect(applied).toMatchObject({ name: 'configmap/a', outcome: 'created' })
  await call(page, 'setTheme', { theme: 'dark' })
  await expect(frame.locator(':root')).toHaveAttribute('data-theme', 'dark')
  await call(page, 'setLang', { lang: 'de' })
  expect((await call(page, 'get', { path: '/api/v1/nodes' })).body.items).toHaveLength(3)
  await expect(frame.locator(':root')).toHaveAttribute('lang', 'de')
  await call(page, 'pause')
  await call(page, 'play', { speed: 4 })
  await call(page, 'fault', { kind: 'node-power', node: 'node-1', on: false })
  await call(page, 'highlight', { ref: 'deploy/shop' })
  expect(await call(page, 'highlight', { ref: 'deploy/none' })).toMatchObject({ refused: 'not-found' })
  expect(await call(page, 'check')).toMatchObject({ refused: 'no-lesson' })
  expect(await call(page, 'seek', { elapsed: 'x' })).toMatchObject({ refused: 'invalid' })
  expect(await call(page, 'nonsense')).toMatchObject({ refused: 'unknown' })
  const { link, summary } = await call(page, 'snapshot')
  expect(link).toMatch(/#r=1\./)
  expect(summary.nodes).toBe(3)
  await call(page, 'load', {
    manifests: 'apiVersion: v1\nkind: Pod\nmetadata: {name: lone}\nspec: {containers: [{name: a, image: nginx}]}',
  })
  expect((await call(page, 'get', { path: '/api/v1/nodes' })).body.items).toHaveLength(3)
  await expect(frame.locator('[data-ref="pods default/lone"]').first()).toBeVisible()
  expect((await call(page, 'get', { path: '/api/v1/namespaces/default/pods' })).body.items).toHaveLength(1)
  close()
})

test('a page of another origin is not answered', async ({ page, baseURL }) => {
  const { origin, close } = await host(
    `<iframe src="${baseURL}/?embed=1&host=https://docs.example&seed=7" width="600" height="400"></iframe>`,
  )
  await page.goto(origin)
  await expect(page.frameLocator('iframe').locator(READY)).toHaveCount(3)
  const heard = await page.evaluate(async (target) => {
    const { port1, port2 } = new MessageChannel()
    let answered = false
    port1.onmessage = () => {
      answered = true
    }
    ;(document.querySelector('iframe') as HTMLIFrameElement).contentWindow?.postMessage({ k8sbox: 1, type: 'connect' }, target, [
      port2,
    ])
    await new Promise((later) => setTimeout(later, 1500))
    return answered
  }, baseURL as string)
  expect(heard).toBe(false)
  close()
})

test('a poster costs nothing until it is clicked; it is read-only, and fits 480 by 360', async ({ page, baseURL }, info) => {
  const { origin, close } = await host(
    `<div style="width:480px"><k8s-sandbox seed="7" ctl="1" readonly height="360" theme="light"></k8s-sandbox></div>${script(baseURL)}`,
  )
  await page.goto(origin)
  await expect(page.getByRole('button', { name: /Run this Kubernetes cluster/ })).toBeVisible()
  expect(await page.locator('iframe').count()).toBe(0)
  await page.getByRole('button', { name: /Run this Kubernetes cluster/ }).click()
  const frame = page.frameLocator('iframe')
  await expect(frame.locator(READY)).toHaveCount(3)
  await info.attach('embed', { body: await page.screenshot(), contentType: 'image/png' })
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/embed.png` })
  expect(await call(page, 'exec', { command: 'kubectl delete pods --all' })).toMatchObject({
    code: 1,
    output: expect.stringContaining('this sandbox is read-only'),
  })
  await expect(frame.locator(READY)).toHaveCount(3)
  expect(await frame.locator(':root').evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(480)
  close()
})

test('ten on one page: only what is seen runs', async ({ page, baseURL }) => {
  const one = '<k8s-sandbox seed="7" height="420"></k8s-sandbox><p style="height:500px">…</p>'
  const { origin, close } = await host(one.repeat(10) + script(baseURL))
  await page.goto(origin)
  await expect(page.frameLocator('iframe').first().locator(READY)).toHaveCount(3)
  expect(await page.locator('iframe').count()).toBeLessThanOrEqual(2)
  await page.locator('k8s-sandbox').nth(4).scrollIntoViewIfNeeded()
  await expect(page.locator('k8s-sandbox').nth(4).frameLocator('iframe').locator(READY)).toHaveCount(3)
  expect(await page.locator('iframe').count()).toBeLessThanOrEqual(4)
  close()
})
