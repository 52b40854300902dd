import { expect, it } from 'vitest'
import { fetchSource } from './source.ts'

const page = 'https://docs.example/sandbox/?src=x'

it('takes manifests of its own site only', async () => {
  const asked: string[] = []
  const get = (async (url: URL) => {
    asked.push(url.href)
    return new Response('kind: Pod')
  }) as typeof fetch
  expect(await fetchSource('../web.yaml', page, get)).toEqual({ ok: true, text: 'kind: Pod' })
  for (const src of [
    'https://evil.example/a.yaml',
    '//evil.example/a',
    'javascript:alert(1)',
    'data:,x',
    'http://docs.example/a',
  ])
    expect(await fetchSource(src, page, get)).toMatchObject({ ok: false, message: expect.stringContaining('own site') })
  expect(asked).toEqual(['https://docs.example/web.yaml'])
})

it('says why there are none', async () => {
  const missing = (async () => new Response('', { status: 404 })) as typeof fetch
  expect(await fetchSource('a.yaml', page, missing)).toEqual({
    ok: false,
    message: '/sandbox/a.yaml could not be fetched: HTTP 404.',
  })
})
