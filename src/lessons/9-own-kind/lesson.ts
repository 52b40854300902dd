/** Lesson 9.3: a kind of one's own, and a schema that says what it must look like. */
import { after, answered, audit, both, eventually, held, not, now, obj, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const crd = (spec: string, name = 'backups.example.com'): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${name}
spec:
  group: example.com
  scope: Namespaced
  names:
    plural: backups
    singular: backup
    kind: Backup
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
${spec}`
const OPEN = '              x-kubernetes-preserve-unknown-fields: true\n'
const REQUIRED = '              required: [schedule]\n'
const fields = (keep: string): string => `              properties:
                schedule:
                  type: string
                keep:
                  ${keep}
`
const COUNTED = '{type: integer, minimum: 1}'
const STRICT = REQUIRED + fields(COUNTED)

const backup = (name: string, spec: string): string => `apiVersion: example.com/v1
kind: Backup
metadata:
  name: ${name}
spec:
${spec}`
const FIRST = backup('nightly', '  schedule: "0 2 * * *"\n  keep: many\n')
const BAD = backup('weekly', '  schedule: "0 3 * * 0"\n  keep: 0\n')
const GOOD = backup('weekly', '  schedule: "0 3 * * 0"\n  keep: 4\n')

interface Schema {
  type?: string
  minimum?: number
  exclusiveMinimum?: boolean
  required?: string[]
  properties?: Record<string, Schema>
  'x-kubernetes-preserve-unknown-fields'?: boolean
}
const kind = obj('customresourcedefinition/backups.example.com')
const known = kind.condition('Established').is('True')
const schema = kind.path('spec.versions.0.schema.openAPIV3Schema.properties.spec').map((spec) => (spec ?? {}) as Schema)
const isCounted = schema.map(({ properties }) => {
  const { type, minimum = -1, exclusiveMinimum = false } = properties?.['keep'] ?? {}
  return type === 'integer' && (exclusiveMinimum ? minimum >= 0 : minimum >= 1)
})
const isRequired = schema.map(
  ({ required = [], properties }) => required.includes('schedule') && properties?.['schedule']?.type === 'string',
)
const isOpen = schema.map((spec) => spec['x-kubernetes-preserve-unknown-fields'] === true)
const strict = both(known, isCounted, isRequired, not(isOpen))
const changed = kind.path('metadata.generation').atLeast(2)

const apply = (file: string, text?: string): Deed[] => [
  ...(text === undefined ? [] : [{ write: file, text }]),
  `kubectl apply -f ${file}`,
]
const guess: Deed = { answer: 'guess', is: 'nobody' }
const old: Deed = { answer: 'old', is: 'stays' }
const stored = audit('learner', 'create|patch|update|apply', 'backups')

export default lesson({
  start: { warmUp: 5000 },
  files: { 'manifest.yaml': crd(OPEN), 'backup.yaml': FIRST },
  steps: [
    {
      id: 'word',
      goals: { guess: answered('guess'), known: now(known), stored },
      hints: {
        named: refused('learner', 'create', 'customresourcedefinitions'),
        alone: held(known, 15_000),
      },
      chain: {
        described: { who: 'learner', verb: 'create|patch|apply', object: 'customresourcedefinitions' },
        accepted: { who: 'apiserver', verb: 'update|patch', object: 'customresourcedefinitions/backups.example.com/status' },
        made: { who: 'learner', verb: 'create|patch|apply', object: 'backups' },
      },
      solution: [guess, ...apply('manifest.yaml'), 'sleep 2', ...apply('backup.yaml')],
      second: [guess, 'kubectl create -f manifest.yaml', 'sleep 3', 'kubectl create -f backup.yaml'],
      wrong: [
        { name: 'gives it another name', deeds: [guess, ...apply('manifest.yaml', crd(OPEN, 'backup'))], raises: 'named' },
        { name: 'stops at the description', deeds: [guess, ...apply('manifest.yaml')], raises: 'alone' },
      ],
    },
    {
      id: 'schema',
      goals: {
        old: answered('old'),
        strict: now(strict),
        refused: after(eventually(strict), refused('learner', 'create|patch|update|apply', 'backups')),
        right: after(eventually(strict), stored),
      },
      hints: {
        type: now(both(changed, not(isCounted))),
        required: now(both(changed, isCounted, not(isRequired))),
        open: now(both(changed, isCounted, isRequired, isOpen)),
        lost: now(not(kind.exists())),
      },
      solution: [old, ...apply('manifest.yaml', crd(STRICT)), 'sleep 2', ...apply('bad.yaml', BAD), ...apply('good.yaml', GOOD)],
      second: [
        old,
        ...apply('manifest.yaml', crd(REQUIRED + fields('{type: integer, minimum: 2}'))),
        'sleep 2',
        ...apply('good.yaml', GOOD),
        `kubectl patch backup weekly --type=merge -p '{"spec":{"keep":"many"}}'`,
      ],
      wrong: [
        {
          name: 'takes any number',
          deeds: [old, ...apply('manifest.yaml', crd(REQUIRED + fields('{type: integer}')))],
          raises: 'type',
        },
        { name: 'requires nothing', deeds: [old, ...apply('manifest.yaml', crd(fields(COUNTED)))], raises: 'required' },
        { name: 'leaves the door open', deeds: [old, ...apply('manifest.yaml', crd(OPEN + STRICT))], raises: 'open' },
        { name: 'deletes the kind', deeds: [old, 'kubectl delete -f manifest.yaml --wait=false'], raises: 'lost' },
      ],
    },
  ],
})
