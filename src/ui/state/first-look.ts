/** The moment when the cluster has been drawn for the first time: what nobody misses before that waits for it. */

/** A cluster that cannot be shown keeps nothing waiting. */
const LONGEST_MS = 10_000

let tell: () => void = () => {}

export const firstLook = new Promise<void>((resolve) => {
  tell = resolve
  setTimeout(resolve, LONGEST_MS)
})

export const looked = (): void => tell()
