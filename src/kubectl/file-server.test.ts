import { expect, it } from 'vitest'
import { serveFile } from './file-server.ts'
import type { Io, Reply } from './io.ts'

const FILES: Record<string, string> = { '/www/a.txt': 'hi', '/www/home/index.html': '<p>', '/www/sub/b c?.html': '<b>' }

const io = {
  read: async (path: string) => {
    if (path in FILES) return FILES[path]
    throw new Error(`open ${path}: no such file or directory`)
  },
  list: async (path: string) => {
    const folder = path.replace(/\/*$/, '/')
    const names = Object.keys(FILES).flatMap((file) =>
      file.startsWith(folder) ? [file.slice(folder.length).split('/')[0] as string] : [],
    )
    return names.length > 0 ? [...new Set(names)] : null
  },
} as unknown as Io

async function get(path: string): Promise<string> {
  let seen = ''
  const reply = {
    head: (status: number, { location = '' }: Record<string, string>) => {
      seen += `${status} ${location}`
    },
    write: (text: string) => {
      seen += `\n${text}`
    },
    end: () => {},
  } as unknown as Reply
  await serveFile(io, '/www', path, reply)
  return seen.trim()
}

it('gives files, and index.html for the folder it stands in', async () => {
  expect(await get('a.txt')).toBe('200 \nhi')
  expect(await get('home/')).toBe('200 \n<p>')
  expect(await get('sub/b%20c%3F.html')).toBe('200 \n<b>')
})

it('lists a folder that has no index.html', async () => {
  const page = (links: string): string =>
    `200 \n<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links}\n</pre>`
  expect(await get('')).toBe(page('<a href="a.txt">a.txt</a>\n<a href="home/">home/</a>\n<a href="sub/">sub/</a>'))
  expect(await get('sub/')).toBe(page('<a href="b%20c%3F.html">b c?.html</a>'))
})

it('sends on to the path that a file or folder has', async () => {
  expect(await get('sub?x=y')).toBe('301 sub/?x=y')
  expect(await get('a.txt/')).toBe('301 ../a.txt')
  expect(await get('home/index.html')).toBe('301 ./')
})

it('knows nothing of the rest', async () => {
  expect(await get('none')).toBe('404 \n404 page not found')
  expect(await get('none/')).toBe('404 \n404 page not found')
  expect(await get('../etc/passwd')).toBe('400 \ninvalid URL path')
})
