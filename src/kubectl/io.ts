/** The surroundings of a command: a terminal in the page, Node, or a story in virtual time. */

export interface Tty {
  size(): { columns: number; rows: number }
  /** Told of every new size, until stopped. */
  onResize(see: () => void): () => void
  /** Keys as they are pressed, or lines again. */
  raw(on: boolean): void
}

/** A connection to a port of one's own machine. */
export interface Caller {
  input: AsyncIterable<string>
  write(text: string): void
  end(): void
}

/** A request to a server of one's own machine. */
export interface WebRequest {
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string>
  body: string
}

export interface Reply {
  head(status: number, headers: Record<string, string>): void
  write(text: string): void
  end(): void
  /** Told when nobody waits for the rest any more. */
  onGone(see: () => void): void
}

/** What a command may use of its surroundings. Text holds any bytes in the sense of `bytes.ts`. */
export interface Io {
  out(text: string): void
  err(text: string): void
  /** All of standard input. */
  stdin(): Promise<string>
  /** Standard input as it comes, for commands that pass it on; without it all of it is read first. */
  input?(): AsyncIterable<string>
  /** The terminal's size, and raw keys for as long as a session lasts; absent where there is no terminal. */
  tty?: Tty
  /** Files of the working directory; throws an error whose message is the system's (`no such file or directory`). */
  read(path: string): Promise<string>
  /** Names in a directory, or null when it is none. */
  list(path: string): Promise<string[] | null>
  /** Writes a file, and the directories above it; absent where there are no files to write. */
  write?(path: string, text: string): Promise<void>
  remove?(path: string): Promise<void>
  /** Lets somebody edit a text; absent where there is no editor. `name` is the file's, for the editor's colours. */
  edit?(text: string, name: string): Promise<string>
  /** Programs of one's own machine, in front of the same streams; absent where none can be started. */
  programs?: {
    /** What a file is: something to run, some other file, or none at all. */
    kind(path: string): Promise<'program' | 'file' | null>
    /** Runs a program with the words behind it; resolves with its exit status. */
    run(argv: readonly string[]): Promise<number>
  }
  /** Fetches a text from the web, for `-f URL`; absent where other servers cannot be reached. */
  fetch?(url: string): Promise<string>
  /**
   * Hears at a port of one's own machine (0: any); resolves with the port, and what ends it. Absent where there are none.
   * Throws an error whose message is the system's.
   */
  listen?(host: string, port: number, come: (caller: Caller) => void): Promise<{ port: number; stop(): void }>
  /** Answers HTTP at a port or a socket of one's own machine; resolves with the address, and what ends it. */
  serve?(
    where: { host: string; port: number } | { socket: string },
    answer: (request: WebRequest, reply: Reply) => void,
  ): Promise<{ address: string; stop(): void }>
  /** A variable of the environment. */
  env?(name: string): string | undefined
  /** Milliseconds since 1970, by the clock that ages are told by. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Remembers the context's namespace (`config set-context --current --namespace`); undefined where nothing can. */
  useNamespace?(namespace: string): void
  readonly signal: AbortSignal
}
