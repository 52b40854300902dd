/** What stands before YAML's values: directives, tags, anchors. */
import { BLANKS, type Cursor, WORD } from './cursor.ts'

/** `YAML 1.1`, `TAG !e!`. */
export function directiveAt(cursor: Cursor): string {
  cursor.skip(1)
  const name = cursor.take(WORD)
  if (name === '') cursor.refuse('could not find expected directive name')
  if (!cursor.blankOrEnd()) cursor.refuse('found unexpected non-alphabetical character')
  if (name !== 'YAML' && name !== 'TAG') cursor.refuse('found unknown directive name')
  cursor.take(BLANKS)
  const words = `${name} ${name === 'YAML' ? version(cursor) : prefix(cursor)}`
  cursor.takeComment()
  return words
}

function version(cursor: Cursor): string {
  const number = (): number => {
    const digits = cursor.take(/\d{0,2}/y)
    if (digits === '') cursor.refuse('did not find expected version number')
    if (/\d/.test(cursor.char())) cursor.refuse('found extremely long version number')
    return Number(digits)
  }
  const major = number()
  if (cursor.take(/\./y) === '') cursor.refuse("did not find expected digit or '.' character")
  return `${major}.${number()}`
}

function prefix(cursor: Cursor): string {
  const handle = cursor.take(/!(?:[\w-]*!)?/y)
  if (handle === '' || /[\w-]/.test(cursor.char())) cursor.refuse("did not find expected '!'")
  if (cursor.take(BLANKS) === '') cursor.refuse('did not find expected whitespace')
  address(cursor, false)
  if (!cursor.blankOrEnd()) cursor.refuse('did not find expected whitespace or line break')
  return handle
}

function address(cursor: Cursor, mayLack: boolean): void {
  const found = cursor.take(/(?:[\w;/?:@&=+$,.!~*'()[\]-]|%[0-9A-Fa-f]{2})+/y)
  if (cursor.char() === '%') cursor.refuse('did not find URI escaped octet')
  if (found === '' && !mayLack) cursor.refuse('did not find expected tag URI')
}

/** Answers with the tag's handle: `!`, `!!`, `!e!`, or none where the tag is written out. */
export function tagAt(cursor: Cursor): string {
  let handle = ''
  if (cursor.take(/!</y) !== '') {
    address(cursor, false)
    if (cursor.take(/>/y) === '') cursor.refuse("did not find the expected '>'")
  } else {
    handle = cursor.take(/![\w-]*!/y)
    if (handle === '') cursor.take(/![\w-]*/y)
    address(cursor, handle === '')
    handle ||= '!'
  }
  if (!cursor.blankOrEnd()) cursor.refuse('did not find expected whitespace or line break')
  return handle
}

/** Behind `&` or `*`. */
export function nameAt(cursor: Cursor): string {
  cursor.skip(1)
  const name = cursor.take(WORD)
  if (name === '' || !(cursor.blankOrEnd() || /[?:,\]}%@`]/.test(cursor.char())))
    cursor.refuse('did not find expected alphabetic or numeric character')
  return name
}
