/** Controllers of kinds the first scene has no objects of: what they do comes with the rest of the engine. */
import type { AnyObject } from '#api/meta.ts'
import { type ControllerDeclaration, controller } from '../machinery/controller.ts'
import { later } from '../sim/later.ts'
import type { Ports } from './ports.ts'

type Declared = Readonly<Record<string, ControllerDeclaration>>

/** By name. */
export const deferredControllers = later<(ports: Ports) => Declared>('controllers')

type Facts = Omit<ControllerDeclaration, 'watches' | 'reconcile'>

/** A controller that watches these resources, in this order, and nothing else; only what it `meets` is its business. */
function deferred(
  facts: Facts,
  resources: readonly string[],
  declared: () => Declared,
  meets = (_object: AnyObject): boolean => true,
): ControllerDeclaration {
  const own = (): ControllerDeclaration => declared()[facts.name] as ControllerDeclaration
  return controller({
    ...facts,
    watches: resources.map((resource, i) => ({
      resource,
      keys: (...change) => (meets(change[1]) ? (own().watches[i]?.keys(...change) ?? []) : []),
    })),
    reconcile: (key, context) => own().reconcile(key, context),
  })
}

const isOfJoining = ({ type, metadata }: AnyObject): boolean =>
  type === 'bootstrap.kubernetes.io/token' || metadata.name === 'cluster-info'

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io'
const account = 'certificate-controller'

export function deferredOnes(ports: Ports): ControllerDeclaration[] {
  let made: Declared | null = null
  const declared = (): Declared => (made ??= deferredControllers.get()(ports))
  return [
    ...['csrapproving', 'csrsigning', 'csrcleaner'].map((name) => deferred({ name, account }, [REQUESTS], declared)),
    deferred(
      { name: 'bootstrap-signer-controller', account: 'bootstrap-signer' },
      ['secrets', 'configmaps'],
      declared,
      isOfJoining,
    ),
    deferred({ name: 'token-cleaner-controller', account: 'token-cleaner' }, ['secrets'], declared, isOfJoining),
  ]
}
