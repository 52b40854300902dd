/** Releases in the cluster: one Secret per revision, as helm's pkg/storage keeps them. */
import { gunzipSync, gzipSync } from 'fflate'
import { bytesOf, textOf } from '#api/bytes.ts'
import type { AnyObject } from '#api/meta.ts'
import { isAlreadyExists } from '#api/status.ts'
import type { Client } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { HelmError } from '../io.ts'
import { base64, unbase64 } from '../render/functions/hashes.ts'
import { type Release, releaseJson, releaseOf } from './release.ts'

const SECRETS: ResourceInfo = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  short: [],
  categories: [],
  namespaced: true,
  verbs: [],
  subresources: [],
}

const SYSTEM_LABELS = ['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt']

export const notFound = (): HelmError => new HelmError('release: not found')
export const noDeployed = (name: string): HelmError => new HelmError(`${JSON.stringify(name)} has no deployed releases`)

const secretName = (name: string, version: number): string => `sh.helm.release.v1.${name}.v${version}`

function encoded(release: Release): string {
  const json = JSON.stringify(releaseJson(release))
  return base64(textOf(gzipSync(bytesOf(json), { mtime: 0 })))
}

function decoded(secret: AnyObject): Release {
  const bytes = bytesOf(unbase64(unbase64(secret['data']?.['release'] ?? '')))
  const json = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes
  const own = Object.entries(secret.metadata.labels ?? {}).filter(([key]) => !SYSTEM_LABELS.includes(key))
  return releaseOf(JSON.parse(textOf(json)), Object.fromEntries(own))
}

export class Releases {
  readonly #client: Client
  /** Empty: all namespaces. */
  readonly #namespace: string
  readonly #now: () => number
  /** Revisions kept; 0 for all. */
  maxHistory = 0

  constructor(client: Client, namespace: string, now: () => number) {
    this.#client = client
    this.#namespace = namespace
    this.#now = now
  }

  async all(selector = ''): Promise<Release[]> {
    const labelSelector = `owner=helm${selector && `,${selector}`}`
    const { items } = await this.#client.list(SECRETS, this.#namespace, { labelSelector })
    return items.map(decoded)
  }

  /** All revisions, oldest first; throws when there is none. */
  async history(name: string): Promise<Release[]> {
    const all = await this.all(`name=${name}`)
    if (all.length === 0) throw notFound()
    return all.sort((a, b) => a.version - b.version)
  }

  async last(name: string): Promise<Release> {
    return (await this.history(name)).at(-1) as Release
  }

  async get(name: string, version: number): Promise<Release> {
    const secret = await this.#client.find(SECRETS, this.#namespace, secretName(name, version))
    if (!secret) throw notFound()
    return decoded(secret)
  }

  async deployedAll(name: string): Promise<Release[]> {
    const all = await this.all(`name=${name},status=deployed`)
    return all.sort((a, b) => a.version - b.version)
  }

  async create(release: Release): Promise<void> {
    if (this.maxHistory > 0) await this.#forget(release.name)
    const secret = this.#secret(release, { createdAt: String(Math.floor(this.#now() / 1000)) })
    try {
      await this.#client.create(SECRETS, release.namespace, secret, { fieldManager: 'helm' })
    } catch (error) {
      throw isAlreadyExists(error) ? new HelmError('release: already exists') : error
    }
  }

  async update(release: Release): Promise<void> {
    const secret = this.#secret(release, { modifiedAt: String(Math.floor(this.#now() / 1000)) })
    await this.#client.update(SECRETS, release.namespace, secret.metadata.name, secret, { fieldManager: 'helm' })
  }

  async delete({ name, version, namespace }: Release): Promise<void> {
    await this.#client.delete(SECRETS, namespace, secretName(name, version), {})
  }

  #secret(release: Release, times: Record<string, string>): AnyObject {
    const { name, version, info, namespace, labels } = release
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secretName(name, version),
        namespace,
        labels: { ...labels, ...times, name, owner: 'helm', status: info.status, version: String(version) },
      },
      type: 'helm.sh/release.v1',
      data: { release: base64(encoded(release)) },
    } as unknown as AnyObject
  }

  /** The oldest go, so that with the one to come there are no more than allowed; what is deployed stays. */
  async #forget(name: string): Promise<void> {
    const known = (await this.all(`name=${name}`)).sort((a, b) => a.version - b.version)
    const deployed = known.filter((one) => one.info.status === 'deployed').at(-1)
    let left = known.length
    for (const one of known) {
      if (left < this.maxHistory) return
      if (one.version === deployed?.version) continue
      await this.delete(one)
      left -= 1
    }
  }
}
