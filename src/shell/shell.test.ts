/** The shell's own tools, without a cluster. */
import { describe, expect, it } from 'vitest'
import { createShell, type Shell } from './shell.ts'

const nowhere = { request: async () => ({ status: 503, headers: {}, body: '' }), watch: () => () => {} }
const shell = (): Shell => createShell({ transport: nowhere, now: () => 0, sleep: async () => {} })

async function run(on: Shell, line: string): Promise<string> {
  let text = ''
  const write = (more: string): void => void (text += more)
  await on.run(line, { write, error: write, signal: new AbortController().signal, columns: 80 })
  return text
}

describe('the shell', () => {
  it('sorts lines', async () => expect(await run(shell(), "echo 'b\na' | sort | head -1")).toBe('a\n'))
  it('keeps files from line to line', async () => {
    const one = shell()
    await run(one, 'echo one > f; echo two >> f')
    expect(await run(one, 'sed -i s/two/2/ f; cat f; wc -l f')).toBe('one\n2\n2 f\n')
  })
  it('runs scripts with their parameters', async () => {
    const one = shell()
    await run(one, "cat > s <<'EOF'\necho $2 $1 $#\nEOF")
    expect(await run(one, 'sh s a b; echo "[$1]"')).toBe('b a 2\n[]\n')
  })
  it('loops and substitutes', async () => expect(await run(shell(), 'for i in 1 2; do echo n$(echo $i); done')).toBe('n1\nn2\n'))
  it('knows what it does not know', async () =>
    expect(await run(shell(), 'frobnicate')).toBe('bash: frobnicate: command not found\n'))
})
