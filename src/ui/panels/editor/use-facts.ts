/** What quick fixes know: kinds and versions from discovery, names of fields from the schemas. */
import { useEffect, useState } from 'react'
import { Client } from '#client/client.ts'
import { useDesk } from '../../state/hooks.ts'
import type { Facts } from './fixes.ts'
import { baseSchema } from './schemas.ts'

/** Asked for when first wanted; null until it is there. */
export function useFacts(wanted: boolean): Facts | null {
  const { transport } = useDesk()
  const [facts, setFacts] = useState<Facts | null>(null)
  useEffect(() => {
    if (!wanted) return
    let here = true
    void readFacts(new Client(transport, { agent: 'tabernetes-editor' })).then((found) => here && setFacts(found))
    return () => {
      here = false
    }
  }, [wanted, transport])
  return facts
}

async function readFacts(client: Client): Promise<Facts> {
  const [all, schema] = await Promise.all([client.discovery.all().catch(() => []), baseSchema()])
  const fields = new Set(Object.values(schema?.definitions ?? {}).flatMap((d) => Object.keys(d.properties ?? {})))
  const version = ({ group, version: v }: { group: string; version: string }): string => (group ? `${group}/${v}` : v)
  return {
    versionsOf: (kind) => [...new Set(all.filter((r) => r.kind === kind).map(version))],
    kinds: [...new Set(all.map((r) => r.kind))],
    fields: [...fields],
  }
}
