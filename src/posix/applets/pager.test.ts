/** less and more, by their keys and what the screen shows. */
import { describe, expect, it } from 'vitest'
import { Machine, runCommand } from '../testing/machine.ts'

/** A command line in a terminal of five lines. */
function terminal(line: string) {
  const machine = new Machine()
  machine.spawn(['sleep', 'infinity'], null)
  machine.kernel.run(machine.state.now)
  const tty = machine.kernel.terminals.create(5, 20)
  const { opens } = machine.kernel
  const file = opens.make('tty', { tty: tty.id, path: '/dev/pts/0' })
  const fds = { 0: opens.keep(file).id, 1: opens.keep(file).id, 2: opens.keep(file).id }
  const proc = machine.kernel.spawn({ argv: ['sh', '-c', line], fds, env: { PATH: '/usr/bin:/bin' }, tty: tty.id })
  proc.pgid = proc.pid
  tty.foreground = proc.pid
  machine.advance(0)
  return {
    /** What the keys have brought onto the screen, without its control sequences. */
    type(keys: string): string {
      machine.out = ''
      machine.kernel.terminals.type(tty.id, keys)
      machine.advance(0, true)
      return machine.out.replace(/\x1b\[\??[\d;]*[a-zA-Z]/g, '').replaceAll('\r', '')
    },
    ended: () => machine.ends[proc.pid],
    tty: () => machine.state.ttys[tty.id],
    shown: () => machine.out.replace(/\x1b\[\??[\d;]*[a-zA-Z]/g, '').replaceAll('\r', ''),
  }
}

describe('less', () => {
  it('pages through what comes in a pipe, with keys from the terminal', () => {
    const { type, ended, shown, tty } = terminal('seq 1 12 | less; echo after')
    expect(shown()).toBe('1\n2\n3\n4\n:')
    expect(type(' ')).toBe('5\n6\n7\n8\n:')
    expect(type('j')).toBe('6\n7\n8\n9\n:')
    expect(type('b')).toBe('2\n3\n4\n5\n:')
    expect(type('\x1b[A')).toBe('1\n2\n3\n4\n:')
    expect(type('G')).toBe('9\n10\n11\n12\n(END)')
    expect(type('g')).toBe('1\n2\n3\n4\n:')
    expect(tty()?.canonical).toBe(false)
    expect(type('q')).toBe('after\n')
    expect(ended()).toBe(0)
    expect(tty()).toMatchObject({ canonical: true, echo: true, signals: true })
  })
  it('finds patterns', () => {
    const { type } = terminal('seq 1 30 | less')
    expect(type('/2.\r')).toBe('20\n21\n22\n23\n:')
    expect(type('n')).toBe('21\n22\n23\n24\n:')
    expect(type('N')).toBe('20\n21\n22\n23\n:')
    expect(type('/zz\r')).toBe('20\n21\n22\n23\nPattern not found')
    expect(type('?^1\r')).toBe('19\n20\n21\n22\n:')
  })
  it('names its file, folds long lines and fills the screen', () => {
    expect(terminal('printf %025d 1 > /tmp/f; less /tmp/f').shown()).toBe(`${'0'.repeat(20)}\n00001\n~\n~\n(END)`)
    expect(terminal('seq 9 > /tmp/f; less /tmp/f').shown()).toBe('1\n2\n3\n4\n/tmp/f')
  })
  it('is cat where there is no terminal', () => {
    expect(runCommand(['sh', '-c', 'seq 3 | less; seq 2 > f; more f | cat']).out).toBe('1\n2\n3\n1\n2\n')
    expect(runCommand(['less', 'nope'])).toMatchObject({ status: 1 })
  })
})

describe('more', () => {
  it('goes on by screens and by lines, and ends with the text', () => {
    const { type, ended, shown } = terminal('seq 1 12 | more')
    expect(shown()).toMatch(/^1\n2\n3\n4\n--More-- \(\d+% of \d+ bytes\)$/)
    expect(type('\r')).toMatch(/^5\n--More--/)
    expect(type(' ')).toMatch(/^6\n7\n8\n9\n--More--/)
    expect(type(' ')).toBe('10\n11\n12\n')
    expect(ended()).toBe(0)
    const other = terminal('seq 1 12 | more')
    other.type('q')
    expect(other.ended()).toBe(0)
  })
})
