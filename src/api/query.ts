/** A URL's query, read as browsers and servers do; for the engine, whose language has no `URLSearchParams`. */

/** Null when an escape is none: such a pair counts as not sent, as in Go. */
function decoded(text: string): string | null {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return /%(?![\da-f]{2})/i.test(spaced) ? null : spaced.replace(/(?:%[89a-f][\da-f])+/gi, characters)
  }
}

/** What is no UTF-8 is shown as one unknown character. */
const characters = (bytes: string): string => {
  try {
    return decodeURIComponent(bytes)
  } catch {
    return '\ufffd'
  }
}

function pair(text: string): [string, string][] {
  const cut = text.indexOf('=')
  const [key, value] = cut < 0 ? [decoded(text), ''] : [decoded(text.slice(0, cut)), decoded(text.slice(cut + 1))]
  return key === null || value === null || text.includes(';') ? [] : [[key, value]]
}

export class Query {
  #pairs: [string, string][]

  /** `limit=5&watch=1`, without the question mark. */
  constructor(text = '') {
    this.#pairs = text.split('&').flatMap((part) => (part === '' ? [] : pair(part)))
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
