/** A URL's query, read as browsers and servers do; for the engine, whose language has no `URLSearchParams`. */

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

export class Query {
  #pairs: [string, string][]

  /** `limit=5&watch=1`, without the question mark. */
  constructor(text = '') {
    this.#pairs = text
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const cut = part.indexOf('=')
        return cut < 0 ? [decoded(part), ''] : [decoded(part.slice(0, cut)), decoded(part.slice(cut + 1))]
      })
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#pairs[Symbol.iterator]()
  }
  get(name: string): string | null {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? null
  }
  getAll(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value)
  }
  has(name: string): boolean {
    return this.#pairs.some(([key]) => key === name)
  }
  set(name: string, value: string): void {
    this.#pairs = [...this.#pairs.filter(([key]) => key !== name), [name, value]]
  }
}
