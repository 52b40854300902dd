/** One thing that must hold of a lesson. */
export interface Proof {
  name: string
  /** Throws when it does not hold, and says why. */
  prove(): Promise<void>
}

export function demand(so: boolean, message: string): asserts so {
  if (!so) throw new Error(message)
}
