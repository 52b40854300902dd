/** Chart archives: gzipped tar in the USTAR form that helm reads and writes. */
import { gunzipSync, gzipSync } from 'fflate'
import { bytesOf, textOf } from '#api/bytes.ts'
import { HelmError } from '../io.ts'
import type { ChartFile } from './chart.ts'

const BLOCK = 512

/** The files of a .tgz, their first folder left out as helm does. */
export function unpack(archive: string): ChartFile[] {
  const bytes = gunzip(bytesOf(archive))
  const files: ChartFile[] = []
  let long = ''
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    const size = Number.parseInt(field(header, 124, 12), 8) || 0
    const type = String.fromCharCode(header[156] ?? 0)
    const prefix = field(header, 345, 155)
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    if (type === 'L') long = textOf(content).replace(/\0+$/, '')
    else if (type === 'x') long = /\d+ path=([^\n]*)\n/.exec(textOf(content))?.[1] ?? long
    else if (type === '0' || type === '\0') {
      const name = long || (prefix ? `${prefix}/` : '') + field(header, 0, 100)
      long = ''
      files.push({ name: inside(name), data: textOf(content) })
    } else long = ''
  }
  if (files.length === 0) throw new HelmError('no files in chart archive')
  return files
}

function gunzip(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new HelmError('gzip: invalid header')
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new HelmError(`gzip: ${error instanceof Error ? error.message : error}`)
  }
}

const field = (header: Uint8Array, from: number, length: number): string =>
  textOf(header.subarray(from, from + length))
    .replace(/\0.*$/s, '')
    .trim()

function inside(name: string): string {
  const parts = name.split('/').slice(1)
  const rest = parts.join('/')
  if (rest === '') throw new HelmError('chart illegally contains content outside the base directory')
  if (parts.includes('..')) throw new HelmError('chart illegally references parent directory')
  return rest
}

/** A .tgz of these files below one folder; all are dated 1970, so that the same chart gives the same bytes. */
export function pack(folder: string, files: readonly ChartFile[]): string {
  const parts: Uint8Array[] = []
  for (const { name, data } of files) {
    const content = bytesOf(data)
    parts.push(headerOf(`${folder}/${name}`, content.length), content, new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK))
  }
  parts.push(new Uint8Array(2 * BLOCK))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return textOf(gzipSync(whole, { mtime: 0 }))
}

function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => header.set(bytesOf(text), at)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width, '0')}\0`
  const cut = bytesOf(name).length > 100 ? name.lastIndexOf('/', 154) : -1
  put(0, cut < 0 ? name : name.slice(cut + 1))
  if (cut > 0) put(345, name.slice(0, cut))
  put(100, octal(0o644, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, octal(size, 11))
  put(136, octal(0, 11))
  put(148, '        ')
  put(156, '0')
  put(257, 'ustar\x0000')
  put(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
  return header
}
