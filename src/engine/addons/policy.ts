/** A network plugin that enforces NetworkPolicies, as kind's kindnet does; without it they are kept and have no effect. */
import type { Addon } from './addon.ts'

export const policy: Addon = { name: 'policy', policies: true }
