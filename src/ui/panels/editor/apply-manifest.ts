/** Applies a manifest without an editor: for hosts of an embedded page. */
import { Client } from '#client/client.ts'
import type { Desk } from '../../state/desk.ts'
import { applyText, type Result } from './apply-text.ts'
import { createReader } from './reader.ts'

export async function applyManifest(
  desk: Desk,
  text: string,
): Promise<Pick<Result, 'name' | 'outcome' | 'problems' | 'warnings'>[]> {
  const reader = createReader()
  try {
    const client = new Client(desk.transport, { agent: 'kubectl/v1.36.3 (browser) embed' })
    const results = await applyText(client, reader, text, () => {})
    return results.map(({ name, outcome, problems, warnings }) => ({ name, outcome, problems, warnings }))
  } finally {
    reader.dispose()
  }
}
