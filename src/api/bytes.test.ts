import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength, bytesOf, textOf } from './bytes.ts'

describe('bytes as text', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = textOf(bytes)
        expect([...bytesOf(text)]).toEqual([...bytes])
        expect(byteLength(text)).toBe(bytes.length)
        expect([...bytesOf(JSON.parse(JSON.stringify(text)))]).toEqual([...bytes])
      }),
    )
  })

  it('read as UTF-8 where they are UTF-8', () => {
    for (const text of ['', 'plain', 'Grüße', '漢字', '🚀 up']) {
      expect(textOf(new TextEncoder().encode(text))).toBe(text)
      expect([...bytesOf(text)]).toEqual([...new TextEncoder().encode(text)])
    }
  })
})
