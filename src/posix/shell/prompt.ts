/** Prompts: what backslashes and variables in PS1 stand for. */
import type { Interpreter } from './interpreter.ts'
import { escapeAt } from './words.ts'

export function prompt(it: Interpreter, text: string): string {
  const { sys, proc } = it
  const home = it.vars.get('HOME') ?? ''
  const { cwd } = proc
  const short = home !== '' && home !== '/' && (cwd === home || cwd.startsWith(`${home}/`)) ? `~${cwd.slice(home.length)}` : cwd
  const host = sys.kernel.state.hostname
  const shown = text.replace(/\\([0-7]{3}|.)/gs, (_all, c: string) => {
    switch (c) {
      case 'w':
        return short
      case 'W':
        return short === '/' || short === '~' ? short : (short.split('/').pop() as string)
      case '$':
        return proc.uid === 0 ? '#' : '$'
      case 'u':
        return proc.uid === 0 ? 'root' : (it.vars.get('USER') ?? 'I have no name!')
      case 'h':
        return host.split('.')[0] as string
      case 'H':
        return host
      case 's':
        return it.st.name.replace(/^-/, '').split('/').pop() as string
      case 'v':
        return '5.2'
      case '[':
      case ']':
        return ''
      default:
        return escapeAt(c, 0)[0]
    }
  })
  return shown.replace(/\$(\w+)|\$\{(\w+)\}/g, (_all, a: string, b: string) => it.vars.get(a ?? b) ?? '')
}
