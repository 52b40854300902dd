/** Types of `browser.mjs`. */
export function chromiumPath(env?: Record<string, string | undefined>): Promise<string | undefined | null>
export const launchArgs: string[]
