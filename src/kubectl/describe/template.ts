/** The pod template as describe shows it inside its owners, and `rollout history --revision` by itself. */
import type { PodTemplateSpec, Toleration, TopologySpreadConstraint } from '#api/kinds.ts'
import { describeContainers } from './containers.ts'
import { Page, selectorText } from './page.ts'
import { describeVolumes } from './volumes.ts'

export function describeTemplate(page: Page, template: PodTemplateSpec | undefined): void {
  page.line(0, 'Pod Template:')
  describeTemplateBody(page, template)
}

function describeTemplateBody(page: Page, template: PodTemplateSpec | undefined): void {
  if (!template) return page.put(1, '<unset>')
  const { metadata, spec } = template
  page.pairs('  Labels', metadata?.labels)
  if (Object.keys(metadata?.annotations ?? {}).length > 0) page.annotations('  Annotations', metadata?.annotations)
  if (spec.serviceAccountName) page.field(1, 'Service Account', spec.serviceAccountName)
  if (spec.initContainers?.length) describeContainers(page, 'Init Containers', spec.initContainers, [], null, '  ')
  describeContainers(page, 'Containers', spec.containers, [], null, '  ')
  describeVolumes(page, spec.volumes, '  ')
  describeSpread(page, spec.topologySpreadConstraints, '  ')
  if (spec.priorityClassName) page.field(1, 'Priority Class Name', spec.priorityClassName)
  page.pairs('  Node-Selectors', spec.nodeSelector)
  describeTolerations(page, '  Tolerations', spec.tolerations)
}

/** What `rollout history --revision=N` prints below its title; its tabs are not aligned. */
export function templateText(template: PodTemplateSpec | undefined, changeCause?: string): string {
  const page = new Page(0)
  const annotations = {
    ...template?.metadata?.annotations,
    ...(changeCause ? { 'kubernetes.io/change-cause': changeCause } : {}),
  }
  describeTemplateBody(page, template && { ...template, metadata: { ...template.metadata, annotations } })
  return page.raw
}

export function describeTolerations(page: Page, title: string, tolerations: readonly Toleration[] = []): void {
  const sorted = [...tolerations].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0))
  page.several(title, sorted.map(tolerationText))
}

function tolerationText({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  const what = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`
  const exists = operator === 'Exists' && !value ? `${what ? ' ' : ''}op=Exists` : ''
  return `${what}${exists}${tolerationSeconds === undefined || tolerationSeconds === null ? '' : ` for ${tolerationSeconds}s`}`
}

export function describeSpread(page: Page, constraints: readonly TopologySpreadConstraint[] = [], indent = ''): void {
  if (constraints.length === 0) return
  const sorted = [...constraints].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : a.topologyKey > b.topologyKey ? 1 : 0))
  const texts = sorted.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
    const selector = labelSelector ? ` for selector ${selectorText(labelSelector) || '<none>'}` : ''
    return `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`
  })
  page.several('Topology Spread Constraints', texts, indent)
}
