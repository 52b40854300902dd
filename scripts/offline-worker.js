/**
 * The service worker of a build: keeps its files under the build's own version. The page itself is asked for anew whenever
 * there is a network, so nobody sees a stale one; what it names (hashed files) comes from the cache.
 */
const VERSION = 'VERSION'
const FILES = ['FILES']
const CACHE = `tabernetes-${VERSION}`
const here = new URL('./', self.location.href)

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((name) => new Request(new URL(name, here), { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((keys) => Promise.all(keys.filter((key) => key.startsWith('tabernetes-') && key !== CACHE).map((key) => caches.delete(key))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== here.origin || !url.pathname.startsWith(here.pathname)) return
  // The API of a real cluster, behind the same address, is never kept.
  const name = url.pathname.slice(here.pathname.length)
  if (request.mode === 'navigate') {
    if (name === '' || name === 'index.html') event.respondWith(fetch(request).catch(() => fromCache(here)))
  } else if (FILES.includes(name)) event.respondWith(fromCache(url))
})

async function fromCache(url) {
  const cache = await caches.open(CACHE)
  return (await cache.match(url, { ignoreSearch: true })) ?? fetch(url)
}
