/** The beginning or the end of a text by its bytes; a character that doesn't fit is cut, too. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'

export const firstBytes = (text: string, bytes: number): string =>
  byteLength(text) <= bytes ? text : textOf(bytesOf(text.slice(0, bytes)).slice(0, bytes))

export const lastBytes = (text: string, bytes: number): string =>
  byteLength(text) <= bytes ? text : textOf(bytesOf(text.slice(-bytes)).slice(-bytes))
