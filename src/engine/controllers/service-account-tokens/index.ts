/** Secrets of the type service-account-token get the token of the account they name (pkg/controller/serviceaccount, tokens_controller.go). */
import { keyOf } from '#api/meta.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import type { Ports } from '../ports.ts'

export const TYPE = 'kubernetes.io/service-account-token'
export const ACCOUNT_NAME = 'kubernetes.io/service-account.name'
export const ACCOUNT_UID = 'kubernetes.io/service-account.uid'

/** What the cleaner does, once a day, comes with the rest of the engine (`clean.ts`). */
export const cleanerWork = later<(context: Context) => void>('token cleaner')

const DAY_MS = 86_400_000
const LOOK = 'look'

/** Days are counted from the cluster's beginning; nobody looks where there is no such Secret. */
const atNextDay = ({ world, now, later: wait }: Context): void => wait(LOOK, DAY_MS - ((now - world.epoch) % DAY_MS))

/** Tokens that nobody has used for a year are marked, and deleted a year later (legacy_serviceaccount_token_cleaner.go). */
export const tokenCleaner = controller({
  name: 'legacy-service-account-token-cleaner',
  watches: [
    {
      resource: 'secrets',
      keys(change, secret, _old, context) {
        if (change !== 'deleted' && secret['type'] === TYPE) atNextDay(context)
        return []
      },
    },
  ],
  reconcile(_key, context) {
    cleanerWork.get()(context)
    for (const secret of context.cache('secrets').all()) if (secret['type'] === TYPE) return atNextDay(context)
  },
})

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
