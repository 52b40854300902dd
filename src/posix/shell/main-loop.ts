/** A shell that reads its commands line by line: from a terminal with prompts, or from whatever its input is. */
import { codeOf } from './code.ts'
import { collect, foregroundIs } from './forks.ts'
import type { Handler, Interpreter } from './interpreter.ts'
import { prompt } from './prompt.ts'
import type { Frame } from './state.ts'
import { own } from './variables.ts'

/** Aliases at the places of commands: plainly, word by word. */
function unalias(it: Interpreter, text: string): string {
  if (Object.keys(it.st.aliases).length === 0) return text
  let out = text
  const seen = new Set<string>()
  for (let n = 0; n < 10; n++) {
    const next = out.replace(
      /(^|[;&|(]\s*|\bdo\s+|\bthen\s+|\belse\s+)([\w.-]+)(?=[\s;&|)]|$)/gm,
      (all, before: string, word: string) => {
        const value = own(it.st.aliases, word)
        if (value === undefined || seen.has(word)) return all
        return before + value
      },
    )
    for (const name of Object.keys(it.st.aliases)) if (out !== next) seen.add(name)
    if (next === out) return out
    out = next
  }
  return out
}

function tellJobs(it: Interpreter): void {
  collect(it)
  for (const job of it.st.jobs) {
    if (job.told || job.id === 0 || Object.keys(job.ended).length < job.pids.length) continue
    job.told = true
    const status = job.ended[job.pids.at(-1) as number] ?? 0
    const bash = it.st.flavour === 'bash'
    const word =
      status === 0
        ? 'Done'
        : status === 143
          ? 'Terminated'
          : status === 137
            ? 'Killed'
            : bash
              ? `Exit ${status}`
              : `Done(${status})`
    it.sys.err(`[${job.id}]+  ${word.padEnd(bash ? 24 : 27)}${job.command}\n`)
  }
  it.st.jobs = it.st.jobs.filter((job) => !job.told || job.id === 0)
}

/** What a line editor answers when the line was given up. */
export const GIVEN_UP = '\x03'

/** The next line from whoever edits it, who also shows the prompt. */
function edited(it: Interpreter, f: Frame): string | null | undefined {
  const more = f['text'] !== ''
  const shown = f['call'] === undefined ? prompt(it, it.vars.get(more ? 'PS2' : 'PS1') ?? '') : ''
  return it.sys.call<string | null>(f as { call?: number }, { kind: 'line', prompt: shown, more, status: it.st.status })
}

export const main: Handler = (it, f) => {
  const { st, sys } = it
  const prompts = st.interactive && !st.sub
  if (f.i === 0) {
    if (prompts) {
      foregroundIs(it, it.proc.pgid)
      tellJobs(it)
      if (!f['editor']) sys.err(prompt(it, it.vars.get(f['text'] === '' ? 'PS1' : 'PS2') ?? ''))
    }
    f.i = 1
  }
  f['waits'] = false
  const line = f['editor'] ? edited(it, f) : sys.line(0)
  if (line === undefined) return false
  f.i = 0
  if (line === null) return ended(it, f)
  if (line === GIVEN_UP) {
    f['text'] = ''
    st.status = 130
    return true
  }
  const text = `${f['text']}${line}`
  if (prompts && text.trim() === '') {
    f['text'] = ''
    return true
  }
  const whole = unalias(it, text)
  const code = codeOf(whole, st.flavour)
  const last = code.nodes.find((node) => node.t === 'syntax')
  const open = openDocument(whole)
  if (((last?.t === 'syntax' && last.incomplete) || open || /\\\n$/.test(text)) && text.length < 1_000_000) {
    f['text'] = text
    return true
  }
  f['text'] = ''
  if (prompts && text.trim() !== '') st.history = [...st.history.slice(-999), text.replace(/\n$/, '')]
  it.pushText(whole)
  return true
}

function ended(it: Interpreter, f: { [key: string]: any }): boolean {
  const { st } = it
  const text = f['text'] as string
  f['text'] = ''
  if (text !== '') {
    it.pushText(text)
    return true
  }
  if (st.interactive && !st.sub && it.sys.isTty(0)) it.sys.err(st.flavour === 'bash' ? 'exit\n' : '')
  it.exit(st.status)
  return true
}

/** A here-document whose end has not come yet. */
function openDocument(text: string): boolean {
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    const m = /(?:^|[^<])<<(-?)\s*(["']?)([\w.-]+)\2/.exec(line)
    if (!m) continue
    const after = lines.slice(i + 1).map((l) => (m[1] ? l.replace(/^\t+/, '') : l))
    if (!after.includes(m[3] as string)) return true
  }
  return false
}
