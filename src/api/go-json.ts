/** JSON as Go's encoder writes it: safe to stand in HTML. */

export const htmlSafe = (json: string): string => (UNSAFE.test(json) ? json.replace(UNSAFE_EACH, escaped) : json)

export const goJson = (value: unknown): string => htmlSafe(JSON.stringify(value))

const UNSAFE = /[<>&\u2028\u2029]/
const UNSAFE_EACH = /[<>&\u2028\u2029]/g
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
