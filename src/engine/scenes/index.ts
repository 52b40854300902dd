/** Scenes: what runs when a cluster starts; manifests applied by its administrator, and traffic. */
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse, Fault } from '#api/request.ts'
import { shop } from './shop.ts'

export interface Scene {
  name: string
  manifests: AnyObject[]
  faults: Fault[]
  /** What its cluster has beside the control plane. */
  addons: readonly string[]
  /** Size of its machines, where it is not the usual one. */
  machine?: { cpu: string; memory: string }
  /** Simulated ms that pass before anybody looks. */
  warmUpMs: number
}

const empty: Scene = { name: 'empty', manifests: [], faults: [], addons: [], warmUpMs: 0 }

const scenes: readonly Scene[] = [empty, shop]

/** What a scene needs of the cluster; scenes are part of its making, not of the session's inputs. */
interface Stage {
  server: { request(request: ApiRequest): ApiResponse }
  machines: { fault(fault: Fault): void }
  run(ms: number): void
}

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const COLLECTIONS: Record<string, string> = {
  Deployment: 'apis/apps/v1/namespaces/default/deployments',
  Service: 'api/v1/namespaces/default/services',
}

export function sceneNamed(name: string): Scene {
  const scene = scenes.find((s) => s.name === name)
  assert(scene, `no scene ${name}`)
  return scene
}

export function applyScene(name: string, cluster: Stage): void {
  const scene = sceneNamed(name)
  if (scene.warmUpMs > 0) cluster.run(10_000)
  for (const manifest of scene.manifests) {
    const path = `/${COLLECTIONS[manifest.kind]}?fieldManager=kubectl-create`
    const { status, body } = cluster.server.request({ method: 'POST', path, body: manifest, user: ADMIN, headers: {} })
    assert(status === 201, `the scene ${name} was refused: ${JSON.stringify(body)}`)
  }
  // Visitors come when there is something to visit.
  if (scene.warmUpMs > 0) cluster.run(scene.warmUpMs / 2)
  for (const fault of scene.faults) cluster.machines.fault(fault)
  if (scene.warmUpMs > 0) cluster.run(scene.warmUpMs / 2)
}
