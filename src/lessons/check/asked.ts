/** Values that nobody can watch: a container's log, what a user may do, what a name means in a pod. They are asked for again and again. */
import type { View } from './moment.ts'
import { Value } from './value.ts'

/** Asked through the API, on simulated time; plain data. Names with `*` mean the first pod of such a name that is ready. */
export type Ask =
  | { ask: 'log'; namespace: string; pod: string; container: string }
  | { ask: 'can'; user: string; groups?: readonly string[]; verb: string; resource: string; namespace: string }
  | { ask: 'lookup'; namespace: string; pod: string; name: string }

const SIGN = '{'

/** Asks stand among the needs of checks, as text. */
export const isAsk = (need: string): boolean => need.startsWith(SIGN)
export const askOf = (need: string): Ask => JSON.parse(need) as Ask

function asked(ask: Ask, needs: readonly string[]): Value<string | undefined> {
  const key = JSON.stringify(ask)
  return new Value([...needs, key], (view: View) => view.told(key))
}

const placed = (pod: string): { namespace: string; pod: string } => {
  const [name = '', namespace = 'default'] = pod.split('/').reverse()
  return { namespace, pod: name }
}

/** The last lines a container has written: `said('web', 'shipper').matches(/GET/)`; undefined while it has no log. */
export const said = (pod: string, container = ''): Value<string | undefined> =>
  asked({ ask: 'log', ...placed(pod), container }, ['pods'])

/** By name alone, or with the groups it belongs to. */
export type User = string | { user: string; groups: readonly string[] }

/** Whether a user may: `can('ci', 'patch', 'deployments.apps', 'shop')`; with `system:serviceaccount:NS:NAME` for a ServiceAccount. */
export const can = (user: User, verb: string, resource: string, namespace = 'default'): Value<boolean> =>
  asked({ ask: 'can', ...(typeof user === 'string' ? { user } : user), verb, resource, namespace }, []).is('yes')

/** The addresses a name has inside a pod, in order, with commas: `lookup('db-0.db', 'caller')`; empty when it has none. */
export const lookup = (name: string, from: string): Value<string | undefined> =>
  asked({ ask: 'lookup', ...placed(from), name }, ['pods'])
