/** Releases (`v1.36.3`), compared. */

export interface Release {
  text: string
  minor: number
  patch: number
}

export function readRelease(text: string): Release | null {
  const found = /^v?1\.(\d+)\.(\d+)$/.exec(text)
  return found ? { text: text.startsWith('v') ? text : `v${text}`, minor: Number(found[1]), patch: Number(found[2]) } : null
}

/** Negative: the first is older. */
export const compared = (a: Release, b: Release): number => a.minor - b.minor || a.patch - b.patch
