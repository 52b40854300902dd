/** What another API server says of itself: its resources, from aggregated discovery or the older documents, and where its OpenAPI is. */
import type { HttpReply } from '../../machinery/http.ts'
import type { RemoteResource } from './port.ts'

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Asks it; null when nothing came back. */
export type AskRemote = (path: string, accept: string) => HttpReply | null

export interface Discovered {
  resources: RemoteResource[]
  openApi: Record<string, { serverRelativeURL: string }>
}

function parsed(reply: HttpReply | null): any {
  if (reply?.status !== 200) return null
  try {
    return JSON.parse(reply.body)
  } catch {
    return null
  }
}

/** Null when it can't be had: what is told of the version is then stale (discoveryManager.fetchFreshDiscoveryForService). */
export function discover(group: string, version: string, ask: AskRemote): Discovered | null {
  const reply = ask('/apis', `${AGGREGATED},application/json`)
  if (!reply || reply.status === 503) return null
  const resources = wholeOf(parsed(reply), group, version) ?? listed(parsed(ask(`/apis/${group}/${version}`, 'application/json')))
  return resources && { resources, openApi: openApiOf(ask, group) }
}

function wholeOf(document: any, group: string, version: string): RemoteResource[] | null {
  if (document?.kind !== 'APIGroupDiscoveryList' || !Array.isArray(document.items)) return null
  const found = document.items.find((each: any) => each.metadata?.name === group)
  return found?.versions?.find((each: any) => each.version === version)?.resources ?? []
}

/** An APIResourceList, as aggregated discovery would have put it. */
function listed(document: any): RemoteResource[] | null {
  if (document?.kind !== 'APIResourceList' || !Array.isArray(document.resources)) return null
  const kindOf = ({ group = '', version = '', kind }: any) => ({ group, version, kind })
  const made = new Map<string, RemoteResource>()
  for (const each of document.resources) {
    const [resource, subresource] = each.name.split('/')
    if (subresource === undefined) {
      const { singularName = '', namespaced, verbs, shortNames, categories } = each
      const scope = namespaced ? 'Namespaced' : 'Cluster'
      const more = { ...(shortNames ? { shortNames } : {}), ...(categories ? { categories } : {}) }
      made.set(resource, { resource, responseKind: kindOf(each), scope, singularResource: singularName, verbs, ...more })
    } else {
      const own = made.get(resource)
      if (own) (own.subresources ??= []).push({ subresource, responseKind: kindOf(each), verbs: each.verbs })
    }
  }
  return [...made.values()]
}

/** The documents of its own group; those on what every server has are the cluster's. */
function openApiOf(ask: AskRemote, group: string): Discovered['openApi'] {
  const paths = parsed(ask('/openapi/v3', 'application/json'))?.paths ?? {}
  const own = Object.entries(paths).filter(([name]) => name === `apis/${group}` || name.startsWith(`apis/${group}/`))
  return Object.fromEntries(own) as Discovered['openApi']
}
