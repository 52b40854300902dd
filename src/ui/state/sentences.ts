/** Writes of the cluster's parts as plain sentences: by whom, what, and why. */
import type { TraceLine } from '#api/request.ts'
import { said, t, type Word } from '../words/index.ts'
import { shortName } from './look.ts'
import { type Speaker, speakerOf } from './speaker.ts'

export interface Sentence {
  seq: number
  at: number
  text: string
  /** Who did it, as the control-plane strip names its chips. */
  who: string
  tone: 'plain' | 'good' | 'bad'
  object: { resource: string; namespace: string; name: string }
  /** It stands for so many more like it, and said this before. */
  more?: number
  base?: string
  /** The write it tells of: the strip shows that one while time stands still. */
  line?: TraceLine | undefined
  /** Whether it is still so: what is not any more when its turn comes is not said. */
  holds?: () => boolean
}

/** What was done, as a word of its own and as a sentence: languages order them differently. */
type Told = [deed: Word, sentence: Word]

const ONE: Record<string, string> = {
  pods: 'Pod',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  services: 'Service',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  namespaces: 'Namespace',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
  cronjobs: 'CronJob',
  ingresses: 'Ingress',
  networkpolicies: 'NetworkPolicy',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  persistentvolumes: 'PersistentVolume',
}
const VERB: Record<string, Told> = {
  create: ['created', '{who} created {thing}'],
  update: ['changed', '{who} changed {thing}'],
  patch: ['changed', '{who} changed {thing}'],
  apply: ['changed', '{who} changed {thing}'],
  delete: ['deleted', '{who} deleted {thing}'],
  deletecollection: ['deleted', '{who} deleted {thing}'],
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

/** Who changes what a learner is to find: the sentence does not find it for him. */
const TROUBLE = 'system:trouble'

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
  const thing = thingOf(resource, shortName(line.name))
  const { code } = line
  const what = code >= 400 ? refused(speaker, code, thing) : told(speaker.name, line, thing)
  const secret = line.by === TROUBLE
  const text = secret ? t('Somebody has changed something.') : `${what}${why(line)}.`
  return {
    seq: line.seq,
    at: line.at,
    text,
    who: secret ? 'somebody' : speaker.id,
    tone: toneOf(line),
    object: { resource, namespace: line.namespace, name: line.name },
  }
}

const refused = ({ id, name }: Speaker, code: number, thing: string): string =>
  id === 'you'
    ? t('You were refused ({code}) on {thing}', { code, thing })
    : t('{who} was refused ({code}) on {thing}', { who: name, code, thing })

const POD_NAME = /\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[a-z0-9]{6,10}-[a-z0-9]{5}\b/g
const why = ({ because }: TraceLine): string => (because ? `: ${said(because.replace(POD_NAME, shortName))}` : '')

function thingOf(resource: string, name: string): string {
  if (resource === 'endpointslices') return t('the list of endpoints')
  // A list has no name.
  if (name === '') return resource
  return resource === 'nodes' ? t('machine {name}', { name }) : `${ONE[resource] ?? resource} ${name}`
}

const DEEDS: Record<string, Told> = {
  binding: ['picked a machine for', '{who} picked a machine for {thing}'],
  eviction: ['evicted', '{who} evicted {thing}'],
  scale: ['scaled', '{who} scaled {thing}'],
  status: ['reports on', '{who} reports on {thing}'],
}

const toldOf = ({ resource, verb }: TraceLine): Told | undefined => DEEDS[resource.split('/')[1] ?? ''] ?? VERB[verb]

/** What was done, in one or two words: `created`, `picked a machine for`. */
export function deedOf(line: TraceLine): string {
  const known = toldOf(line)
  return known ? t(known[0]) : t('tried to {verb}', { verb: line.verb })
}

function told(who: string, line: TraceLine, thing: string): string {
  const known = toldOf(line)
  return known ? t(known[1], { who, thing }) : t('{who} tried to {verb} {thing}', { who, verb: line.verb, thing })
}

const toneOf = ({ code, because }: TraceLine): Sentence['tone'] =>
  code >= 400 || /\b(fail|error|back-?off|not ?ready|unhealthy|lost|not renewed|cannot be reached)/i.test(because)
    ? 'bad'
    : 'plain'
