/** Redirections: opens what they name, and puts it where they say. */
import type { OpenFile } from '../state.ts'
import { failed } from '../vfs.ts'
import type { Expander } from './expand.ts'
import type { Interpreter } from './interpreter.ts'
import { cannotOpen } from './messages.ts'
import type { Frame } from './state.ts'
import type { Redirect } from './syntax.ts'

/** The words behind redirections. */
export const targets = (redirects: readonly Redirect[], expander: Expander): string[] =>
  redirects.map((redirect) => (redirect.op === '<<<' ? `${expander.text(redirect.word)}\n` : expander.text(redirect.word)))

/** Applies them; what was there is kept in `frame.saved` (unless `keep`: for good). False: one failed, and that was said. */
export function apply(
  it: Interpreter,
  frame: Frame,
  redirects: readonly Redirect[],
  words: readonly string[],
  keep = false,
): boolean {
  if (!keep) frame['saved'] ??= {}
  for (const [i, redirect] of redirects.entries()) {
    const why = one(it, frame, redirect, words[i] as string, keep)
    if (why === '') continue
    it.say(why)
    return false
  }
  return true
}

function place(it: Interpreter, frame: Frame, fd: number, file: OpenFile | null, keep: boolean): void {
  const { fds } = it.proc
  if (file) it.sys.kernel.opens.keep(file)
  const saved = frame['saved'] as Record<string, number> | undefined
  if (!keep && saved && !(fd in saved)) {
    saved[fd] = fds[fd] ?? 0
    delete fds[fd]
  } else it.sys.close(fd)
  if (file) fds[fd] = file.id
}

function one(it: Interpreter, frame: Frame, redirect: Redirect, word: string, keep: boolean): string {
  const { sys, st } = it
  const { fd, op } = redirect
  if (op === '<<' || op === '<<<') {
    place(it, frame, fd, sys.kernel.opens.make('text', { text: word, write: false }), keep)
    return ''
  }
  if (op === '>&' || op === '<&') return duplicate(it, frame, fd, op, word, keep)
  const writes = op !== '<'
  if (op === '>' && st.options.includes('C')) {
    const found = sys.at(word)
    if (!failed(found) && found.node.k === 'f')
      return st.flavour === 'bash' ? `${word}: cannot overwrite existing file` : `can't create ${word}: File exists`
  }
  const file = sys.openFile(word, {
    read: op === '<' || op === '<>',
    write: writes,
    append: op === '>>' || op === '&>>',
    create: writes,
    truncate: op === '>' || op === '>|' || op === '&>',
  })
  if (failed(file))
    return word === ''
      ? `${st.flavour === 'bash' ? '' : "can't create "}: No such file or directory`
      : cannotOpen(st, word, file, writes)
  place(it, frame, fd, file, keep)
  if (op.startsWith('&')) place(it, frame, 2, file, keep)
  return ''
}

function duplicate(it: Interpreter, frame: Frame, fd: number, op: string, word: string, keep: boolean): string {
  const { sys, st } = it
  if (word === '-') {
    place(it, frame, fd, null, keep)
    return ''
  }
  const from = /^(\d+)(-?)$/.exec(word)
  if (!from) {
    if (op === '>&' && st.flavour === 'bash') {
      const file = sys.openFile(word, { write: true, create: true, truncate: true })
      if (failed(file)) return cannotOpen(st, word, file, true)
      place(it, frame, 1, file, keep)
      place(it, frame, 2, file, keep)
      return ''
    }
    return st.flavour === 'bash' ? `${word}: ambiguous redirect` : `syntax error: bad fd number`
  }
  const file = sys.file(Number(from[1]))
  if (!file)
    return st.flavour === 'bash'
      ? `${word}: Bad file descriptor`
      : st.flavour === 'dash'
        ? `${word}: Bad file descriptor`
        : `dup2(${from[1]},${fd}): Bad file descriptor`
  place(it, frame, fd, file, keep)
  if (from[2]) place(it, frame, Number(from[1]), null, keep)
  return ''
}
