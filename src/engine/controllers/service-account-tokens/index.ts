/** Secrets of the type service-account-token get the token of the account they name (pkg/controller/serviceaccount, tokens_controller.go). */
import { keyOf } from '#api/meta.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import type { Ports } from '../ports.ts'

export const TYPE = 'kubernetes.io/service-account-token'
export const ACCOUNT_NAME = 'kubernetes.io/service-account.name'

/** What it does with one Secret comes with the rest of the engine (`reconcile.ts`). */
export const tokenWork = later<(key: string, context: Context, ports: Ports) => void>('token controller')

export const serviceAccountTokens = (ports: Ports): ControllerDeclaration =>
  controller({
    name: 'serviceaccount-token-controller',
    // It works as the controller manager itself.
    identity: { user: 'system:kube-controller-manager', groups: ['system:authenticated'], manager: 'kube-controller-manager' },
    watches: [
      { resource: 'secrets', keys: (_change, secret) => (secret['type'] === TYPE ? [keyOf(secret.metadata)] : []) },
      {
        resource: 'serviceaccounts',
        keys: (change, { metadata }, _old, { cache }) =>
          change === 'deleted'
            ? [...cache('secrets').inNamespace(metadata.namespace ?? '')]
                .filter((secret) => secret['type'] === TYPE && secret.metadata.annotations?.[ACCOUNT_NAME] === metadata.name)
                .map((secret) => keyOf(secret.metadata))
            : [],
      },
    ],
    reconcile: (key, context) => tokenWork.get()(key, context, ports),
  })
