/** Where go-yaml breaks long texts: at the first space after the line has become too long, not at the last one before. */

const BEST_WIDTH = 80
/** Indentation and dashes, a key if there is one, and the text. */
const LINE = /^((?: |- )*)((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#][^#]*?):(?: |$))?(.*)$/
const BLOCK = /^[|>][-+0-9]*$/

export function folded(text: string): string {
  const lines = text.split('\n')
  if (lines.every((line) => line.length <= BEST_WIDTH)) return text
  const out: string[] = []
  // The indentation that the lines of a block literal lie deeper than; they stay as they are.
  let block = -1
  for (const line of lines) {
    const indent = line.length - line.trimStart().length
    if (block >= 0 && (line === '' || indent > block)) {
      out.push(line)
      continue
    }
    block = -1
    const [, lead = '', key = '', value = ''] = LINE.exec(line) ?? []
    if (BLOCK.test(value)) block = key === '' ? Math.max(0, lead.length - 2) : lead.length
    out.push(line.length > BEST_WIDTH ? fold(lead, key, value) : line)
  }
  return out.join('\n')
}

function fold(lead: string, key: string, value: string): string {
  const quoted = value.startsWith('"') || value.startsWith("'")
  const deeper = ' '.repeat(key === '' ? lead.length : lead.length + 2)
  let out = lead + key
  let column = out.length
  const chars = [...value]
  for (const [i, char] of chars.entries()) {
    const breaks = char === ' ' && column > BEST_WIDTH && chars[i - 1] !== ' ' && chars[i + 1] !== ' '
    // Neither the first nor the last character of a quoted text.
    if (breaks && !(quoted && (i === 1 || i === chars.length - 2))) {
      out += `\n${deeper}`
      column = deeper.length
    } else {
      out += char
      column++
    }
  }
  return out
}
