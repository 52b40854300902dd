/** What servers said of their resources, kept for six hours as client-go does: in files, or in the page beside the connection. */
import type { Transport } from '#api/request.ts'
import type { Memory } from '#client/discovery.ts'
import type { Io } from './io.ts'

const KEPT_MS = 6 * 3_600_000

interface Kept {
  at: number
  document: unknown
}

/** Files below `folder`, one folder per server. */
export function inFiles(io: Io, folder: string, server: string): Memory {
  const host = server.replace(/^https?:\/\//, '').replace(/[^\w.-]/g, '_')
  const file = (path: string): string => `${folder}/discovery/${host}/aggregated${path.replaceAll('/', '-')}.json`
  return {
    async read(path) {
      try {
        const { at, document } = JSON.parse(await io.read(file(path))) as Kept
        return io.now() - at < KEPT_MS ? document : undefined
      } catch {
        // No such file, or half of one: the server is asked.
        return undefined
      }
    },
    async write(path, document) {
      const kept: Kept = { at: io.now(), document }
      // A folder that cannot be written to costs time, no more.
      await io.write?.(file(path), JSON.stringify(kept)).catch(() => {})
    },
  }
}

const besides = new WeakMap<Transport, Map<string, Kept>>()

export function besideConnection(io: Io, transport: Transport): Memory {
  const kept = besides.get(transport) ?? new Map<string, Kept>()
  besides.set(transport, kept)
  return {
    async read(path) {
      const one = kept.get(path)
      return one && io.now() - one.at < KEPT_MS && io.now() >= one.at ? one.document : undefined
    },
    async write(path, document) {
      kept.set(path, { at: io.now(), document })
    },
  }
}
