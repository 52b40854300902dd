/** Passing over YAML's three kinds of text: block, quoted and plain. */
import { BLANKS, type Cursor, REST } from './cursor.ts'

/** A block text's header and lines; the enclosing block has that indentation. */
export function passBlockText(cursor: Cursor, outer: number): void {
  cursor.take(/[|>]/y)
  const header = cursor.take(/[+-][0-9]?|[0-9][+-]?/y)
  if (header.includes('0')) cursor.refuse('found an indentation indicator equal to 0')
  const extra = Number(/\d/.exec(header)?.[0] ?? 0)
  cursor.takeComment()
  let indent = passBlankLines(cursor, outer, extra > 0 ? Math.max(outer, 0) + extra : 0)
  while (cursor.column === indent && cursor.char() !== '') {
    cursor.take(REST)
    cursor.takeBreak()
    indent = passBlankLines(cursor, outer, indent)
  }
}

/** Answers with the text's indentation, which the deepest blank line sets when it is not known. */
function passBlankLines(cursor: Cursor, outer: number, indent: number): number {
  let deepest = 0
  const before = (): boolean => indent === 0 || cursor.column < indent
  do {
    while (before() && cursor.take(/ /y) !== '');
    deepest = Math.max(deepest, cursor.column)
    if (before() && cursor.char() === '\t') cursor.refuse('found a tab character where an indentation space is expected')
  } while (cursor.takeBreak())
  return indent || Math.max(deepest, outer + 1, 1)
}

export function passQuoted(cursor: Cursor): void {
  const quote = cursor.take(/['"]/y)
  for (;;) {
    if (cursor.atDocumentMark()) cursor.refuse('found unexpected document indicator')
    if (cursor.char() === '') cursor.refuse('found unexpected end of stream')
    if (quote === "'") cursor.take(/(?:''|[^' \t\r\n\u0085\u2028\u2029])+/y)
    else while (cursor.take(/[^"\\ \t\r\n\u0085\u2028\u2029]+/y) !== '' || passEscape(cursor));
    if (cursor.char() === quote) break
    while (cursor.take(BLANKS) !== '' || cursor.takeBreak());
  }
  cursor.take(/['"]/y)
}

/** False where none stands, and behind one that joins two lines. */
function passEscape(cursor: Cursor): boolean {
  if (cursor.char() !== '\\') return false
  const letter = cursor.char(1)
  if (/[\r\n\u0085\u2028\u2029]/.test(letter)) {
    cursor.skip(1)
    cursor.takeBreak()
    return false
  }
  if (!/^[0abt\tnvfre "'\\N_LPxuU]$/.test(letter)) cursor.refuse('found unknown escape character')
  cursor.skip(2)
  const length = { x: 2, u: 4, U: 8 }[letter] ?? 0
  const digits = cursor.text.slice(cursor.at, cursor.at + length)
  if (!/^[0-9A-Fa-f]*$/.test(digits) || digits.length < length) cursor.refuse('did not find expected hexdecimal number')
  const code = Number.parseInt(digits || '0', 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) cursor.refuse('found invalid Unicode character escape code')
  cursor.skip(length)
  return true
}

const IN_BLOCK = /(?:[^ \t\r\n\u0085\u2028\u2029:]|:(?![ \t\r\n\u0085\u2028\u2029]|$))+/y
const IN_FLOW = /(?:[^ \t\r\n\u0085\u2028\u2029:,?[\]{}]|:(?![ \t\r\n\u0085\u2028\u2029]|$))+/y

/** Says whether a line break was passed behind the text; its lines stand at that column or deeper, unless it is in brackets. */
export function passPlain(cursor: Cursor, indent: number, inFlow: boolean): boolean {
  let broken = false
  for (;;) {
    if (cursor.atDocumentMark() || cursor.char() === '#') break
    if (cursor.take(inFlow ? IN_FLOW : IN_BLOCK) !== '') broken = false
    if (!cursor.blankOrEnd() || cursor.char() === '') break
    for (;;) {
      if (broken && cursor.column < indent && cursor.char() === '\t')
        cursor.refuse('found a tab character that violates indentation')
      if (cursor.take(/[ \t]/y) !== '') continue
      if (!cursor.takeBreak()) break
      broken = true
    }
    if (!inFlow && cursor.column < indent) break
  }
  return broken
}
