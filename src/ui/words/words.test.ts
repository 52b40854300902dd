import { readdirSync, readFileSync } from 'node:fs'
import { parseAst } from 'rolldown/parseAst'
import { expect, it } from 'vitest'
import { de } from './de/index.ts'

const ui = new URL('../', import.meta.url)
const files = (readdirSync(ui, { recursive: true }) as string[])
  .filter((file) => /\.tsx?$/.test(file) && !/^words|\.test\.|^testing/.test(file))
  .map((file) => ({ file, text: readFileSync(new URL(file, ui), 'utf8') }))
  .concat({ file: 'main.tsx', text: readFileSync(new URL('../main.tsx', ui), 'utf8') })

/** One text of the code: where it stands decides whether somebody will read it. */
interface Found {
  text: string
  kind: 'literal' | 'template' | 'jsx'
  /** The JSX attribute, property or function that takes it. */
  at: string
  inside: ReadonlySet<string>
}

/** Texts of one file, with what is around them. */
function textsOf(file: string, source: string): Found[] {
  const found: Found[] = []
  const visit = (node: any, at: string, inside: ReadonlySet<string>): void => {
    if (!node || typeof node.type !== 'string' || /^(?:Import|Export(?:All|Named).*Source|TS)/.test(node.type)) return
    if (node.type === 'Literal' && typeof node.value === 'string') found.push({ text: node.value, kind: 'literal', at, inside })
    if (node.type === 'JSXText') found.push({ text: node.value, kind: 'jsx', at, inside })
    if (node.type === 'TemplateLiteral')
      found.push({ text: node.quasis.map((q: any) => q.value.cooked).join('{}'), kind: 'template', at, inside })
    const name =
      (node.type === 'JSXAttribute' && node.name.name) ||
      (node.type === 'Property' && (node.key.name ?? node.key.value)) ||
      (node.type === 'CallExpression' && (node.callee.name ?? node.callee.property?.name)) ||
      (node.type === 'NewExpression' && node.callee.name) ||
      (node.type === 'JSXElement' && node.openingElement.name.name) ||
      (node.type === 'VariableDeclarator' && node.id.name)
    const around = name ? new Set([...inside, String(name)]) : inside
    for (const child of Object.values(node).flat() as any[]) visit(child, name ? String(name) : at, around)
  }
  visit(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }), '', new Set())
  return found
}

/** Attributes that are read out or shown. */
const SHOWN = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label'])
/** A word of its own between tags is read, too. */
const TAGS = /^(?:b|p|span|button|h[1-6]|li|th|td|option|summary|i|em)$/
/** Texts in these are for machines, Kubernetes' own, or names of others. */
const OTHER =
  /^(?:className|style|d|points|viewBox|transform|matches|closest|querySelector\w*|assert|Error|CallError|wrong|test|RegExp|command|answer|kbd|code|pre|write|agent|path|import|DONE|fetch|cssText|setProperty|rows|getContext|font|CURRICULA)$/
/** Media queries, fonts, topics of the scene, what a server or the scheduler says. */
const MACHINE =
  /^\(?(?:prefers|forced)-|^<(?:iframe|svg|script)|^kind create|^root app|\d+px |\.[a-z]+-|(?:node changes|workload list)$|^(?:node\(s\)|apiVersion|kind not|json:|resource name|error (?:validating|converting)|resource mapping|from \{\}|CrashLoop|\s*(?:- )?(?:name|image|labels|command|kind|role|apiVersion):)|^apiVersion: |read-only$|:\n|^(?:error: |Error from server|The \{\} "|The request is invalid|no matches for kind)/
/** Two words with a blank between them, or one with a capital: somebody may read it. */
const isProse = (text: string): boolean =>
  !MACHINE.test(text) && /[a-z]{2,}[,:.…!?]? [a-z(“]{2,}/i.test(text) && !/^(?:kubectl|#|\$|\/|[.[][a-z])/.test(text)

it('says everything through the catalogue: nothing that is shown stands in the code alone', () => {
  const lonely = files.flatMap(({ file, text }) =>
    textsOf(file, text)
      .filter(({ text: words, kind, at, inside }) => {
        if (words in de) return false
        if ([...inside].some((name) => OTHER.test(name))) return false
        if (kind === 'jsx') return /[a-z]{2,}/i.test(words) && !KEPT.has(words.trim())
        if (kind === 'literal' && TAGS.test(at) && !KEPT.has(words) && /^[A-Z][a-z]+$/.test(words)) return true
        return SHOWN.has(at)
          ? /[A-Za-z]{3,}/.test(words) && !MACHINE.test(words) && !KEPT.has(words) && kind === 'literal'
          : isProse(words)
      })
      .map(({ text: words }) => `${file}: ${words.trim()}`),
  )
  expect(lonely).toEqual([])
})

/** Names, and Kubernetes' own words. */
const KEPT = new Set([
  'Tabernetes',
  'etcd',
  'kube-system',
  'Service',
  'YAML',
  'CPU',
  'Mem',
  'Ctrl+Enter',
  'service.yaml',
  'replicas',
  'NotReady',
  'True',
])

it('keeps the values that a text names', () => {
  const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([v]) => v).sort()
  const wrong = Object.entries(de).filter(([key, text]) => values(key).join() !== values(text).join() || text.trim() === '')
  expect(wrong).toEqual([])
})

it('has no word that the code does not say', () => {
  const said = new Set(files.flatMap(({ file, text }) => textsOf(file, text).map(({ text: words }) => words)))
  expect(Object.keys(de).filter((word) => !said.has(word))).toEqual([])
})
