/** Gathers the fields a word becomes: what is split, what stays whole, and what may still be a file pattern. */
import { literal } from './pattern.ts'

const PLAIN = /^[\w .,:;/=]*$/

export class Fields {
  readonly list: string[] = []
  readonly #glob: (pattern: string) => string[] | null
  readonly #separators: string
  #text = ''
  #pattern = ''
  #begun = false
  #magic = false

  constructor(separators: string, glob: (pattern: string) => string[] | null) {
    this.#separators = separators
    this.#glob = glob
  }

  /** Text that stays as it is; even when empty there is a field. */
  quoted(text: string): void {
    this.#begun = true
    this.#text += text
    this.#pattern += PLAIN.test(text) ? text : literal(text)
  }

  /** Text of the script itself: not split, but a pattern. */
  plain(text: string): void {
    this.#begun = true
    this.#add(text)
  }

  #add(text: string): void {
    this.#text += text
    this.#pattern += text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
    if (!this.#magic && /[*?[]/.test(text)) this.#magic = true
  }

  /** The value of an unquoted expansion. */
  split(text: string): void {
    if (text === '') return
    const separators = this.#separators
    if (separators === '') {
      this.plain(text)
      return
    }
    let piece = ''
    for (let i = 0; i < text.length; ) {
      const c = text[i] as string
      if (!separators.includes(c)) {
        piece += c
        i += 1
        continue
      }
      if (piece !== '') this.plain(piece)
      piece = ''
      // Blanks around another separator belong to it.
      let hard = false
      while (i < text.length && separators.includes(text[i] as string)) {
        const blank = ' \t\n'.includes(text[i] as string)
        if (!blank && hard) break
        if (!blank) hard = true
        i += 1
      }
      if (hard) this.#begun = true
      this.end()
    }
    if (piece !== '') this.plain(piece)
  }

  /** A field is complete, if one has begun. */
  end(): void {
    if (!this.#begun) return
    const found = this.#magic ? this.#glob(this.#pattern) : []
    if (found !== null) this.list.push(...(found.length > 0 ? found : [this.#text]))
    this.#text = ''
    this.#pattern = ''
    this.#begun = false
    this.#magic = false
  }
}
