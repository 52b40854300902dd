/** Replacements: a field's value copied into fields of other resources. */
import { KubectlError } from '../error.ts'
import type { Replacement, Resource } from './kustomization.ts'
import { selected } from './patches.ts'

/** `spec.containers.[name=web].env.0.value`, dots in brackets or behind a backslash left alone. */
function stepsOf(path: string): string[] {
  return (path.match(/\[[^\]]*\]|(?:\\.|[^.\\])+/g) ?? []).map((step) => step.replace(/\\(.)/g, '$1'))
}

type Slot = { of: any; key: string | number }

/** The places that a path leads to. */
function slots(value: any, [step, ...rest]: readonly string[], create: boolean): Slot[] {
  if (step === undefined || value === null || value === undefined) return []
  const into = (of: any, key: string | number): Slot[] => {
    if (rest.length === 0) return of[key] === undefined && !create ? [] : [{ of, key }]
    if (of[key] === undefined && create) of[key] = /^(\[|\d+$)/.test(rest[0] as string) ? [] : {}
    return slots(of[key], rest, create)
  }
  const [, field, wanted] = /^\[([^=]+)=(.*)\]$/.exec(step) ?? []
  if (Array.isArray(value)) {
    if (step === '*') return value.flatMap((_, i) => into(value, i))
    if (field !== undefined) {
      const at = value.findIndex((item) => String(item?.[field]) === wanted)
      if (at >= 0) return into(value, at)
      if (!create) return []
      value.push({ [field]: wanted })
      return into(value, value.length - 1)
    }
    return /^\d+$/.test(step) && Number(step) < value.length ? into(value, Number(step)) : []
  }
  if (typeof value !== 'object') return []
  return step === '*' ? Object.keys(value).flatMap((key) => into(value, key)) : into(value, step)
}

export function applyReplacement(resources: Resource[], { source, sourceValue, targets = [] }: Replacement): void {
  const value = sourceValue ?? valueOfSource(resources, source)
  for (const { select, reject = [], fieldPaths = ['metadata.name'], options = {} } of targets) {
    const meant = resources.filter((one) => selected(one, exact(select)) && !reject.some((no) => selected(one, exact(no))))
    for (const { object } of meant) {
      for (const path of fieldPaths) {
        const places = slots(object, stepsOf(path), options.create === true)
        if (places.length === 0) throw new KubectlError(`unable to find field ${JSON.stringify(path)} in replacement target`)
        for (const { of, key } of places) of[key] = placed(of[key], value, options)
      }
    }
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const exact = <T extends { name?: string; kind?: string }>(selector: T): T => ({
  ...selector,
  ...(selector.name ? { name: escaped(selector.name) } : {}),
  ...(selector.kind ? { kind: escaped(selector.kind) } : {}),
})

function valueOfSource(resources: readonly Resource[], source: Replacement['source']): unknown {
  if (!source) throw new KubectlError('replacements must specify a source and at least one target')
  const { fieldPath = 'metadata.name', options, ...selector } = source
  const found = resources.filter((one) => selected(one, exact(selector)))
  const shown = `${selector.kind ?? '[noKind]'}.${selector.version ?? '[noVer]'}.${selector.group ?? '[noGrp]'}/${selector.name ?? '[noName]'}.${selector.namespace ?? '[noNs]'}`
  if (found.length === 0) throw new KubectlError(`nothing selected by ${shown}:${fieldPath}`)
  if (found.length > 1) throw new KubectlError(`multiple matches for selector ${shown}`)
  const [place] = slots(found[0]?.object, stepsOf(fieldPath), false)
  if (!place) throw new KubectlError(`fieldPath \`${fieldPath}\` is missing for replacement source ${shown}`)
  const value: unknown = place.of[place.key]
  return options?.delimiter ? String(value).split(options.delimiter)[options.index ?? 0] : value
}

function placed(old: unknown, value: unknown, { delimiter, index = 0 }: { delimiter?: string; index?: number }): unknown {
  if (!delimiter)
    return typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : typeof old === 'string' ? String(value) : value
  const parts = String(old ?? '').split(delimiter)
  if (index < 0) parts.unshift(String(value))
  else if (index >= parts.length) parts.push(String(value))
  else parts[index] = String(value)
  return parts.join(delimiter)
}
