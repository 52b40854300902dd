/** Resources that somebody else has told of a node: what its kubelet lets Pods have of them (kubelet nodestatus.MachineInfo). */
import type { Node, Quantity } from '#api/kinds.ts'

export function promisesOf(
  { capacity = {}, allocatable = {} }: NonNullable<Node['status']>,
  own: object,
): Record<string, Quantity | null> | null {
  const changes: Record<string, Quantity | null> = {}
  for (const [name, amount] of Object.entries(capacity)) {
    if (!(name in own) && allocatable[name] !== amount) changes[name] = amount
  }
  for (const name of Object.keys(allocatable)) if (!(name in own) && !(name in capacity)) changes[name] = null
  return Object.keys(changes).length > 0 ? changes : null
}
