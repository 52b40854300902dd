/** Packing: the world as text in which the immutable API objects are written once, however many parts hold them. */

/**
 * Stores, caches and logs share their objects, and parts compare them by reference to see what did not change.
 * So what is equal is written once, and after unpacking it is one object again. Everything else is plain state
 * that its part changes in place, and stays apart. Equal worlds give equal texts.
 */
export function pack(state: unknown): string {
  const packer = new Packer()
  const root = packer.write(state)
  return `{"objects":[${packer.table.join(',')}],"root":${root}}`
}

export function unpack(text: string): any {
  const { objects, root } = JSON.parse(text) as { objects: Container[]; root: unknown }
  // Children stand before their parents.
  for (const object of objects) {
    for (const key in object) if (typeof object[key] === 'object' && object[key]) object[key] = objects[object[key][0]]
  }
  return restore(root, objects)
}

type Container = Record<string, any>

/** Objects as the API server has stored them: nobody changes them, so they can be shared. */
const isStored = (value: Container): boolean => typeof value['metadata']?.resourceVersion === 'string'

class Packer {
  /** In an object of the table a child is written as its place in the table: `[7]`. */
  readonly table: string[] = []
  #places = new Map<object, number>()
  #texts = new Map<string, number>()

  write(value: unknown): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
    if (Array.isArray(value)) return `[${value.map((each) => this.write(each)).join(',')}]`
    if (isStored(value)) return `{"$":${this.#place(value)}}`
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    // An object of somebody's own with the key of references: as a list of entries.
    if ('$' in value) return `{"$":${this.write(entries)}}`
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${this.write(each)}`).join(',')}}`
  }

  #place(value: object): number {
    const known = this.#places.get(value)
    if (known !== undefined) return known
    const text = Array.isArray(value) ? `[${value.map((each) => this.#child(each)).join(',')}]` : this.#object(value)
    let place = this.#texts.get(text)
    if (place === undefined) {
      place = this.table.push(text) - 1
      this.#texts.set(text, place)
    }
    this.#places.set(value, place)
    return place
  }

  #object(value: object): string {
    const parts: string[] = []
    for (const [key, each] of Object.entries(value)) {
      if (each !== undefined) parts.push(`${JSON.stringify(key)}:${this.#child(each)}`)
    }
    return `{${parts.join(',')}}`
  }

  #child(value: unknown): string {
    return typeof value === 'object' && value !== null ? `[${this.#place(value)}]` : (JSON.stringify(value) ?? 'null')
  }
}

function restore(value: any, objects: readonly Container[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  const reference = Array.isArray(value) ? undefined : value.$
  if (typeof reference === 'number') return objects[reference]
  if (reference !== undefined) return Object.fromEntries(restore(reference, objects) as [string, unknown][])
  for (const key in value) value[key] = restore(value[key], objects)
  return value
}
