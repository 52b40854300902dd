/** The version of kubectl that this one follows. */
export const VERSION = 'v1.36.3'
