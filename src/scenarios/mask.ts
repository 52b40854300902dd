/** Masks what differs between two honest runs of the same commands (names by chance, times, addresses), and nothing else. */

const HASH = '[4-9bcdf]{6,10}' // of a template: a decimal number, written in Kubernetes' safe alphabet
const ID = '[bcdfghjklmnpqrstvwxz2456789]{5}' // what the API server appends to generateName
const SPAN = '\\d+[ydhms](?:\\d+[dhms])*'
const EXACT = '[\\d.]+(?:ms|µs|s)'

type Number_ = (kind: string, raw: string) => string
type Put = (number: Number_, raw: string, ...groups: string[]) => string
type Rule = readonly [RegExp, Put]

/** Addresses that an author chose stay as they are. */
const address: Put = (number, raw) =>
  /^(198\.51\.100|203\.0\.113)\.|^(127\.0\.0\.1|0\.0\.0\.0)$/.test(raw) ? raw : number('ip', raw)

const RULES: readonly Rule[] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, () => '<token>'],
  [/\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d| [+-]\d{4})?/g, () => '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, () => '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, () => '<time>'],
  [/(\bcontainerID"?: +|\bContainer ID: +)"?[a-zA-Z][\w-]*:\/\/[\w-]+"?/g, (_n, _raw, key) => `${key}<container>`],
  [/(\bimageID"?: +|\bImage ID: +)"?[\w][^\s",]*"?/g, (_n, _raw, key) => `${key}<image>`],
  [/\b[a-zA-Z][\w-]*:\/\/[0-9a-f]{32,64}\b/g, () => '<container>'],
  [/\b[0-9a-f]{64}\b/g, () => '<hex>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (number, raw) => number('uid', raw)],
  [/\.1[0-9a-f]{15}\b/g, () => '.<event>'],
  [/(\bresourceVersion"?: ?"?|\bResource Version: +)\d+/g, (_n, _raw, key) => `${key}<rv>`],
  [/\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (\w+\.go):\d+\]/g, (_n, _raw, file) => `<log ${file}>`],
  [/\bv1\.\d+\.\d+(?:-[\w.]+)?(?:\+[\w.]+)?\b/g, () => '<version>'],
  [/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\/\d|\d|\.\d)/g, (number, raw) => address(number, raw)],
  [/(?<![\w.<-])3[0-2]\d{3}(?![\w.-])/g, (number, raw) => (raw > '30085' && raw < '32768' ? number('port', raw) : raw)],
  [new RegExp(`-(${HASH})-(${ID})(?![\\w-])`, 'g'), (number, _raw, a = '', b = '') => `-${number('hash', a)}-${number('id', b)}`],
  [new RegExp(`-(${HASH})(?!\\w|-\\w)`, 'g'), (number, _raw, a = '') => `-${number('hash', a)}`],
  [new RegExp(`(hash["']?[=:]\\s*["']?)(${HASH})\\b`, 'g'), (number, _raw, key, a = '') => key + number('hash', a)],
  [/(?<![\w<-])(?=[4-9]*[bcdf])(?=[bcdf]*[4-9])[4-9bcdf]{8,10}(?![\w-])/g, (number, raw) => number('hash', raw)],
  [new RegExp(`-(${ID})(?![\\w-])`, 'g'), (number, _raw, a = '') => `-${number('id', a)}`],
  [/-([23]\d{7})(?!\w)/g, (number, _raw, a = '') => `-${number('minute', a)}`],
  [new RegExp(`\\(lasts ${SPAN}\\)`, 'g'), () => '(lasts <age>)'],
  [new RegExp(`\\(${SPAN} ago\\)`, 'g'), () => '(<age> ago)'],
  [new RegExp(`\\bin ${EXACT} \\(${EXACT} including waiting\\)`, 'g'), () => 'in <age> (<age> including waiting)'],
  [/\bImage size: \d+ bytes/g, () => 'Image size: <size> bytes'],
  [new RegExp(`^(\\s*(?:Age|Duration): +)${SPAN}$`, 'g'), (_n, _raw, key) => `${key}<age>`],
  [
    /^(\s*(?:Kernel Version|OS Image|Container Runtime Version|Machine ID|System UUID|Boot ID):)\s.*$/g,
    (_n, _raw, key) => `${key}  <node>`,
  ],
]

const CLOCK = /^(AGE|LAST SEEN|FIRST SEEN|LAST SCHEDULE|DURATION|Age)$/
const AGE_CELL = new RegExp(`(?<=^| {2,})(?:${SPAN}(?: \\(x\\d+ over ${SPAN}\\))?|<invalid>)(?=$| {2,})`, 'g')

/** Replaces every match, and keeps the columns to its right where they were as far as possible. */
function replace(input: string, pattern: RegExp, put: (...match: string[]) => string): string {
  let line = input
  pattern.lastIndex = 0
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    const raw = match[0]
    const token = put(...match)
    const tail = line.slice(match.index + raw.length)
    const kept =
      raw === token ? tail : tail.replace(/ {2,}/, (gap) => ' '.repeat(Math.max(2, gap.length + raw.length - token.length)))
    line = line.slice(0, match.index) + token + kept
    pattern.lastIndex = match.index + Math.max(1, token.length)
  }
  return line
}

/** What is compared: text without the alignment of its columns. Indentation counts. */
export const normal = (line: string): string => line.replace(/(?<=\S) {2,}/g, '  ').trimEnd()

export interface Masker {
  lines(input: string[]): string[]
  /** For output whose order means nothing. */
  sorted(input: string[]): string[]
  /** For watches, where a state may be reported twice: each line once. */
  once(input: string[]): string[]
}

/** One masker per story: it numbers what has an identity in order of first appearance. `nodes` are the nodes' addresses. */
export function masker(nodes: readonly string[], own: readonly (readonly [string, string])[]): Masker {
  const seen = new Map<string, Map<string, string>>()
  const numbered: Number_ = (kind, raw) => {
    if (kind === 'ip' && nodes.includes(raw)) return '<nodeip>'
    let names = seen.get(kind)
    if (!names) seen.set(kind, (names = new Map()))
    let name = names.get(raw)
    if (!name) names.set(raw, (name = `<${kind}${names.size + 1}>`))
    return name
  }
  const rules: Rule[] = [
    ...own.map(([name, source]): Rule => [new RegExp(source, 'g'), (number, raw) => number(name, raw)]),
    ...RULES,
  ]
  const lines = (input: string[], number: Number_ = numbered): string[] => {
    let table = false
    return input.map((original) => {
      let line = original
      const heads = line.trim().split(/ {2,}/)
      table = line.trim() !== '' && (table || (heads.length > 1 && heads.some((head) => CLOCK.test(head))))
      for (const [pattern, put] of rules) line = replace(line, pattern, (raw = '', ...groups) => put(number, raw, ...groups))
      return table ? replace(line, AGE_CELL, () => '<age>') : line
    })
  }
  return {
    lines: (input) => lines(input),
    sorted: (input) => sortedLines(input, lines, seen),
    once: (input) => {
      const masked = lines(input)
      const texts = masked.map(normal)
      return masked.filter((_, at) => texts.indexOf(texts[at] as string) === at)
    },
  }
}

function sortedLines(
  input: string[],
  lines: (input: string[], number?: Number_) => string[],
  seen: Map<string, Map<string, string>>,
): string[] {
  const known: Number_ = (kind, raw) => `<${kind}${/\d+/.exec(seen.get(kind)?.get(raw) ?? '')?.[0].padStart(4, '0') ?? '~'}>`
  const shapes = lines(input, (kind) => `<${kind}>`).map((line) => normal(line.replace(/<([a-z]+)\d+>/g, '<$1>')))
  const keys = lines(input, known).map((line, at) => `${shapes[at]}\n${normal(line)}`)
  const order = input.map((_, at) => at)
  const head = /^[A-Z][A-Z ()-]*( {2}|$)/.test(input[0] ?? '') ? order.splice(0, 1) : []
  order.sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : (keys[a] as string) > (keys[b] as string) ? 1 : a - b))
  return lines([...head, ...order].map((at) => input[at] as string))
}
