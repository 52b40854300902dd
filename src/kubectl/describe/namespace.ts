/** `kubectl describe` of Namespaces, with their quotas and limits, and of those themselves. */
import type { Namespace } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { describer, listOf } from './describer.ts'
import { longTime, type Page } from './page.ts'

export const namespace = describer({
  kinds: ['Namespace'],
  events: false,
  async describe({ metadata, status }: Namespace, page, around) {
    page.head({ metadata }, false)
    page.field(0, 'Status', status?.phase ?? '')
    if (status?.conditions?.length) {
      page.line(0, 'Conditions:')
      const rows = status.conditions.map((c) => [
        c.type,
        c.status,
        longTime(c.lastTransitionTime),
        c.reason ?? '',
        c.message ?? '',
      ])
      page.table(1, ['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'], rows)
    }
    page.line(0, '')
    describeQuotas(page, await listOf(around, 'resourcequotas', metadata.name))
    page.line(0, '')
    describeLimits(page, await listOf(around, 'limitranges', metadata.name))
  },
})

const SCOPES: Record<string, string> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

function describeScopes(page: Page, level: number, { spec }: AnyObject, mark: string): void {
  const scopes = [...((spec?.scopes ?? []) as string[])].sort()
  if (scopes.length === 0) return
  page.field(level, 'Scopes', scopes.join(', '))
  for (const scope of scopes) if (SCOPES[scope]) page.line(level, `${mark} ${SCOPES[scope]}`)
}

const amount = (value: string | undefined): string => (value === undefined ? '0' : canonicalQuantity(value))

const usage = ({ status }: AnyObject): string[][] =>
  Object.keys(status?.hard ?? {})
    .sort()
    .map((name) => [name, amount(status.used?.[name]), amount(status.hard[name])])

function describeQuotas(page: Page, quotas: readonly AnyObject[]): void {
  if (quotas.length === 0) return page.line(0, 'No resource quota.')
  page.line(0, 'Resource Quotas')
  for (const quota of [...quotas].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    page.field(1, 'Name', quota.metadata.name)
    describeScopes(page, 1, quota, '*')
    page.line(1, 'Resource\tUsed\tHard\n  --------\t---\t---')
    for (const row of usage(quota)) page.line(1, row.join('\t'))
  }
}

const LIMIT_HEADS = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']

function describeLimits(page: Page, ranges: readonly AnyObject[]): void {
  if (ranges.length === 0) return page.line(0, 'No LimitRange resource.')
  page.line(0, `Resource Limits\n ${LIMIT_HEADS.join('\t')}`)
  page.line(0, ` ${LIMIT_HEADS.map((head) => '-'.repeat(head.length)).join('\t')}`)
  for (const range of ranges) for (const row of limitRows(range)) page.line(0, ` ${row.join('\t')}`)
}

/** One row per resource; kubectl takes them in no order, we by name. */
function limitRows({ spec }: AnyObject): string[][] {
  return ((spec?.limits ?? []) as AnyObject[]).flatMap((limit) => {
    const lists = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'].map(
      (key) => (limit[key] ?? {}) as Record<string, string>,
    )
    const names = [...new Set(lists.flatMap((list) => Object.keys(list)))].sort()
    return names.map((name) => [
      limit['type'] as string,
      name,
      ...lists.map((list) => (list[name] === undefined ? '-' : canonicalQuantity(list[name]))),
    ])
  })
}

export const limitRange = describer({
  kinds: ['LimitRange'],
  events: false,
  describe(object: AnyObject, page) {
    page.field(0, 'Name', object.metadata.name)
    page.field(0, 'Namespace', object.metadata.namespace)
    page.table(0, LIMIT_HEADS, limitRows(object))
  },
})

export const resourceQuota = describer({
  kinds: ['ResourceQuota'],
  events: false,
  describe(object: AnyObject, page) {
    page.field(0, 'Name', object.metadata.name)
    page.field(0, 'Namespace', object.metadata.namespace)
    describeScopes(page, 0, object, ' *')
    page.table(0, ['Resource', 'Used', 'Hard'], usage(object))
  },
})
