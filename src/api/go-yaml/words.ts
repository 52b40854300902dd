/** What go-yaml would say: its parser stops at the first trouble, and names another line than ours depending on who met it. */
import type { YAMLParseError } from 'yaml'

/** Its message is the whole text, with go-yaml's `yaml: ` in front where that belongs. */
export class YamlError extends Error {}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** The line of the next token behind `at`: comments and blank lines are none. */
function nextTokenLine(text: string, at: number): number {
  const rest = text.slice(text.indexOf('\n', at) + 1 || text.length)
  const skipped = /^(?:[ \t]*(?:#[^\n]*)?\n)*/.exec(rest)?.[0] ?? ''
  return lineAt(text, text.length - rest.length) + skipped.split('\n').length - 1
}

/**
 * go-yaml's scanner counts lines from one, its parser from zero; so "did not find …" (parser) stands one line
 * above what "found …" (scanner) would.
 */
export function wordsOf(errors: readonly YAMLParseError[], text: string): string {
  const error = errors[0] as YAMLParseError
  const line = lineAt(text, error.pos[0])
  // The first line goes unnamed.
  const scanner = (what: string, at = line): string => (at > 1 ? `yaml: line ${at}: ${what}` : `yaml: ${what}`)
  const parser = (what: string): string => (line > 1 ? `yaml: line ${line - 1}: ${what}` : `yaml: ${what}`)
  const { message } = error
  const open = flowWords(message)
  if (open && text.slice(error.pos[0]).trim() === '') return atEnd(open, text)
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return scanner(tabWords(text, line))
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character')
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token')
    case 'MULTILINE_IMPLICIT_KEY':
      return scanner("could not find expected ':'", nextTokenLine(text, error.pos[0]))
    case 'MISSING_CHAR':
      if (message.startsWith('Missing closing')) return scanner('found unexpected end of stream')
      if (message.startsWith('Implicit map keys'))
        return scanner("could not find expected ':'", nextTokenLine(text, error.pos[0]))
      return parser(flowWords(message) ?? 'did not find expected key')
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (!message.startsWith('Nested mappings')) return parser('did not find expected key')
      return scanner('mapping values are not allowed in this context', nestedLine(errors, text, line))
    case 'UNEXPECTED_TOKEN':
      return unexpected(message, text, error.pos[0], scanner, parser)
    default:
      return parser(flowWords(message) ?? 'did not find expected key')
  }
}

function flowWords(message: string): string | null {
  if (/end with a \}|Flow map/.test(message)) return "did not find expected ',' or '}'"
  return /end with a \]|Flow sequence/.test(message) ? "did not find expected ',' or ']'" : null
}

/** A text that ends within brackets: the end counts as a line of its own, and where a value had to come that is what lacks. */
function atEnd(open: string, text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return `yaml: line ${lines}: ${/[[{,:]\s*$/.test(text) ? 'did not find expected node content' : open}`
}

/** A tab where a value should begin starts no token; behind a plain text it would be part of that text's indentation. */
function tabWords(text: string, line: number): string {
  const before =
    text
      .split('\n')
      .slice(0, line - 1)
      .filter((l) => l.trim() !== '')
      .pop() ?? ''
  const opens = /(:|-|^---)\s*(#.*)?$/.test(before) || before === ''
  return opens ? 'found character that cannot start any token' : 'found a tab character that violates indentation'
}

/** A key that began on the line above, as a text running over two lines, is met at its second line's colon. */
const nestedLine = (errors: readonly YAMLParseError[], text: string, line: number): number =>
  errors[1]?.code === 'MULTILINE_IMPLICIT_KEY' ? nextTokenLine(text, errors[0]?.pos[0] ?? 0) : line

type Say = (what: string) => string

function unexpected(message: string, text: string, at: number, scanner: Say, parser: Say): string {
  if (message.startsWith('Block scalar header')) return scanner('did not find expected comment or line break')
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  const alone = text.slice(lineStart, at).trim() === ''
  return parser(/flow-(map|seq)-end/.test(message) && !alone ? 'did not find expected node content' : 'did not find expected key')
}
