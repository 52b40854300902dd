/** A lesson's beginning from what somebody did: the start as objects, the way as commands, checks from what differs at the end. */
import type { AnyObject } from '#api/meta.ts'
import { KIND, VERSION } from './data.ts'

export interface Acted {
  title: string
  seed: string
  nodes: number
  before: readonly AnyObject[]
  after: readonly AnyObject[]
  /** What was typed and clicked in between. */
  commands: readonly string[]
  /** The author's files; those that a command names come along. */
  files: Readonly<Record<string, string>>
}

interface Suggestion {
  words: string
  claim: unknown
}

/** Of a new object these are worth a check; of one that was changed, whatever differs. */
const SALIENT =
  /^(?:spec\.(?:replicas|type|schedule|completions|parallelism|template\.spec\.containers\.0\.image|containers\.0\.image|ports\.0\.(?:port|targetPort))|data\.[\w-]+|type)$/
const MOST_FIELDS = 6
const MOST_TASKS = 12
/** Time for the start to settle. */
const WARM_UP_MS = 30_000

/** As the text of a file that `readLesson` takes. */
export function skeletonOf(acted: Acted): string {
  const tasks = suggestionsOf(acted).slice(0, MOST_TASKS)
  const used = Object.entries(acted.files).filter(([name]) => acted.commands.some((command) => command.includes(name)))
  const lesson = {
    kind: KIND,
    version: VERSION,
    markdown: wordsOf(acted, tasks),
    objects: acted.before,
    warmUp: acted.before.length > 0 ? WARM_UP_MS : 0,
    steps: {
      first: {
        goals: Object.fromEntries(tasks.map(({ claim }, i) => [`task-${i + 1}`, { now: claim }])),
        hints: {},
        solution: [...used.map(([write, text]) => ({ write, text })), ...acted.commands],
      },
    },
  }
  return `${JSON.stringify(lesson, null, 2)}\n`
}

const wordsOf = ({ title, seed, nodes }: Acted, tasks: readonly Suggestion[]): string =>
  [
    '---',
    `id: ${
      title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'lesson'
    }`,
    `title: ${title.replaceAll('\n', ' ') || 'A lesson'}`,
    'about: One sentence for the list of lessons.',
    'chapter: 99\norder: 1\nminutes: 5',
    `seed: ${seed}\nnodes: ${nodes}\nscene: empty`,
    '---\n',
    `## ${title} {#first}\n`,
    'Say what is found here, and what is to be done.\n',
    ...tasks.map(({ words }, i) => `- [ ] ${words} {#task-${i + 1}}`),
    '\n### Hint\n',
    'Say where to look first.\n',
    '### Then\n',
    'Say what this was about.\n',
  ].join('\n')

const keyOf = ({ kind, apiVersion, metadata }: AnyObject): string =>
  `${apiVersion.split('/').at(-2) ?? ''} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`
const wordFor = ({ kind, metadata }: AnyObject): string =>
  [kind.toLowerCase(), metadata.namespace, metadata.name].filter(Boolean).join('/')

function suggestionsOf({ before, after }: Acted): Suggestion[] {
  const was = new Map(before.map((object) => [keyOf(object), object]))
  const still = new Set(after.map(keyOf))
  const come = after.flatMap((object): Suggestion[] => {
    const old = was.get(keyOf(object))
    const fields = leavesOf(object).filter(([path, value]) => (old ? leafAt(old, path) !== value : SALIENT.test(path)))
    if (old && fields.length === 0) return []
    return [suggestion(object, fields.slice(0, MOST_FIELDS), old !== undefined)]
  })
  const gone = before.flatMap((object): Suggestion[] =>
    still.has(keyOf(object))
      ? []
      : [{ words: `${object.kind} \`${object.metadata.name}\` is gone.`, claim: { obj: wordFor(object), exists: false } }],
  )
  return [...come, ...gone]
}

type Leaf = readonly [path: string, value: string | number | boolean]

function suggestion(object: AnyObject, fields: readonly Leaf[], changed: boolean): Suggestion {
  const { kind, metadata } = object
  const told = fields.map(([path, value]) => `\`${path}\` is \`${value}\``).join(', ')
  const words = `${kind} \`${metadata.name}\` ${changed ? 'is changed' : 'is there'}${told ? `: ${told}` : ''}.`
  const replicas = (object['spec'] as { replicas?: number } | undefined)?.replicas
  const claims = [
    { obj: wordFor(object) },
    ...fields.map(([path, is]) => ({ obj: wordFor(object), path, is })),
    ...(kind === 'Pod' ? [{ obj: wordFor(object), ready: true }] : []),
    ...(/^(?:Deployment|StatefulSet|ReplicaSet)$/.test(kind) && replicas
      ? [{ obj: wordFor(object), path: 'status.readyReplicas', is: replicas }]
      : []),
  ]
  return { words, claim: claims.length > 1 ? { both: claims } : claims[0] }
}

/** Every single value, by its path; keys with dots in them have none. */
function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`
    const told = key.includes('.') || at === 'metadata' || at === 'apiVersion' || at === 'kind' || at === 'status'
    return told ? [] : leavesOf(inner, at)
  })
}

const leafAt = (object: unknown, path: string): unknown => path.split('.').reduce((value: any, key) => value?.[key], object)
