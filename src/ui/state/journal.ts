/** The journal: every write of the cluster's parts as it was traced, by time; what the strip, the marks and the chains read. */
import type { TraceLine } from '#api/request.ts'

export interface Journal {
  take(lines: readonly TraceLine[], anew: boolean): void
  /** Lines written within `span` simulated ms before `now`, oldest first. */
  since(now: number, span: number): readonly TraceLine[]
  /** Lines about one object, newest first. */
  about(resource: string, namespace: string, name: string, until?: number): TraceLine[]
}

const KEEP = 4000
/** Heartbeats and events about events. */
const QUIET = /^(?:leases|events|tokenreviews|subjectaccessreviews|selfsubject)/

export function createJournal(): Journal {
  let lines: TraceLine[] = []
  const firstAfter = (time: number): number => {
    let [low, high] = [0, lines.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((lines[middle] as TraceLine).at > time) high = middle
      else low = middle + 1
    }
    return low
  }
  return {
    take(more, anew) {
      if (anew) lines = []
      const last = lines.at(-1)?.seq ?? 0
      lines.push(...more.filter(({ seq, resource, code }) => seq > last && !QUIET.test(resource) && code !== 409))
      if (lines.length > KEEP * 1.5) lines = lines.slice(-KEEP)
    },
    since: (now, span) => lines.slice(firstAfter(now - span), firstAfter(now)),
    about: (resource, namespace, name, until = Number.POSITIVE_INFINITY) =>
      lines
        .filter((line) => {
          const plural = line.resource.split(/[./]/)[0]
          return plural === resource && line.namespace === namespace && line.name === name && line.at <= until
        })
        .reverse(),
  }
}
