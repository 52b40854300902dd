/** The terminal's command language. */
import { expect, it } from 'vitest'
import { parseShell } from './syntax.ts'

const simple = (line: string) => {
  const command = parseShell(line).entries[0]?.pipeline.commands[0]
  return command?.kind === 'simple' ? command : undefined
}
const words = (line: string) =>
  simple(line)?.words.map((word) => word.map((piece) => ('text' in piece ? piece.text : `$${piece.name}`)).join(''))

it('splits at spaces, not inside quotes', () => expect(words(`a 'b c' "d e"f \\ g`)).toEqual(['a', 'b c', 'd ef', ' g']))
it('joins lines that end with a backslash', () => expect(words('a \\\n b')).toEqual(['a', 'b']))
it('leaves comments out', () => expect(words('a b # c')).toEqual(['a', 'b']))
it('knows variables and parameters', () => expect(words(`$NS \${x} $1 $?`)).toEqual(['$NS', '$x', '$1', '$?']))
it('reads pipelines and conditions', () => {
  const { entries } = parseShell('a | b && c || d; e')
  expect(entries.map(({ when, pipeline }) => `${when} ${pipeline.commands.length}`)).toEqual([
    'always 2',
    'success 1',
    'failure 1',
    'always 1',
  ])
})
it('reads here-documents', () => {
  const to = simple('cat <<EOF\nx $y\nEOF\n')?.redirects[0]?.to
  expect(to && 'document' in to && to.document.map((piece) => piece.kind)).toEqual(['text', 'variable', 'text'])
})
it('leaves quoted here-documents alone', () => {
  const to = simple("cat <<'EOF'\nx $y\nEOF\n")?.redirects[0]?.to
  expect(to && 'document' in to && to.document).toEqual([{ kind: 'text', text: 'x $y\n', quoted: true }])
})
it('reads loops', () => expect(parseShell('for i in a b; do echo $i; done').entries[0]?.pipeline.commands[0]?.kind).toBe('for'))
it('refuses an open quote', () => expect(() => parseShell("echo 'a")).toThrow("unexpected EOF while looking for matching `''"))
