import { expect, it } from 'vitest'
import type { Screen as ShellScreen, Terminal } from '#shell/shell.ts'
import { keysIn, Session } from './session.ts'

/** With `slow` the shell takes that long for each line. */
function bench(candidates: string[] = [], slow = 0) {
  const ran: string[] = []
  const got: string[] = []
  const kept = new Map<string, string>()
  let shown = ''
  const screen = { cols: 80, rows: 24, write: (text: string) => void (shown += text), clear: () => {} }
  const shell = {
    open: (end: ShellScreen): Terminal => {
      const line = (text: string | null): void => {
        ran.push(text ?? 'EOF')
        if (slow === 0) end.ask('$ ', false, '')
        else setTimeout(() => end.ask('$ ', false, ''), slow)
      }
      end.ask('$ ', false, '')
      return {
        line,
        giveUp: () => end.ask('$ ', false, ''),
        keys: (key) => void got.push(key),
        resize: () => {},
        close: () => {},
      }
    },
    complete: async () => candidates,
  }
  const storage = { lasting: true, get: (k: string) => kept.get(k) ?? null, set: (k: string, v: string) => void kept.set(k, v) }
  return { session: new Session(screen, shell, storage), ran, got, kept, shown: () => shown }
}
const soon = () => new Promise((done) => setTimeout(done, 5))

it('runs a line and remembers it', async () => {
  const { session, ran, kept } = bench()
  session.data('kubectl get pods\r')
  await soon()
  expect(ran).toEqual(['kubectl get pods'])
  expect(kept.get('history')).toBe('["kubectl get pods"]')
})

it('runs the greyed suggestion on an empty first line', async () => {
  const { session, ran } = bench()
  session.data('\r')
  await soon()
  expect(ran).toEqual(['kubectl get pods'])
})

it('keeps keys that come while Tab is looking', async () => {
  const { session, ran } = bench(['deployments'])
  session.data('kubectl get depl\t\r')
  await soon()
  expect(ran).toEqual(['kubectl get deployments '])
})

it('lets no control sequence of an answer reach the screen', () => {
  const { session, shown } = bench()
  session.show({ command: 'x', answer: 'a\x1b]0;title\x07b', failed: false })
  expect(shown()).toContain('a]0;titleb')
})

it('takes pasted text apart into keys', () => {
  expect(keysIn('ab\r\x1b[A\x03')).toEqual(['ab', '\r', '\x1b[A', '\x03'])
})

it('finds what was typed before with Ctrl-R', () => {
  const { session, ran } = bench()
  session.data('kubectl get nodes\rls\r\x12nod\r')
  expect(ran).toEqual(['kubectl get nodes', 'ls', 'kubectl get nodes'])
})

it('ends the shell with Ctrl-D on an empty line, and deletes with it on another', () => {
  const { session, ran } = bench()
  session.data('ab\x01\x04\r\x04')
  expect(ran).toEqual(['b', 'EOF'])
})

it('shows each of several pasted lines once, when the shell asks for it', async () => {
  const { session, ran, got, shown } = bench([], 2)
  session.data('echo one\recho two\recho three\r')
  await new Promise((done) => setTimeout(done, 40))
  expect(ran).toEqual(['echo one', 'echo two', 'echo three'])
  expect(got).toEqual([])
  expect(shown().split('echo two').length).toBe(shown().split('echo one').length)
})

it('gives a program that reads on what was pasted behind its command', async () => {
  const { session, ran, got } = bench([], 5000)
  session.data('cat\rhello\r')
  await new Promise((done) => setTimeout(done, 1100))
  expect(ran).toEqual(['cat'])
  expect(got.join('')).toBe('hello\r')
})
