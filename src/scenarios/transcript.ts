/** The transcript format: a terminal session as a text file of items, each with what it printed. */

export interface Item {
  kind: 'note' | 'order' | 'run' | 'watch' | 'text'
  /** `$`, `$~`, `&`, `@`, `#`. */
  mark: string
  text: string
  lines: string[]
  output: string[]
}

export interface Printed {
  stdout: string
  stderr: string
  status: number
}

const HEADS: Record<string, Item['kind']> = { '#': 'note', '@': 'order', $: 'run', '$~': 'run', '&': 'watch' }
const startsItem = (line: string): boolean => /^(#|\$~? |& |@ )/.test(line)

/** Text to items. Throws on lines that belong to nothing. */
export function parseTranscript(text: string): Item[] {
  const lines = text.replace(/\n+$/, '').split('\n')
  const items: Item[] = []
  let at = 0
  const last = (item: Item): string => item.lines.at(-1) as string
  while (at < lines.length) {
    const first = lines[at++] as string
    const mark = /^\S+?(?= |$)/.exec(first)?.[0] ?? ''
    const kind = HEADS[mark.startsWith('#') ? '#' : mark] ?? 'text'
    if (kind === 'text' && first.trim() !== '') throw new Error(`line ${at}: what is this? ${first}`)
    const item: Item = { kind, mark, text: '', lines: [first], output: [] }
    items.push(item)
    if (kind === 'run' || kind === 'watch') {
      while (last(item).endsWith('\\') && at < lines.length) item.lines.push(lines[at++] as string)
      for (const [, word] of item.lines.join('\n').matchAll(/<<-?\s*['"]?(\w+)['"]?/g)) {
        while (at < lines.length && lines[at] !== word) item.lines.push(lines[at++] as string)
        if (at === lines.length) throw new Error(`no end of the here-document ${word}`)
        item.lines.push(lines[at++] as string)
      }
    }
    item.text = item.lines.join('\n').slice(mark.length).trim()
    const printing = kind === 'run' || item.text === 'stop'
    if (printing) while (at < lines.length && !startsItem(lines[at] as string)) item.output.push(lines[at++] as string)
    else while (at < lines.length && (lines[at] as string).trim() === '') at += 1
    while (item.output.at(-1)?.trim() === '') item.output.pop()
  }
  return items
}

/** What a command did, as lines of a transcript: standard output, standard error, status. */
export function outputLines({ stdout, stderr, status }: Printed, arrange: (lines: string[]) => string[]): string[] {
  const split = (text: string): string[] => (text.trim() === '' ? [] : text.replace(/\s+$/, '').split('\n'))
  const out = arrange(split(stdout)).map((line) => (/^([#$@&!?\\])/.test(line) ? `\\${line}` : line))
  const err = arrange(split(stderr)).map((line) => `! ${line}`.trimEnd())
  return [...out, ...err, ...(status ? [`? ${status}`] : [])].map((line) => line.trimEnd())
}

/** The expected lines, masked as if they had just been printed. */
export function expectedLines(lines: string[], arrange: (lines: string[]) => string[]): string[] {
  const of = (test: (line: string) => boolean, cut: RegExp): string =>
    lines
      .filter(test)
      .map((line) => line.replace(cut, ''))
      .join('\n')
  const status = Number(lines.find((line) => line.startsWith('? '))?.slice(2) ?? 0)
  return outputLines(
    { stdout: of((l) => !/^[!?]/.test(l), /^\\/), stderr: of((l) => l.startsWith('!'), /^! ?/), status },
    arrange,
  )
}
