/** What go-yaml says to broken texts, word for word and line for line; asked of it once. */
import { describe, expect, it } from 'vitest'
import { parseYaml } from './read.ts'

const WORDS: [text: string, words: string][] = [
  ['a: [\n', 'yaml: line 1: did not find expected node content'],
  ['a: {\n', 'yaml: line 1: did not find expected node content'],
  ['a: [1, 2\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: {b: 1\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: {b: c\nd: [\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: ]\n', 'yaml: did not find expected node content'],
  ['a: }\n', 'yaml: did not find expected node content'],
  ['a: [1 2]\nb: [1, [2]\n', "yaml: line 2: did not find expected ',' or ']'"],
  ['```yaml\napiVersion: v1\n```\n', 'yaml: found character that cannot start any token'],
  ['a: 1\n```\n', 'yaml: line 2: found character that cannot start any token'],
  ['a: `x`\n', 'yaml: found character that cannot start any token'],
  ['a: @x\n', 'yaml: found character that cannot start any token'],
  ['a: %x\n', 'yaml: found character that cannot start any token'],
  ['a:\n\tb: 1\n', 'yaml: line 2: found character that cannot start any token'],
  ['a: 1\n\tb: 2\n', 'yaml: line 2: found a tab character that violates indentation'],
  ['\ta: 1\n', 'yaml: found character that cannot start any token'],
  ['a:\n  b: 1\n c: 2\n', 'yaml: line 2: did not find expected key'],
  ['a:\n  b: 1\n   c: 2\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['a:\n  - b\n - c\n', 'yaml: line 2: did not find expected key'],
  ['a:\n- b: 1\n c: 2\n', 'yaml: line 2: did not find expected key'],
  ['a:\n- b: 1\n  c: 2\n   d: 3\n', 'yaml: line 4: mapping values are not allowed in this context'],
  ['- a\nb: 1\n', "yaml: line 1: did not find expected '-' indicator"],
  ['- a\n b\n- c\nd\n', "yaml: line 5: could not find expected ':'"],
  ['a: 1\n- b\n', 'yaml: line 1: did not find expected key'],
  ['a: b: c\n', 'yaml: mapping values are not allowed in this context'],
  ['a: 1\nb: c: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: x\n  b: y\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a\nb: 1\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: 1\nb\nc: 2\n', "yaml: line 3: could not find expected ':'"],
  ['a: 1\nb\n', "yaml: line 3: could not find expected ':'"],
  ["a: 'x\n", 'yaml: line 2: found unexpected end of stream'],
  ['a: "x\nb: 1\n', 'yaml: line 3: found unexpected end of stream'],
  ["a: 'x'y\n", 'yaml: did not find expected key'],
  ['a: "x" y\nb: 1\n', 'yaml: did not find expected key'],
  ['a: "\\q"\n', 'yaml: found unknown escape character'],
  ['a: "\\x1"\n', 'yaml: did not find expected hexdecimal number'],
  ['a: "\\uD800"\n', 'yaml: found invalid Unicode character escape code'],
  ['a: |x\n  b\n', 'yaml: did not find expected comment or line break'],
  ['a: |\n b\nc\n', "yaml: line 4: could not find expected ':'"],
  ['a: >0\n b\n', 'yaml: found an indentation indicator equal to 0'],
  ['a: |\n\t b\n', 'yaml: line 2: found a tab character where an indentation space is expected'],
  ['a: *x\n', "yaml: unknown anchor 'x' referenced"],
  ['a: &\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['a: & x\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['a: !<x\n', "yaml: did not find the expected '>'"],
  ['a: !e!x y\n', 'yaml: found undefined tag handle'],
  ['%FOO x\n---\na: 1\n', 'yaml: found unknown directive name'],
  ['%YAML 1.2\n---\na: 1\n', 'yaml: found incompatible YAML document'],
  ['%YAML 1.1\na: 1\n', 'yaml: line 1: did not find expected <document start>'],
  ['a: - b\n', 'yaml: block sequence entries are not allowed in this context'],
  ['{"a": 1,, "b": 2}\n', 'yaml: did not find expected node content'],
  ['{"a" 1}\n', "yaml: did not find expected ',' or '}'"],
  ['[1, 2,\n', 'yaml: line 1: did not find expected node content'],
  ['a: {{ .Values.x }}\n', 'yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
  ['a:\n  b: {{ x }}\n  c: 1\n', 'yaml: invalid map key: map[interface {}]interface {}{"x":interface {}(nil)}'],
  ['- {{ x }}\n', 'yaml: invalid map key: map[interface {}]interface {}{"x":interface {}(nil)}'],
  ['a: 1\nb : 2\n c: 3\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['key: value\n other: value\nmore: x\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['spec:\n  containers:\n  - name: a\n   image: b\n', 'yaml: line 3: did not find expected key'],
  ['spec:\n  containers:\n    - name: a\n      image: b\n     - name: c\n', "yaml: line 4: did not find expected '-' indicator"],
  ['metadata:\nname: x\n  labels:\n    a: b\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    x\n   y\n  b: z\n', 'yaml: line 5: did not find expected key'],
]

const FINE = [
  'a: {b c: d, e}\n',
  'a:\n - b\n  - c\n',
  'just text\n',
  'a: !!str,x\n',
  '? a\nb: 1\n',
  '? a\n? b\n',
  'a: 1\n...\nb: 1\n',
  '{a: 1}\nb: 2\n',
  '[a, b]\n- c\n',
  'a: 1\n  \tb\n',
  '# only\n  # comments\n a: 1\nb: 2\n',
]

describe('a broken text', () => {
  for (const [text, words] of WORDS) {
    it(`is told of as go-yaml does: ${JSON.stringify(text)}`, () => {
      expect(() => parseYaml(text)).toThrow(new Error(words))
    })
  }
})

describe('an odd text', () => {
  for (const text of FINE) {
    it(`is none to complain of: ${JSON.stringify(text)}`, () => {
      expect(() => parseYaml(text)).not.toThrow()
    })
  }

  it('may have lines within brackets stand further left than the block around them', () => {
    expect(parseYaml('a:\n  b: [\n{c: 1}]\n  d: "x\n y"\n').value).toEqual({ a: { b: [{ c: 1 }], d: 'x y' } })
  })
})

describe('a text that goes very deep', () => {
  const nested =
    (open: string, close = '') =>
    (depth: number) =>
      open.repeat(depth) + close.repeat(depth)
  const blocks = (depth: number): string => Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:\n`).join('')
  for (const [kind, text] of Object.entries({
    lists: nested('[', ']'),
    'open lists': nested('['),
    maps: nested('{a: ', '}'),
    'lists of lines': nested('- '),
    'maps of lines': blocks,
  })) {
    it(`is refused before anybody's stack ends: ${kind}`, () => {
      for (const depth of [700, 1000, 3000, 20_000].slice(0, kind === 'maps of lines' ? 3 : 4))
        expect(() => parseYaml(text(depth)), String(depth)).toThrow('exceeded max depth of 500')
    })
  }

  it('may go as deep as anybody writes', () => {
    expect(() => parseYaml(nested('[', ']')(400))).not.toThrow()
    expect(() => parseYaml(blocks(400))).not.toThrow()
  })
})
