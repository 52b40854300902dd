/** `?src=`: manifests from an address of this same origin; others are refused, for a link must not make the page fetch anywhere. */

const LARGEST = 2_000_000

export type Source = { ok: true; text: string } | { ok: false; message: string }

export async function fetchSource(src: string, page: string, get: typeof fetch = fetch): Promise<Source> {
  let url: URL
  try {
    url = new URL(src, page)
  } catch {
    return { ok: false, message: `src=${src} is no address.` }
  }
  if (url.origin !== new URL(page).origin)
    return { ok: false, message: `Manifests from ${url.origin} are not fetched: only this page's own site may be named in src=.` }
  try {
    const answer = await get(url)
    if (!answer.ok) return { ok: false, message: `${url.pathname} could not be fetched: HTTP ${answer.status}.` }
    const text = await answer.text()
    if (text.length > LARGEST) return { ok: false, message: `${url.pathname} is larger than ${LARGEST / 1e6} MB.` }
    return { ok: true, text }
  } catch {
    return { ok: false, message: `${url.pathname} could not be fetched.` }
  }
}
