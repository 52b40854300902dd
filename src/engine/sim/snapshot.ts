/** Snapshots in memory: plain state copied by value, in which whatever nobody changes is shared by reference. */

/** What the API server has stored, and records that were frozen when they were written down: both are never changed. */
const isShared = (value: any): boolean => typeof value.metadata?.resourceVersion === 'string' || Object.isFrozen(value)

/** A copy that its original cannot change any more. Far cheaper than `pack`, and good for this process only. */
export function snapshot<T>(value: T): T {
  return copy(value) as T
}

function copy(value: any): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const list = new Array(value.length)
    for (let i = 0; i < value.length; i++) list[i] = copy(value[i])
    return list
  }
  if (isShared(value)) return value
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice()
  const made: Record<string, unknown> = {}
  for (const key in value) made[key] = copy(value[key])
  return made
}
