// The README's animated picture, made of the real app: `npm run build && node scripts/picture.mjs` writes docs/first-steps.webp.
// A browser plays the first steps; what changes from frame to frame is kept as WebP, and put together by the format's own container.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { chromiumPath, launchArgs } from './browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${root}docs/first-steps.webp`
const PORT = Number(process.env.PICTURE_PORT ?? 4195)
const SIZE = { width: 1040, height: 640 }
const EVERY_MS = 120
const LONGEST_MS = 16_000
const LAST_STAYS_MS = 2500

const chunk = (name, body) => {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
const u24 = (n) => Buffer.from([n & 255, (n >> 8) & 255, (n >> 16) & 255])

/** The image chunks of a still picture, without its container and colour profile. */
function imageOf(webp) {
  const parts = []
  for (let at = 12; at + 8 <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4)
    const end = at + 8 + length + (length % 2)
    if (/^(?:VP8 |VP8L|ALPH)$/.test(webp.toString('latin1', at, at + 4))) parts.push(webp.subarray(at, end))
    at = end
  }
  return Buffer.concat(parts)
}

/** One file of many pictures, each with its place and how long it stays. */
function animated(frames) {
  const head = chunk('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), u24(SIZE.width - 1), u24(SIZE.height - 1)]))
  const anim = chunk('ANIM', Buffer.from([255, 255, 255, 255, 0, 0]))
  const body = frames.map(({ x, y, w, h, ms, data }) =>
    chunk(
      'ANMF',
      Buffer.concat([u24(x / 2), u24(y / 2), u24(w - 1), u24(h - 1), u24(Math.round(ms)), Buffer.from([2]), imageOf(data)]),
    ),
  )
  const all = Buffer.concat([Buffer.from('WEBP', 'latin1'), head, anim, ...body])
  return chunk('RIFF', all)
}

/** What a newcomer does: kills a pod, and watches who repairs it. */
async function play(page) {
  await page.locator('.tile[data-family="good"]:not(.still, .small)').nth(1).click()
  await page.waitForTimeout(1500)
  await page.getByRole('menuitem', { name: 'Kill it' }).click()
  await page
    .getByRole('button', { name: 'See that again' })
    .waitFor({ timeout: LONGEST_MS - 3000 })
    .catch(() => {})
  await page.waitForTimeout(800)
}

/** Frames as the browser draws them, no closer than `EVERY_MS`. */
async function photographed(page) {
  const shots = []
  const camera = await page.context().newCDPSession(page)
  camera.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    const at = metadata.timestamp * 1000
    if (shots.length === 0 || at - shots.at(-1).at >= EVERY_MS) shots.push({ at, png: data })
    void camera.send('Page.screencastFrameAck', { sessionId })
  })
  await camera.send('Page.startScreencast', { format: 'png', maxWidth: SIZE.width, maxHeight: SIZE.height })
  await play(page)
  await camera.send('Page.stopScreencast')
  return shots
}

/** Runs in the page: the part that differs from the frame before, as WebP; `null` when nothing does. */
async function changed({ png, width, height }) {
  const image = new Image()
  image.src = `data:image/png;base64,${png}`
  await image.decode()
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  context.drawImage(image, 0, 0)
  const now = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const before = window.before
  window.before = now
  let [left, top, right, bottom] = before ? [width, height, -1, -1] : [0, 0, width - 1, height - 1]
  for (let i = 0; before && i < now.length; i += 1) {
    if (now[i] === before[i]) continue
    const [x, y] = [i % width, (i / width) | 0]
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  if (right < 0) return null
  const [x, y] = [left & ~1, top & ~1]
  const [w, h] = [right - x + 1, bottom - y + 1]
  const part = new OffscreenCanvas(w, h)
  part.getContext('2d', { alpha: false }).drawImage(canvas, -x, -y)
  const blob = await part.convertToBlob({ type: 'image/webp', quality: 0.82 })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return { x, y, w, h, data: btoa(text) }
}

async function developed(browser, shots) {
  const page = await browser.newPage()
  const frames = []
  for (const [i, { at, png }] of shots.entries()) {
    const ms = i + 1 < shots.length ? shots[i + 1].at - at : LAST_STAYS_MS
    const part = await page.evaluate(changed, { png, ...SIZE })
    if (part) frames.push({ ...part, ms, data: Buffer.from(part.data, 'base64') })
    else frames.at(-1).ms += ms
  }
  return frames
}

const server = spawn('npx', ['vite', 'preview', '--host', '127.0.0.1', '--port', String(PORT), '--strictPort'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
})
try {
  await new Promise((ready) => server.stdout.on('data', (text) => String(text).includes('Local') && ready()))
  const executablePath = await chromiumPath()
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: launchArgs })
  const page = await browser.newPage({ viewport: SIZE })
  await page.goto(`http://127.0.0.1:${PORT}/?seed=7`)
  await page.locator('.tour').waitFor({ timeout: 60_000 })
  await page.locator('.tile[data-family="good"][data-fill="solid"]:not(.still, .small)').nth(2).waitFor()
  await page.waitForTimeout(1500)
  const shots = await photographed(page)
  const frames = await developed(browser, shots)
  const file = animated(frames)
  writeFileSync(OUT, file)
  console.log(`docs/first-steps.webp: ${frames.length} frames of ${shots.length}, ${(file.length / 1e6).toFixed(2)} MB`)
  await browser.close()
} finally {
  process.kill(-server.pid)
}
