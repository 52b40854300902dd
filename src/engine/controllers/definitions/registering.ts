/** An APIService for every version of every definition (kube-aggregator's crdregistration and autoregister controllers). */
import type { AnyObject } from '#api/meta.ts'
import { isConflict, isNotFound } from '#api/status.ts'
import type { NewObject } from '../../machinery/client.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import { DEFINITIONS, type Definition, INSIDE } from './conditions.ts'

const API_SERVICES = 'apiservices.apiregistration.k8s.io'
const AUTOMANAGED = 'kube-aggregator.kubernetes.io/automanaged'

/** `v1.stable.example.com`. */
const namesOf = ({ spec }: Definition): string[] => spec.versions.map(({ name }) => `${name}.${spec.group}`)

const isOwn = ({ metadata }: AnyObject): boolean => metadata.labels?.[AUTOMANAGED] === 'true'

const serves = (definition: Definition, version: string, group: string): boolean =>
  definition.spec.group === group && definition.spec.versions.some(({ name, served }) => served && name === version)

function wanted(name: string, { cache }: Context): NewObject<AnyObject> | null {
  const dot = name.indexOf('.')
  const [version, group] = [name.slice(0, dot), name.slice(dot + 1)]
  if (![...cache<Definition>(DEFINITIONS).all()].some((definition) => serves(definition, version, group))) return null
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name, labels: { [AUTOMANAGED]: 'true' } },
    spec: { group, version, groupPriorityMinimum: 1000, versionPriority: 100 },
  }
}

export const registering = controller({
  ...INSIDE,
  name: 'crd-autoregistration-controller',
  watches: [
    {
      resource: DEFINITIONS,
      keys: (_change, object, old) => new Set([...namesOf(object as Definition), ...(old ? namesOf(old as Definition) : [])]),
    },
    {
      resource: API_SERVICES,
      keys: (_change, object) => (isOwn(object) ? [object.metadata.name] : []),
    },
  ],
  reconcile(name, context) {
    const present = context.cache(API_SERVICES).get('', name)
    const next = wanted(name, context)
    if (present && !isOwn(present)) return
    try {
      settle(name, present, next, context)
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  },
})

function settle(name: string, present: AnyObject | undefined, next: NewObject<AnyObject> | null, { api }: Context): void {
  if (!next) {
    if (present) api.delete(API_SERVICES, '', name, { uid: present.metadata.uid, because: 'no definition serves it any more' })
  } else if (!present) api.create(API_SERVICES, next, { because: 'a definition serves it' })
  else if (!semanticallyEqual(present['spec'], next['spec']))
    api.update(API_SERVICES, { ...present, spec: next['spec'] }, { because: 'it is looked after' })
}
