/** Where a kubelet's own pages are asked for; what they show comes with the rest of the engine. */
import type { Api } from '../machinery/client.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import { later } from '../sim/later.ts'
import type { World } from '../sim/world.ts'
import type { NodeImage } from './puller.ts'
import type { NodeSpec } from './registration.ts'
import type { Runtime } from './runtime.ts'
import type { Records } from './streaming.ts'
import type { Tally } from './tally.ts'

/** What a kubelet's pages are made of. */
export interface KubeletPages {
  readonly spec: NodeSpec
  readonly api: Api
  readonly world: World
  readonly runtime: Runtime
  readonly records: Records
  readonly tally: Tally
  /** The release that runs. */
  readonly status: { readonly version: string }
  images(): readonly NodeImage[]
  /** Bytes on the disk that are neither pods' nor images'. */
  filler(): number
  logs(namespace: string, pod: string, container: string, options: Record<string, string>): string | null
}

export const kubeletPages = later<(kubelet: KubeletPages, request: HttpRequest) => HttpReply>('kubelet pages')
