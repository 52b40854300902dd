/** Times in releases: RFC 3339 in the store, ANSI C and Go's own form on the screen. */
import { formatTime } from '../render/functions/dates.ts'

export const timestamp = (ms: number): string => formatTime(ms, '2006-01-02T15:04:05.999999999Z07:00')
const isTime = (text: string | undefined): text is string => text !== undefined && text !== '' && !text.startsWith('0001-')

/** `Sat Nov 21 01:21:11 2026`. */
export const ansi = (text: string): string => formatTime(Date.parse(text), 'Mon Jan _2 15:04:05 2006')
/** `2026-11-21 01:21:11.5 +0000 UTC`, or another layout. */
export const goTime = (text: string, layout = ''): string =>
  isTime(text) ? formatTime(Date.parse(text), layout || '2006-01-02 15:04:05.999999999 -0700 MST') : '-'
export { isTime }
