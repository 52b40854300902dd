/** What a namespace's labels ask of its pods (pod-security-admission/api). */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { PodSpec } from '#api/kinds.ts'
import type { ObjectMeta } from '#api/meta.ts'
import { later } from '../../sim/later.ts'
import type { Violation } from './pod-security-checks.ts'

const LEVELS = ['privileged', 'baseline', 'restricted'] as const

export type Level = (typeof LEVELS)[number]

/** A level at a version: the minor version, or Infinity for the latest. */
export interface Policy {
  readonly level: Level
  readonly minor: number
}

export interface Policies {
  readonly enforce: Policy
  readonly audit: Policy
  readonly warn: Policy
  readonly errors: readonly FieldError[]
}

export type Judge = (policy: Policy, spec: PodSpec, meta: Partial<ObjectMeta>) => Violation[]

/** What the stricter levels forbid comes with the rest of the engine (`pod-security-restricted.ts`). */
export const standards = later<Judge>('pod security standards')

const OPEN: Policy = { level: 'privileged', minor: Number.POSITIVE_INFINITY }
const PREFIX = 'pod-security.kubernetes.io/'
const VERSION = /^v1\.([0-9]|[1-9][0-9]*)$/

export const strictness = (level: Level): number => LEVELS.indexOf(level)

export const named = ({ level, minor }: Policy): string =>
  `${level}:${minor === Number.POSITIVE_INFINITY ? 'latest' : `v1.${minor}`}`

export const same = (a: Policy, b: Policy): boolean => a.level === b.level && a.minor === b.minor

/** Labels that can't be read enforce the strictest, and neither warn nor audit. */
export function policies(labels: Record<string, string> = {}): Policies {
  const errors: FieldError[] = []
  const refuse = (label: string, why: string): void => {
    errors.push(invalid(`metadata.labels[${label}]`, labels[label], why))
  }
  const read = (mode: 'enforce' | 'audit' | 'warn'): Policy => {
    const label = PREFIX + mode
    const level = labels[label]
    const version = labels[`${label}-version`]
    const known = level === undefined || LEVELS.includes(level as Level)
    if (!known) refuse(label, `must be one of ${LEVELS.join(', ')}`)
    const minor = VERSION.exec(version ?? '')?.[1]
    if (version !== undefined && version !== 'latest' && !minor) refuse(`${label}-version`, 'must be "latest" or "v1.x"')
    const otherwise = mode === 'enforce' && !known ? 'restricted' : 'privileged'
    return { level: known && level ? (level as Level) : otherwise, minor: minor ? Number(minor) : Number.POSITIVE_INFINITY }
  }
  const enforce = read('enforce')
  const audit = read('audit')
  const warn = read('warn')
  const silent = labels[`${PREFIX}warn`] === undefined && LEVELS.includes(labels[`${PREFIX}enforce`] as Level)
  if (!silent || enforce.level === 'privileged') return { enforce, audit, warn, errors }
  const minor = labels[`${PREFIX}warn-version`] === undefined ? enforce.minor : warn.minor
  return { enforce, audit, warn: { level: enforce.level, minor }, errors }
}

export const NO_POLICY = OPEN
