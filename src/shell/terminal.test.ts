/** The shell in front of a screen: what a user types, and what is seen. */
import { describe, expect, it } from 'vitest'
import { createShell } from './shell.ts'

const nowhere = { request: async () => ({ status: 503, headers: {}, body: '' }), watch: () => () => {} }

/** A terminal whose clock is moved by hand; keys go to the shell's lines or to its programs, as in the page. */
function desk() {
  let now = 0
  let timers: { at: number; wake(): void }[] = []
  let seen = ''
  let line: string | null = ''
  const shell = createShell({
    transport: nowhere,
    now: () => now,
    sleep: (ms) => new Promise((wake) => timers.push({ at: now + ms, wake })),
  })
  const screen = {
    size: () => ({ rows: 24, columns: 80 }),
    write: (text: string) => void (seen += text),
    ask(prompt: string, _more: boolean, typed: string) {
      seen += prompt.replace(/\x1b\[[\d;]*m/g, '')
      line = ''
      type(typed)
    },
  }
  const terminal = shell.open(screen)
  function type(text: string): void {
    for (const key of text) {
      if (line === null) terminal.keys(key)
      else if (key === '\r') {
        const whole = line
        line = null
        seen += `${whole}\r\n`
        terminal.line(whole)
      } else line += key
    }
  }
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms
    for (;;) {
      await new Promise((done) => setImmediate(done))
      const next = Math.min(end, ...timers.map((t) => t.at))
      if (next >= end && timers.every((t) => t.at > end)) break
      now = next
      const due = timers.filter((t) => t.at <= now)
      timers = timers.filter((t) => t.at > now)
      for (const { wake } of due) wake()
    }
    now = end
  }
  const take = (): string => {
    const text = seen.replaceAll('\r', '')
    seen = ''
    return text
  }
  return { type, pass, take, shell }
}

describe('the terminal', () => {
  it('takes a command over several lines, and a pasted here-document', () => {
    const { type, take } = desk()
    type('for i in 1 2; do\recho n$i\rdone\r')
    expect(take()).toBe('$ for i in 1 2; do\n> echo n$i\n> done\nn1\nn2\n$ ')
    type('cat <<EOF > x.yaml\rkind: Pod\rEOF\rcat x.yaml\r')
    expect(take()).toContain('kind: Pod\n$ ')
  })
  it('remembers variables, functions, the folder and aliases', () => {
    const { type, take } = desk()
    type('x=1\rf() { echo "$x $1"; }\rmkdir d && cd d\ralias hi="echo hello"\rhi; f 2; pwd\r')
    expect(take()).toContain('hello\n1 2\n/root/d\n$ ')
  })
  it('loops in simulated time until Ctrl-C, which ends the whole line', async () => {
    const { type, take, pass } = desk()
    type('while true; do echo tick; sleep 1; done; echo after\r')
    await pass(2500)
    type('\x03')
    expect(take()).toBe('$ while true; do echo tick; sleep 1; done; echo after\ntick\ntick\ntick\n^C\n$ ')
    type('echo $?\r')
    expect(take()).toBe('echo $?\n130\n$ ')
  })
  it('stops what never waits', async () => {
    const { type, take, pass } = desk()
    type('while :; do :; done\r')
    await new Promise((done) => setTimeout(done, 20))
    type('\x03')
    await pass(0)
    expect(take()).toMatch(/\^C\n\$ $/)
  })
  it('streams through pipes', async () => {
    const { type, take, pass } = desk()
    type('i=0; while true; do echo $((i++)); sleep 1; done | head -2\r')
    await pass(3000)
    expect(take()).toContain('0\n1\n$ ')
  })
  it('runs jobs in the background', async () => {
    const { type, take, pass } = desk()
    type('sleep 2 &\rjobs\r')
    expect(take()).toMatch(/\[1\] \d+\n\$ jobs\n\[1\]\+ {2}Running {17}sleep 2 &\n/)
    await pass(2500)
    type('\r')
    expect(take()).toContain('[1]+  Done                    sleep 2')
  })
  it('gives what is typed to the program in front, and what it leaves to the shell', async () => {
    const { type, take, pass } = desk()
    type('read name; echo "hello $name"\rworld\r')
    expect(take()).toContain('hello world\n')
    type('sleep 1\recho later\r')
    await pass(1500)
    expect(take()).toMatch(/later\n\$ $/)
  })
  it('starts again when it is left', async () => {
    const { type, take, pass } = desk()
    type('x=1\rexit\r')
    await pass(10)
    type('echo "[$x]"\r')
    expect(take()).toContain('exit\n$ echo "[$x]"\n[]\n$ ')
  })
  it('completes commands, files, folders and variables', async () => {
    const { shell } = desk()
    shell.files.write('web.yaml', '')
    shell.files.write('charts/a/Chart.yaml', '')
    expect(await shell.complete('cat we', 6)).toEqual(['web.yaml'])
    expect(await shell.complete('ls cha', 6)).toEqual(['charts/'])
    expect(await shell.complete('ls | gre', 8)).toEqual(['grep'])
    expect(await shell.complete('echo $HOM', 9)).toEqual(['$HOME'])
  })
})
