/** YAML as Go's sigs.k8s.io/yaml writes it: keys sorted, lists not indented, strings quoted only where they must be. */
import { Document, visit } from 'yaml'
import { wholeDigits } from './go-json.ts'
import { folded } from './yaml-fold.ts'

/** Sorted keys at every level, absent values left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]))
}

/** Words that YAML 1.1 reads as something else than text. */
const AMBIGUOUS = /^(y|n|yes|no|on|off|true|false|null|~|)$/i
const LOOKS_TYPED =
  /^([-+]?(\d[\d_]*)?\.?\d[\d_]*([eE][-+]?\d+)?|0[xob][\da-fA-F_]+|[-+]?\.(inf|nan)|\d{4}-\d\d?-\d\d?.*|[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?|=|<<)$/i
/** yaml.v2 escapes what it can't print in double quotes; everything else that can't stand plain gets single ones. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029\ufeff]|\t/

export function toYaml(value: unknown): string {
  const document = new Document(sorted(value), { version: '1.2', aliasDuplicateObjects: false })
  visit(document, {
    Scalar(key, node) {
      // Of whole numbers all digits are written.
      if (typeof node.value === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value))
        node.value = BigInt(wholeDigits(node.value))
      if (typeof node.value !== 'string') return
      if (key === 'key' && !AMBIGUOUS.test(node.value) && !LOOKS_TYPED.test(node.value)) return
      node.type = style(node.value)
    },
  })
  const text = document.toString({
    indentSeq: false,
    lineWidth: 0,
    singleQuote: true,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: 1_000_000,
  })
  return folded(text)
}

function style(text: string): 'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'BLOCK_LITERAL' {
  if (text === '' || AMBIGUOUS.test(text) || LOOKS_TYPED.test(text)) return 'QUOTE_DOUBLE'
  if (UNPRINTABLE.test(text)) return 'QUOTE_DOUBLE'
  if (text.includes('\n')) return text.startsWith(' ') || text.startsWith('\n') ? 'QUOTE_DOUBLE' : 'BLOCK_LITERAL'
  // The library would take double quotes around an apostrophe.
  return text.includes("'") && /^["']/.test(new Document(text).toString({ lineWidth: 0 })) ? 'QUOTE_SINGLE' : 'PLAIN'
}
