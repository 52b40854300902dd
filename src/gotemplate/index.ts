/** Go's text/template: parses texts into named templates, and runs them over data. The door of this zone. */
import { BUILTINS } from './builtins.ts'
import { execute, type MissingKey } from './exec.ts'
import type { Part, Tree } from './nodes.ts'
import { parseTemplate, TemplateError } from './parser.ts'
import { goQuote } from './quote.ts'
import type { GoFunction, Value } from './values.ts'

export { htmlEscaped } from './escape.ts'
export type { MissingKey } from './exec.ts'
export { floatText } from './float.ts'
export { goSprint, goSprintf, goSprintln, shown } from './format.ts'
export { TemplateError } from './parser.ts'
export { goQuote, goUnquote } from './quote.ts'
export {
  compareBytes,
  fn,
  type GoFunction,
  GoInt,
  GoObject,
  integerOf,
  isMap,
  mapOf,
  type ParameterType,
  sortedEntries,
  truth,
  typeName,
  type Value,
} from './values.ts'

const isEmpty = (parts: readonly Part[]): boolean => parts.every((part) => part.kind === 'text' && part.text.trim() === '')

/** Templates that know each other by name. */
export class TemplateSet {
  readonly #trees = new Map<string, Tree>()
  readonly #functions: Readonly<Record<string, GoFunction>>
  missingKey: MissingKey = 'default'

  constructor(functions: Readonly<Record<string, GoFunction>> = {}) {
    this.#functions = functions
  }

  /** A set of its own that begins with the same templates, as Go's `Clone`; other functions may be given. */
  clone(functions: Readonly<Record<string, GoFunction>> = this.#functions): TemplateSet {
    const set = new TemplateSet(functions)
    for (const [name, tree] of this.#trees) set.#trees.set(name, tree)
    set.missingKey = this.missingKey
    return set
  }

  has(name: string): boolean {
    return this.#trees.has(name)
  }

  get names(): string[] {
    return [...this.#trees.keys()]
  }

  /**
   * Adds a text's templates; later ones replace earlier ones unless they are empty. Within one text a name may stand only once.
   * `anew`: the text itself counts even when it is empty, as Go's `New(name).Parse(text)`.
   */
  parse(name: string, text: string, anew = false): this {
    const known = (word: string): boolean => Object.hasOwn(this.#functions, word) || Object.hasOwn(BUILTINS, word)
    const trees = parseTemplate(name, text, known)
    const seen = new Map<string, Tree>()
    for (const tree of trees) {
      const before = seen.get(tree.name)
      if (before && !isEmpty(before.parts) && !isEmpty(tree.parts)) {
        throw new TemplateError(`template: ${name}:1: template: multiple definition of template ${goQuote(tree.name)}`)
      }
      if (!before || isEmpty(before.parts)) seen.set(tree.name, tree)
    }
    for (const tree of seen.values()) {
      if (!this.#trees.has(tree.name) || !isEmpty(tree.parts) || (anew && tree.name === name)) this.#trees.set(tree.name, tree)
    }
    return this
  }

  /** Runs one of the templates; throws a {@link TemplateError} in Go's words. */
  execute(name: string, data: Value): string {
    return execute({ trees: this.#trees, functions: this.#functions, missingKey: this.missingKey }, name, data)
  }
}
