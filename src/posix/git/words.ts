/** How git ends when it cannot go on: its words, and its exit status. */
export class Fatal extends Error {
  readonly status: number
  constructor(message: string, status = 128) {
    super(message)
    this.status = status
  }
}

/** `fatal: …`, and 128. */
export const fatal = (message: string): never => {
  throw new Fatal(`fatal: ${message}`)
}
/** `error: …`, and 1 if nothing else is said. */
export const wrong = (message: string, status = 1): never => {
  throw new Fatal(`error: ${message}`, status)
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
