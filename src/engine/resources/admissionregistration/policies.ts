/** Admission policies, their bindings, and webhook configurations. */
import { goSelector } from '#api/go-selector.ts'
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, integer, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateMutatingBinding, validateValidatingBinding } from './binding-validation.ts'
import { validateMutatingPolicy, validateValidatingPolicy } from './policy-validation.ts'
import { validateWebhooks } from './webhook-validation.ts'

const rule = shape({ defaults: { scope: '*' } })
const matchResources = shape({
  parts: { resourceRules: rule, excludeResourceRules: rule },
  defaults: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} },
})
const policySpec = (more: object) =>
  shape({ parts: { matchConstraints: matchResources }, defaults: { failurePolicy: 'Fail', ...more } })
const bindingSpec = shape({ parts: { matchResources, paramRef: shape({}) } })

const paramKind = column('ParamKind', ({ spec }: AnyObject) =>
  spec?.paramKind ? `${spec.paramKind.apiVersion}/${spec.paramKind.kind}` : '<unset>',
)

function paramRef({ spec }: AnyObject): string {
  const ref = spec?.paramRef
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`
  return ref?.selector ? goSelector(ref.selector) : '<unset>'
}

const STATIC = '.static.k8s.io'
const RESERVED = `metadata.name: names ending with "${STATIC}" are reserved for static manifest-based configurations and cannot be managed via the API`

const registered: Details = {
  generation: true,
  unconditionalUpdate: false,
  metaOnUpdate: 'full',
  warnings: ({ metadata }: AnyObject) => (metadata.name.endsWith(STATIC) ? [RESERVED] : []),
}

function policies(counted: string, normalSpec: ReturnType<typeof shape>): Details {
  return {
    ...registered,
    defaults: (object: AnyObject) => put(object, 'spec', normalSpec(object['spec'] ?? {})),
    columns: [
      nameColumn,
      integer(counted, (object: AnyObject) => object['spec']?.[counted.toLowerCase()]?.length ?? 0),
      paramKind,
      ageColumn,
    ],
  }
}

const bindings: Details = {
  ...registered,
  defaults: (object: AnyObject) => put(object, 'spec', bindingSpec(object['spec'] ?? {})),
  columns: [
    nameColumn,
    column('PolicyName', (object: AnyObject) => object['spec']?.policyName ?? ''),
    column('ParamRef', paramRef),
    ageColumn,
  ],
}

const clientConfig = shape({ parts: { service: shape({ defaults: { port: 443 } }) } })

/** SetDefaults_ValidatingWebhook and SetDefaults_MutatingWebhook. */
function webhooks(more: object): Details {
  const normal = shape({
    parts: { clientConfig, rules: rule },
    always: ['clientConfig'],
    defaults: {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...more,
    },
  })
  return {
    ...registered,
    defaults: (object: AnyObject) => (object['webhooks'] ? put(object, 'webhooks', normal(object['webhooks'])) : object),
    columns: [nameColumn, integer('Webhooks', (object: AnyObject) => object['webhooks']?.length ?? 0), ageColumn],
  }
}

const GROUP = 'admissionregistration.k8s.io/v1'

export const policyDetails: Record<string, Details> = {
  [`${GROUP}/mutatingadmissionpolicies`]: {
    ...policies('Mutations', policySpec({})),
    validate: validateMutatingPolicy,
  },
  [`${GROUP}/mutatingadmissionpolicybindings`]: { ...bindings, validate: validateMutatingBinding },
  [`${GROUP}/mutatingwebhookconfigurations`]: { ...webhooks({ reinvocationPolicy: 'Never' }), validate: validateWebhooks(true) },
  [`${GROUP}/validatingadmissionpolicies`]: {
    ...policies('Validations', policySpec({})),
    prepareCreate: freshStatus(),
    validate: validateValidatingPolicy,
  },
  [`${GROUP}/validatingadmissionpolicybindings`]: { ...bindings, validate: validateValidatingBinding },
  [`${GROUP}/validatingwebhookconfigurations`]: { ...webhooks({}), validate: validateWebhooks(false) },
}
