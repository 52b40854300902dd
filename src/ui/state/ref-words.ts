/** Names of objects as kubectl has them (`deploy/web`, `po/x`), as refs into the mirror. */
import type { Ref } from './choices.ts'
import type { Desk } from './desk.ts'

const TABLES: Record<string, string> = {
  deploy: 'deployments',
  svc: 'services',
  po: 'pods',
  no: 'nodes',
  rs: 'replicasets',
  sts: 'statefulsets',
  ds: 'daemonsets',
  netpol: 'networkpolicies',
  networkpolicy: 'networkpolicies',
}

/** Null when there is no such object. */
export function refFrom({ mirror }: Desk, words: string, namespace = 'default'): Ref | null {
  const [kind = '', name = ''] = words.toLowerCase().split('/')
  const tables = [TABLES[kind], kind, `${kind}s`].filter((table): table is string => Boolean(table))
  for (const table of tables) {
    for (const key of [`${namespace}/${name}`, name]) if (mirror.get(table, key)) return { table, key }
  }
  return null
}
