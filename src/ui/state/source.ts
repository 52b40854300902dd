/** `?src=`: manifests from an address of this same origin; others are refused, for a link must not make the page fetch anywhere. */
import { t } from '../words/index.ts'

const LARGEST = 2_000_000

export type Source = { ok: true; text: string } | { ok: false; message: string }

export async function fetchSource(src: string, page: string, get: typeof fetch = fetch): Promise<Source> {
  let url: URL
  try {
    url = new URL(src, page)
  } catch {
    return { ok: false, message: t('src={src} is no address.', { src }) }
  }
  if (url.origin !== new URL(page).origin)
    return {
      ok: false,
      message: t("Manifests from {origin} are not fetched: only this page's own site may be named in src=.", {
        origin: url.origin,
      }),
    }
  try {
    const answer = await get(url)
    if (!answer.ok)
      return {
        ok: false,
        message: t('{pathname} could not be fetched: HTTP {status}.', { pathname: url.pathname, status: answer.status }),
      }
    const text = await answer.text()
    if (text.length > LARGEST)
      return { ok: false, message: t('{pathname} is larger than {n} MB.', { pathname: url.pathname, n: LARGEST / 1e6 }) }
    return { ok: true, text }
  } catch {
    return { ok: false, message: t('{pathname} could not be fetched.', { pathname: url.pathname }) }
  }
}
