/** An allocation as it stands in the claim's status. */
import type { NodeSelectorRequirement } from '#api/kinds.ts'
import type { Allocated, Allocation } from './allocation.ts'
import type { Picked, Plan, Wish } from './allocator.ts'
import type { ClaimSpec } from './objects.ts'

const nameOf = ({ request, sub }: Wish): string => (sub ? `${request}/${sub}` : request)

export function resultOf(plan: Plan, node: string): Allocation {
  const config = configOf(plan)
  const nodeSelector = selectorOf(plan.picked, node)
  return {
    devices: { results: plan.picked.map(allocated), ...(config.length > 0 ? { config } : {}) },
    ...(nodeSelector ? { nodeSelector } : {}),
  }
}

function allocated({ candidate, wish }: Picked): Allocated {
  const { device, slice } = candidate
  const { adminAccess, tolerations } = wish.ask
  return {
    request: nameOf(wish),
    driver: slice.driver,
    pool: slice.pool.name,
    device: device.name,
    ...(adminAccess ? { adminAccess } : {}),
    ...(tolerations?.length ? { tolerations } : {}),
  }
}

/** What the classes of the requests say, each class once, and then what the claim says. */
function configOf({ claim, met }: Plan): object[] {
  const classes = new Map<string, { source: string; requests: string[] }[]>()
  for (const wish of met) {
    const { metadata, spec } = wish.deviceClass as { metadata: { name: string }; spec?: { config?: object[] } }
    const known = classes.get(metadata.name)
    if (known) for (const config of known) config.requests.push(nameOf(wish))
    else {
      const made = (spec?.config ?? []).map((each) => ({ source: 'FromClass', requests: [nameOf(wish)], ...each }))
      classes.set(metadata.name, made)
    }
  }
  const own: object[] = []
  for (const { requests = [], ...config } of (claim['spec'] as ClaimSpec).devices?.config ?? []) {
    const times = requests.length === 0 ? 1 : met.filter((wish) => concerns(requests, wish)).length
    for (let i = 0; i < times; i++) own.push({ source: 'FromClaim', ...(requests.length > 0 ? { requests } : {}), ...config })
  }
  return [...[...classes.values()].flat(), ...own]
}

const concerns = (requests: readonly string[], wish: Wish): boolean =>
  requests.includes(wish.request) || (wish.sub !== '' && requests.includes(nameOf(wish)))

/** Where the devices can be reached from; `undefined`: everywhere. */
function selectorOf(picked: readonly Picked[], node: string): Allocation['nodeSelector'] {
  const fields: NodeSelectorRequirement[] = []
  const expressions: NodeSelectorRequirement[] = []
  for (const { candidate } of picked) {
    const { nodeName, nodeSelector } = candidate.slice.perDeviceNodeSelection ? candidate.device : candidate.slice
    if (nodeName) {
      const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
      return { nodeSelectorTerms: [{ matchFields }] }
    }
    const [term] = nodeSelector?.nodeSelectorTerms ?? []
    addNew(fields, term?.matchFields)
    addNew(expressions, term?.matchExpressions)
  }
  if (fields.length === 0 && expressions.length === 0) return undefined
  const parts = {
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
    ...(fields.length > 0 ? { matchFields: fields } : {}),
  }
  return { nodeSelectorTerms: [parts] }
}

function addNew(to: NodeSelectorRequirement[], more: readonly NodeSelectorRequirement[] = []): void {
  for (const each of more) if (!to.some((known) => JSON.stringify(known) === JSON.stringify(each))) to.push(each)
}
