/** Control flow of scripts: conditions and loops, one step at a time. */
import type { Node, Redirect } from './parse.ts'
import type { Frame, Thread } from './thread.ts'

type Control = Node & { k: 'and' | 'or' | 'not' | 'if' | 'while' | 'for' }

/** What control flow needs of the shell. */
interface Stack {
  push(thread: Thread, n: Node): void
  pop(thread: Thread): void
  words(words: readonly string[], thread: Thread): string[]
}

export function control(thread: Thread, frame: Frame, n: Control, shell: Stack): void {
  switch (n.k) {
    case 'and':
    case 'or':
      if (frame.i++ === 0) {
        shell.push(thread, n.a)
        return
      }
      shell.pop(thread)
      if ((thread.status === 0) === (n.k === 'and')) shell.push(thread, n.b)
      return
    case 'not':
      if (frame.i++ === 0) {
        shell.push(thread, n.n)
        return
      }
      thread.status = thread.status === 0 ? 1 : 0
      shell.pop(thread)
      return
    case 'if':
      branch(thread, frame, n, shell)
      return
    case 'while':
      loop(thread, frame, n, shell)
      return
    case 'for':
      each(thread, frame, n, shell)
  }
}

function branch(thread: Thread, frame: Frame, n: Node & { k: 'if' }, shell: Stack): void {
  if (frame.i++ === 0) {
    shell.push(thread, n.c)
    return
  }
  shell.pop(thread)
  const chosen = thread.status === 0 ? n.t : n.e
  thread.status = 0
  if (chosen) shell.push(thread, chosen)
}

function loop(thread: Thread, frame: Frame, n: Node & { k: 'while' }, shell: Stack): void {
  if (frame.i === 0) {
    frame.i = 1
    shell.push(thread, n.c)
    return
  }
  if (frame.i === 1 && (thread.status === 0) === n.until) {
    thread.status = 0
    shell.pop(thread)
    return
  }
  frame.i = frame.i === 1 ? 2 : 0
  if (frame.i === 2) shell.push(thread, n.b)
}

function each(thread: Thread, frame: Frame, n: Node & { k: 'for' }, shell: Stack): void {
  frame.items ??= n.words ? shell.words(n.words, thread) : [...thread.args]
  const item = frame.items[frame.i]
  if (item === undefined) {
    shell.pop(thread)
    return
  }
  frame.i += 1
  thread.vars[n.name] = item
  shell.push(thread, n.b)
}

interface Groups {
  pop(thread: Thread): void
  push(thread: Thread, node: Node): void
  redirected(thread: Thread, redirects: readonly Redirect[]): Thread['streams'] | null
}

/** `{ …; }` and `( … )`. */
export function group(shell: Groups, thread: Thread, frame: Frame, n: Node & { k: 'group' }): void {
  if (frame.i > 0) {
    shell.pop(thread)
    return
  }
  frame.i = 1
  const streams = shell.redirected(thread, n.redirects)
  if (!streams) {
    thread.status = 1
    shell.pop(thread)
    return
  }
  // What a subshell changes is put back when it ends.
  if (n.own) frame.outer = { vars: { ...thread.vars }, cwd: thread.cwd, functions: thread.functions }
  frame.streams = thread.streams
  thread.streams = streams
  shell.push(thread, n.b)
}
