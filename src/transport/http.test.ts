import { afterEach, expect, it, vi } from 'vitest'
import type { ApiResponse } from '#api/request.ts'
import { kubectl } from '#kubectl/kubectl.ts'
import { http } from './http.ts'

afterEach(() => vi.unstubAllGlobals())

/** A page beside a real cluster: what its fetch is asked for, and whether it opens sockets. */
function page(): { asked: string[]; opened: string[] } {
  const seen = { asked: [] as string[], opened: [] as string[] }
  vi.stubGlobal('fetch', async (url: string, { headers }: { headers: [string, string][] }) => {
    const groups = new Headers(headers).get('impersonate-group')
    seen.asked.push(`${url.replace('http://here', '')}${groups ? ` as ${groups}` : ''}`)
    return Response.json({ kind: 'Status' })
  })
  vi.stubGlobal(
    'WebSocket',
    class {
      constructor(url: string) {
        seen.opened.push(url)
      }
      close(): void {}
    },
  )
  return seen
}

async function run(words: string): Promise<string> {
  let told = ''
  const write = (text: string): void => {
    told += text
  }
  const transport = http({ server: 'http://here', watchBySocket: true })
  const io = { out: write, err: write, now: () => 0, env: () => undefined, signal: new AbortController().signal }
  const files = { read: () => Promise.reject(new Error('no such file or directory')), list: async () => null }
  await kubectl(words.split(' '), { transport, namespace: 'default' }, { ...io, ...files } as never)
  return told
}

it('acts as somebody in one group', async () => {
  const { asked } = page()
  await run('get --raw /version --as bob --as-group crew')
  expect(asked).toEqual(['/version as crew'])
})

it('says that a browser cannot send several groups, and asks nobody', async () => {
  const { asked } = page()
  const told = await run('get --raw /version --as bob --as-group crew --as-group staff')
  expect(told).toBe('error: a browser makes one header of several: give one --as-group, and one value for each --as-user-extra\n')
  expect(asked).toEqual([])
})

it('watches as somebody else without a socket, which could not say so', async () => {
  const { asked, opened } = page()
  const { watch } = http({ server: 'http://here', watchBySocket: true })
  watch({ method: 'GET', path: '/api/v1/pods?watch=true' }, { onEvents() {} })
  const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'crew' }
  watch({ method: 'GET', path: '/api/v1/pods?watch=true', headers }, { onEvents() {} })
  expect(opened).toEqual(['ws://here/api/v1/pods?watch=true'])
  expect(asked).toEqual(['/api/v1/pods?watch=true as crew'])
})

it('refuses to exec as somebody else, which a socket could not say', async () => {
  const { opened } = page()
  const answer = await new Promise<ApiResponse>((resolve) => {
    const request = { method: 'GET', path: '/api/v1/namespaces/default/pods/web/exec', headers: { 'impersonate-user': 'bob' } }
    http({ server: 'http://here' }).stream?.(request, { onOpen: resolve, onData() {} })
  })
  expect(answer).toMatchObject({ status: 400, body: { message: 'a browser cannot say over a WebSocket whom to act as' } })
  expect(opened).toEqual([])
})
