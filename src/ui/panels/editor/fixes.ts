/** Quick fixes: what a complaint of the server suggests to change in the text, worked out from its own words. */

import { t } from '../../words/index.ts'
import { closest } from './closest.ts'
import type { Problem } from './manifest.ts'

export interface Fix {
  title: string
  apply(text: string): string
}

/** What is known of the cluster and of the schema. */
export interface Facts {
  /** apiVersions that serve a kind. */
  versionsOf(kind: string): string[]
  kinds: string[]
  /** Names of fields that the schema knows anywhere. */
  fields: readonly string[]
}

/** All fixes for one problem, the likeliest first; none when nobody could know. */
export function fixesFor({ line, message }: Problem, text: string, facts: Facts): Fix[] {
  return RULES.flatMap((rule) => rule(message, line, text, facts))
}

type Rule = (message: string, line: number, text: string, facts: Facts) => Fix[]

const linesOf = (text: string): string[] => text.split('\n')
const indentOf = (line: string): number => /^\s*(?:- )?/.exec(line)?.[0].length ?? 0

function replaceLine(line: number, how: (was: string) => string): Fix['apply'] {
  return (text) =>
    linesOf(text)
      .map((was, i) => (i === line - 1 ? how(was) : was))
      .join('\n')
}

/** Takes a field out with all that hangs below it. */
function withoutField(line: number): Fix['apply'] {
  return (text) => {
    const lines = linesOf(text)
    const indent = indentOf(lines[line - 1] ?? '')
    let end = line
    while (end < lines.length && (lines[end]?.trim() === '' || indentOf(lines[end] ?? '') > indent)) end += 1
    return [...lines.slice(0, line - 1), ...lines.slice(end)].join('\n')
  }
}

const unknownField: Rule = (message, line, _text, { fields }) => {
  const path = /unknown field "([^"]+)"/.exec(message)?.[1]
  const name = path?.split('.').at(-1)
  if (!name) return []
  const near = closest(name, fields)
  const rename = near.map((to) => ({
    title: t('Change {name} to {to}', { name, to }),
    apply: replaceLine(line, (was) => was.replace(new RegExp(`(^|[\\s{,-])${escaped(name)}(?=\\s*:)`), `$1${to}`)),
  }))
  return [...rename, { title: t('Remove {name}', { name }), apply: withoutField(line) }]
}

const wrongVersion: Rule = (message, line, _text, facts) => {
  const [, kind = '', version = ''] = /no matches for kind "([^"]+)" in version "([^"]+)"/.exec(message) ?? []
  if (!kind) return []
  const near = closest(kind, facts.kinds)
  const [versions, other] = [facts.versionsOf(kind), near[0]]
  if (versions.length > 0)
    return versions.slice(0, 2).map((to) => ({
      title: t('Use apiVersion {to}', { to }),
      apply: nearLine(line, `apiVersion: ${version}`, `apiVersion: ${to}`),
    }))
  return other
    ? [{ title: t('Change {kind} to {other}', { kind, other }), apply: nearLine(line, `kind: ${kind}`, `kind: ${other}`) }]
    : []
}

/** Replaces the occurrence that is nearest to a line. */
function nearLine(line: number, was: string, is: string): Fix['apply'] {
  return (text) => {
    const lines = linesOf(text)
    const at = lines
      .map((each, i): [number, number] => [
        each.replaceAll(/["']/g, '').trim() === was ? Math.abs(i + 1 - line) : Number.POSITIVE_INFINITY,
        i,
      ])
      .sort(([a], [b]) => a - b)[0]
    if (!at || at[0] === Number.POSITIVE_INFINITY) return text
    return lines.map((each, i) => (i === at[1] ? each.replace(/\S.*$/, is) : each)).join('\n')
  }
}

const badName: Rule = (message, line) => {
  const name = /metadata\.name: Invalid value: "([^"]*)": .*RFC 1123/s.exec(message)?.[1]
  const better = name
    ?.toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  if (!name || !better) return []
  return [
    { title: t('Name it {better}', { better }), apply: replaceLine(line, (was) => was.replace(/name:.*$/, `name: ${better}`)) },
  ]
}

const missingNamespace: Rule = (message) => {
  const name = /namespaces "([^"]+)" not found/.exec(message)?.[1]
  if (!name) return []
  const apply = (text: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n---\n${text.replace(/^---\n/, '')}`
  return [{ title: t('Create the namespace {name} first', { name }), apply }]
}

/** `selector` does not match template `labels`: the template takes what the selector asks for. */
const selectorMismatch: Rule = (message, line) => {
  const found = /Invalid value: (\{.*\}): `?selector`? does not match template `?labels`?/s.exec(message)?.[1]
  if (!found) return []
  const asked = selectorIn(line)
  return [
    { title: t('Give the template the labels that the selector asks for'), apply: (text) => relabelled(text, line, asked(text)) },
  ]
}

const selectorIn =
  (line: number) =>
  (text: string): string | null => {
    const document = linesOf(text).slice(startOf(text, line), endOf(text, line))
    return block(document, /^\s*matchLabels:/)
  }

const startOf = (text: string, line: number): number => linesOf(text).slice(0, line).lastIndexOf('---') + 1
function endOf(text: string, line: number): number {
  const after = linesOf(text).indexOf('---', line)
  return after < 0 ? linesOf(text).length : after
}

/** The value of a mapping as flow style: `{app: web}`. */
function block(lines: string[], head: RegExp): string | null {
  const at = lines.findIndex((line) => head.test(line))
  if (at < 0) return null
  const same = /:\s*(\{.*\})\s*$/.exec(lines[at] ?? '')?.[1]
  if (same) return same
  const indent = indentOf(lines[at] ?? '')
  const inside: string[] = []
  for (const line of lines.slice(at + 1)) {
    if (indentOf(line) <= indent) break
    inside.push(line.trim())
  }
  return inside.length > 0 ? `{${inside.join(', ')}}` : null
}

function relabelled(text: string, line: number, labels: string | null): string {
  if (!labels) return text
  const lines = linesOf(text)
  const [start, end] = [startOf(text, line), endOf(text, line)]
  const template = lines.findIndex((each, i) => i >= start && i < end && /^\s*template:/.test(each))
  const at = lines.findIndex((each, i) => i > template && i < end && /^\s*labels:/.test(each))
  if (template < 0 || at < 0) return text
  const indent = indentOf(lines[at] ?? '')
  let after = at + 1
  while (after < end && indentOf(lines[after] ?? '') > indent) after += 1
  return [...lines.slice(0, at), `${' '.repeat(indent)}labels: ${labels}`, ...lines.slice(after)].join('\n')
}

const tabs: Rule = (message, line, text) =>
  /tab/i.test(message) && linesOf(text)[line - 1]?.includes('\t')
    ? [{ title: t('Replace tabs by spaces'), apply: (now) => now.replaceAll('\t', '  ') }]
    : []

const unsupported: Rule = (message, line) => {
  const [, was = '', list = ''] = /Unsupported value: "([^"]*)": supported values: (.+)$/m.exec(message) ?? []
  const values = [...list.matchAll(/"([^"]+)"/g)].map((m) => m[1] as string)
  const near = closest(was, values)
  return (near.length > 0 ? near : values).slice(0, 3).map((to) => ({
    title: was ? t('Change {name} to {to}', { name: was, to }) : t('Change it to {to}', { to }),
    apply: replaceLine(line, (now) => now.replace(/:\s.*$/, `: ${to}`)),
  }))
}

const RULES: Rule[] = [unknownField, wrongVersion, badName, missingNamespace, selectorMismatch, unsupported, tabs]
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
