/** Brings a fresh cluster to where a lesson begins: objects, faults, and time for them to settle. */
import type { AnyObject } from '#api/meta.ts'
import type { Transport } from '#api/request.ts'
import { Client } from '#client/client.ts'
import type { Change, Start } from './lesson.ts'

/** Until machines are ready and namespaces have their service account. */
const BOOT_MS = 20_000

/** Throws the API server's refusal: a lesson that cannot begin says why. */
export async function prepare(
  { objects = [], patches = [], faults = [], warmUp = 0 }: Start,
  transport: Transport,
): Promise<void> {
  if (objects.length + patches.length > 0) await transport.simulation?.advance(BOOT_MS)
  const client = new Client(transport, { agent: 'tabernetes-lessons' })
  for (const each of patches) await change(client, each)
  for (const object of objects) await create(client, object)
  for (const happening of faults) {
    await transport.simulation?.advance(happening.after)
    if ('fault' in happening) await transport.simulation?.fault(happening.fault)
    else await change(client, happening)
  }
  if (warmUp > 0) await transport.simulation?.advance(warmUp)
}

async function create(client: Client, object: AnyObject): Promise<void> {
  const info = await client.discovery.byKind(object.apiVersion, object.kind)
  if (!info) throw new Error(`no matches for kind "${object.kind}" in version "${object.apiVersion}"`)
  await client.create(info, info.namespaced ? (object.metadata.namespace ?? 'default') : '', object)
}

export async function change(client: Client, { object, patch, made }: Change): Promise<void> {
  const [word = '', ...rest] = object.split('/')
  const [name = '', namespace = 'default'] = rest.reverse()
  const info = await client.discovery.find(word)
  if (!info) throw new Error(`this cluster knows no resource "${word}"`)
  const place = info.namespaced ? namespace : ''
  if (made && !(await client.find(info, place, name))) await create(client, made)
  else await client.patch(info, place, name, 'merge', patch)
}
