/** vi, by what is typed: the file it leaves, and what its screen says. */
import { describe, expect, it } from 'vitest'
import { Machine, runCommand } from '../testing/machine.ts'

const ESC = '\x1b'

/** An editor in a terminal of ten lines, over a file. */
function editing(text: string | null, ...args: string[]) {
  const machine = new Machine()
  machine.spawn(['sleep', 'infinity'], null)
  machine.kernel.run(machine.state.now)
  if (text !== null) machine.spawn(['sh', '-c', 'cat > /tmp/f'], text)
  machine.advance(0)
  const tty = machine.kernel.terminals.create(10, 40)
  const { opens } = machine.kernel
  const file = opens.make('tty', { tty: tty.id, path: '/dev/pts/0' })
  const fds = { 0: opens.keep(file).id, 1: opens.keep(file).id, 2: opens.keep(file).id }
  const env = { PATH: '/usr/bin:/bin' }
  const proc = machine.kernel.spawn({ argv: ['vi', ...args, '/tmp/f'], fds, env, tty: tty.id })
  machine.advance(0)
  const bottom = (): string => {
    const all = machine.out.split('\x1b[10;1H\x1b[K')
    return (all.at(-1) ?? '').replace(/\x1b\[\??[\d;]*[a-zA-Z]/g, '').replace(/~.*/s, '')
  }
  const self = {
    type(...keys: string[]) {
      for (const piece of keys) {
        machine.kernel.terminals.type(tty.id, piece)
        machine.advance(0, true)
      }
      return self
    },
    bottom,
    ended: () => machine.ends[proc.pid],
    tty: () => machine.state.ttys[tty.id],
    screen: () => machine.out,
    file: () => {
      const before = machine.out.length
      machine.spawn(['cat', '/tmp/f'], null)
      machine.advance(0)
      return machine.out.slice(before)
    },
  }
  return self
}
const edited = (text: string, ...keys: string[]): string =>
  editing(text)
    .type(...keys, `${ESC}:wq\r`)
    .file()

describe('vi', () => {
  it('inserts, appends and opens lines', () => {
    expect(edited('b\n', 'ia')).toBe('ab\n')
    expect(edited('a\n', 'ab')).toBe('ab\n')
    expect(edited('  b\n', 'Ia', `${ESC}Ac`)).toBe('  abc\n')
    expect(edited('b\n', `oc${ESC}`, 'kOa')).toBe('a\nb\nc\n')
    expect(edited('ac\n', 'lix\ry\x7fb')).toBe('ax\nbc\n')
  })
  it.each([
    ['a b c\n', 'dw', 'b c\n'],
    ['a b c\n', 'wD', 'a \n'],
    ['a b c\n', '2dw', 'c\n'],
    ['one two\n', `cwsix${ESC}`, 'six two\n'],
    ['one two\n', `$bcwsix${ESC}`, 'one six\n'],
    ['one two\nx\n', 'wdwj', 'one \nx\n'],
    ['image: nginx:1.1\n', `f:;lC2.0${ESC}`, 'image: nginx:2.0\n'],
    ['a(b, c)d\n', `f(d%`, 'ad\n'],
    ['a\nb\nc\n', 'dd', 'b\nc\n'],
    ['a\nb\nc\n', 'jdG', 'a\n'],
    ['a\nb\nc\n', 'Gdgg', '\n'],
    ['a\nb\nc\n', 'ddp', 'b\na\nc\n'],
    ['a\nb\n', 'yyjp', 'a\nb\na\n'],
    ['a\nb\n', 'yyjP', 'a\na\nb\n'],
    ['ab\n', 'xp', 'ba\n'],
    ['a\nb\n', '2yyGp', 'a\nb\na\nb\n'],
    ['a\n  b\n', 'J', 'a b\n'],
    ['abc\n', 'lrx', 'axc\n'],
    ['abc\n', '3x', '\n'],
    ['abc\n', '~l~', 'AbC\n'],
    ['abc\n', `Rxy${ESC}`, 'xyc\n'],
    ['a\nb\nc\n', 'jcchi', 'a\nhi\nc\n'],
    ['a\nb\n', '>>', '\ta\nb\n'],
    ['a b\na b\n', `cwx${ESC}j0.`, 'x b\nx b\n'],
    ['a\nb\nc\n', '\x1b[B\x1b[Bx', 'a\nb\n\n'],
    ['a b.c d\n', 'WdW', 'a d\n'],
  ])('makes of %j by %j', (before, keys, expected) => expect(edited(before, keys)).toBe(expected))
  it('undoes, as often as it likes, and knows the text is as it was', () => {
    expect(edited('a\nb\n', 'ddxu', 'u')).toBe('a\nb\n')
    const one = editing('a\n').type('x', 'u', ':q\r')
    expect(one.ended()).toBe(0)
  })
  it('searches on and back, round the end', () => {
    expect(edited('x\nfoo\ny\nfoo\n', '/foo\r', 'n', 'x')).toBe('x\nfoo\ny\noo\n')
    expect(edited('x\nfoo\ny\nfoo\n', '/foo\r', 'N', 'x')).toBe('x\nfoo\ny\noo\n')
    expect(edited('x\nfoo\ny\nfoo\n', 'G?foo\r', 'x')).toBe('x\noo\ny\nfoo\n')
    expect(editing('a\n').type('/zz\r').bottom()).toBe('Pattern not found')
  })
  it('substitutes on a line, a range, everywhere', () => {
    expect(edited('a a\na\n', ':s/a/b\r')).toBe('b a\na\n')
    expect(edited('a a\na\n', ':%s/a/b/g\r')).toBe('b b\nb\n')
    expect(edited('a\na\na\n', ':2,$s/a/[&]/\r')).toBe('a\n[a]\n[a]\n')
    expect(edited('/x\n', ':s#/x#/y#\r')).toBe('/y\n')
    expect(edited('a/b\n', ':s/a\\/\\(b\\)/\\1/\r')).toBe('b\n')
    expect(editing('a a\na\n').type(':%s/a/b/g\r').bottom()).toBe('3 substitutions on 2 lines')
    expect(editing('a\n').type(':s/x/y\r').bottom()).toBe('No match')
  })
  it('goes to lines, and says where it is', () => {
    const one = editing('a\nb\nc\nd\n')
    expect(one.bottom()).toBe('- /tmp/f 1/4 25%')
    expect(one.type('G').bottom()).toBe('- /tmp/f 4/4 100%')
    expect(one.type(':2\r').bottom()).toBe('- /tmp/f 2/4 50%')
    expect(one.type('3G').bottom()).toBe('- /tmp/f 3/4 75%')
    expect(one.type('gg').bottom()).toBe('- /tmp/f 1/4 25%')
    expect(one.type('ix').bottom()).toBe('I /tmp/f [Modified] 1/4 25%')
  })
  it('does not leave changes behind unless it must', () => {
    const one = editing('a\n').type('x', ':q\r')
    expect(one.bottom()).toBe('No write since last change (:q! overrides)')
    expect(one.ended()).toBeUndefined()
    expect(one.type(':q!\r').ended()).toBe(0)
    expect(one.file()).toBe('a\n')
  })
  it('writes with :w, :x, ZZ, and into other files', () => {
    const one = editing('a\nb\n').type('x', ':w\r')
    expect(one.bottom()).toBe("'/tmp/f' 2L, 3C")
    expect(one.type('jx', 'ZZ').ended()).toBe(0)
    expect(one.file()).toBe('\n\n')
    expect(editing('a\n').type(':w /nowhere/f\r').bottom()).toBe("'/nowhere/f' No such file or directory")
    expect(editing('a\n').type(':frobnicate\r').bottom()).toBe("'frobnicate' is not implemented")
  })
  it('begins a file that is not there, and gives the terminal back as it was', () => {
    const one = editing(null).type('inew', `${ESC}`)
    expect(one.tty()).toMatchObject({ canonical: false, echo: false, signals: false })
    one.type(':wq\r')
    expect(one.file()).toBe('new\n')
    expect(one.tty()).toMatchObject({ canonical: true, echo: true, signals: true })
    expect(one.screen()).toMatch(/\x1b\[\?1049h[^]*\x1b\[\?1049l/)
  })
  it('does as it is told by a pipe, and ends with it', () => {
    expect(runCommand(['sh', '-c', "echo a > f; printf 'x:wq\\n' | vi f; cat f"]).out).toBe('\n')
    expect(runCommand(['sh', '-c', 'vi f < /dev/null; echo $?'])).toMatchObject({
      out: '1\n',
      err: "vi: can't read user input\n",
    })
  })
  it('scrolls to the cursor and sends only the rows that changed', () => {
    const one = editing(Array.from({ length: 50 }, (_, i) => `line ${i + 1}\n`).join(''))
    const before = one.screen().length
    one.type('j')
    expect(one.screen().slice(before)).not.toContain('line')
    one.type('G')
    expect(one.screen().slice(before)).toContain('line 50')
    expect(one.type('\x02', 'x').bottom()).toMatch(/Modified\] 4\d\/50/)
  })
})
