/** Writes of the cluster's parts as plain sentences: by whom, what, and why. */
import type { TraceLine } from '#api/request.ts'
import { shortName } from './look.ts'
import { speakerOf } from './speaker.ts'

export interface Sentence {
  seq: number
  at: number
  text: string
  /** Who did it, as the control-plane strip names its chips. */
  who: string
  tone: 'plain' | 'good' | 'bad'
  object: { resource: string; namespace: string; name: string }
}

const ONE: Record<string, string> = {
  pods: 'Pod',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  services: 'Service',
  nodes: 'machine',
  endpointslices: 'the list of endpoints',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  namespaces: 'Namespace',
}
const VERB: Record<string, string> = {
  create: 'created',
  update: 'changed',
  patch: 'changed',
  apply: 'changed',
  delete: 'deleted',
  deletecollection: 'deleted',
}
/** Bookkeeping that no learner wants read out: heartbeats, events about events, copies. */
const QUIET = new Set([
  'events',
  'leases',
  'endpoints',
  'serviceaccounts',
  'controllerrevisions',
  'tokenreviews',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
])

/** One sentence for a write that matters, or `null`. */
export function sentenceOf(line: TraceLine): Sentence | null {
  const [full = '', sub = ''] = line.resource.split('/')
  const resource = full.split('.')[0] ?? ''
  if (QUIET.has(resource) || (!(line.verb in VERB) && line.code !== 403) || line.code === 409) return null
  // A status says what is so already: only the machines' is news, when somebody else than the kubelet writes it.
  const speaker = speakerOf(line.by)
  if (sub === 'status' && speaker.id !== 'nodes') return null
  // What the API server makes for itself is there before anybody asks.
  if (speaker.id === 'apiserver') return null
  if (sub === 'token' || (speaker.id === 'kubelet' && line.code === 404)) return null
  const thing = resource === 'endpointslices' ? 'the list of endpoints' : `${ONE[resource] ?? resource} ${shortName(line.name)}`
  const text =
    line.code >= 400 ? `${speaker.name} was refused (${line.code}) on ${thing}${why(line)}.` : told(speaker.name, line, thing)
  return {
    seq: line.seq,
    at: line.at,
    text,
    who: speaker.id,
    tone: toneOf(line),
    object: { resource, namespace: line.namespace, name: line.name },
  }
}

const POD_NAME = /\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[a-z0-9]{6,10}-[a-z0-9]{5}\b/g
const why = (line: TraceLine): string => (line.because ? `: ${line.because.replace(POD_NAME, shortName)}` : '')

const DEEDS: Record<string, string> = {
  binding: 'picked a machine for',
  eviction: 'evicted',
  scale: 'scaled',
  status: 'reports on',
}

/** What was done, in one or two words: `created`, `picked a machine for`. */
export const deedOf = (line: TraceLine): string =>
  DEEDS[line.resource.split('/')[1] ?? ''] ?? VERB[line.verb] ?? `tried to ${line.verb}`

const told = (who: string, line: TraceLine, thing: string): string => `${who} ${deedOf(line)} ${thing}${why(line)}.`

const toneOf = ({ code, because }: TraceLine): Sentence['tone'] =>
  code >= 400 || /\b(fail|error|back-?off|not ?ready|unhealthy|lost|not renewed|cannot be reached)/i.test(because)
    ? 'bad'
    : 'plain'
