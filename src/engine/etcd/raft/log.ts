/** The log that the members have agreed on: an entry for each revision of the store, and some that are only Raft's. */
import type { RaftEntry } from './member.ts'

/** Entries before the store's first revision: who is in the cluster, and who it is. */
const FIRST_INDEX = 5
/** So many of Raft's own entries, and of the beginnings of terms, are remembered. */
const REMEMBERED = 16

export class CommonLog {
  readonly #revision: () => number
  /** How far the index is ahead of the store's revision. */
  #ahead = FIRST_INDEX
  /** Entries that changed no key. */
  #marks: RaftEntry[] = []
  /** The index at which a term began. */
  #eras: [index: number, term: number][]

  constructor(revision: () => number, term: number) {
    this.#revision = revision
    this.#eras = [[0, term]]
  }

  get index(): number {
    return this.#revision() + this.#ahead
  }
  /** The store's revision at an index. */
  revisionAt(index: number): number {
    return index - this.#ahead + this.#marks.filter((each) => each.index > index).length
  }

  termAt(index: number): number {
    return this.#eras.findLast(([first]) => index >= first)?.[1] ?? this.#eras[0]?.[1] ?? 0
  }

  markAt(index: number): RaftEntry | undefined {
    return this.#marks.find((each) => each.index === index)
  }
  /** An entry that changes no key is committed. */
  mark(term: number, text: string): void {
    this.begin(term)
    this.#ahead += 1
    this.#marks = [...this.#marks, { index: this.index, term, text }].slice(-REMEMBERED)
  }

  /** What is committed from here on is of this term. */
  begin(term: number): void {
    if (this.termAt(this.index) < term)
      this.#eras = [...this.#eras, [this.index + 1, term] as [number, number]].slice(-REMEMBERED)
  }

  /** The store is another one, with a log that has only begun: an entry for each member, in the first term. */
  begun(index: number): void {
    this.#ahead = index - this.#revision()
    this.#marks = []
    this.#eras = [[0, 1]]
  }

  save(): unknown {
    return { ahead: this.#ahead, marks: this.#marks, eras: this.#eras }
  }
  load(saved: any): void {
    this.#ahead = saved.ahead
    this.#marks = [...saved.marks]
    this.#eras = [...saved.eras]
  }
}
