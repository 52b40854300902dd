import { expect, test } from 'vitest'
import { ContainerFiles } from '../files.ts'
import { busybox } from '../images/busybox.ts'
import type { Host } from './program.ts'
import { type ShellState, script } from './script.ts'

/** Runs a script in its own little world until it ends; what it printed, and how it ended. */
function run(source: string, limitMs = 100_000, signalAt = -1) {
  let now = 1_767_225_600_000
  const began = now
  let out = ''
  let code: number | null = null
  let wakeAt: number | null = null
  const host = {
    get now() {
      return now
    },
    image: busybox,
    argv: ['sh', '-c', source],
    env: { HOME: '/root' },
    hostname: 'web',
    podIp: '10.0.0.1',
    user: 0,
    stdin: false,
    mainArgv: [],
    files: new ContainerFiles({}, {}, [], () => {}),
    out: (text: string) => {
      out += text
    },
    mainOut: (text: string) => {
      out += `main:${text}`
    },
    wake: (ms: number) => {
      wakeAt = now + ms
    },
    exit: (status: number) => {
      code ??= status
    },
    memory: () => {},
    fetch: () => ({ ok: false, why: 'no such host' }),
    resolve: () => [],
    random: () => 4,
  } as unknown as Host
  let state = script.start(host) as ShellState
  // Between steps the state is only text.
  const thaw = (s: ShellState): ShellState => JSON.parse(JSON.stringify(s))
  while (code === null && wakeAt !== null && wakeAt - began <= limitMs) {
    if (signalAt >= 0 && wakeAt - began > signalAt) {
      now = began + signalAt
      signalAt = -1
      const due: number = wakeAt
      state = script.signal?.(thaw(state), 'TERM', host) as ShellState
      wakeAt = wakeAt === due ? due : wakeAt
      continue
    }
    now = wakeAt
    wakeAt = null
    state = script.wake?.(thaw(state), host) as ShellState
  }
  return { out, code, ms: now - began }
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text
const same: [string, string, number?][] = [
  ['echo one; echo two', 'one\ntwo\n'],
  ['false || echo or; true && echo and', 'or\nand\n'],
  ['if [ 1 -eq 2 ]; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
  ['for i in 1 2 3; do echo a$i; done', 'a1\na2\na3\n'],
  ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done', '1\n2\n3\n'],
  ['until test -e /tmp/x; do touch /tmp/x; echo waiting; done', 'waiting\n'],
  ['x="a b"; echo "$x" \'$x\' ${x}c ${y:-none} ${#x}', 'a b $x a bc none 3\n'],
  ['echo $(echo in; echo side) `echo old`', 'in side old\n'],
  ['echo a | tr a b; printf "%s-%d\\n" x 5', 'b\nx-5\n'],
  ['seq 3 | while read n; do echo "n=$n"; done', 'n=1\nn=2\nn=3\n'],
  ['f() { echo "f $1"; return 3; }; f x; echo $?', 'f x\n3\n'],
  ['case abc in a*) echo yes;; *) echo no;; esac', 'yes\n'],
  ['echo hi > /tmp/f; echo there >> /tmp/f; cat /tmp/f; wc -l < /tmp/f', 'hi\nthere\n2\n'],
  ['(cd /tmp; x=1; exit 4); echo $? "$x" $(pwd)', '4  /\n'],
  ['exit 7', '', 7],
  ['nosuch', 'sh: nosuch: not found\n', 127],
  ['cat /no', "cat: can't open '/no': No such file or directory\n", 1],
  ['set -e; false; echo never', '', 1],
  ['set -e; if false; then :; fi; false || true; echo still', 'still\n'],
  ['for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done', '1\n3\n'],
  ['test -e /tmp/x || { echo first; exit 1; }', 'first\n', 1],
  ['echo "a\nb" | grep -c b; echo x | grep -q y; echo $?', '1\n1\n'],
  ['cat <<END\nhello $HOME\nEND\necho done', 'hello /root\ndone\n'],
  ['echo err >&2; echo lost > /dev/null 2>&1', 'err\n'],
  ['a=1; b=2; echo $((a + b * 3)) $((7 / 2)) $((a<b))', '7 3 1\n'],
  ['x=path/to/file.txt; echo ${x##*/} ${x%.*} ${x#*/}', 'file.txt path/to/file to/file.txt\n'],
  ['echo to main > /proc/1/fd/1', 'main:to main\n'],
  ['trap "echo bye" EXIT; echo hi; exit 2', 'hi\nbye\n', 2],
  ['! true; echo $?; eval "echo evald"; sh -c "echo nested"', '1\nevald\nnested\n'],
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text

test.each(same)('%s', (source, out, code = 0) => {
  expect(run(source)).toMatchObject({ out, code })
})

test('sleep takes its time, in loops as well', () => {
  expect(run('for i in 1 2 3; do sleep 2; done; echo done')).toEqual({ out: 'done\n', code: 0, ms: 6000 })
  expect(run('while true; do echo x; sleep 30; done').out).toBe('x\nx\nx\nx\n')
})

test('background jobs sleep side by side, and wait waits for them', () => {
  expect(run('sleep 3 & sleep 5 & wait; echo both')).toEqual({ out: 'both\n', code: 0, ms: 5000 })
})

test('a trap runs when the command in the foreground has ended', () => {
  const source = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 10; done"
  expect(run(source, 100_000, 12_000)).toEqual({ out: 'ready\nbye\n', code: 0, ms: 20_000 })
  expect(run("trap 'exit 3' TERM; sleep 1000 & wait", 2_000_000, 12_000)).toMatchObject({ code: 3, ms: 12_000 })
})

test('without a trap a signal is ignored', () => {
  expect(run('sleep 20; echo lived', 100_000, 5000)).toEqual({ out: 'lived\n', code: 0, ms: 20_000 })
})

test('a script that never pauses does not stop the world', () => {
  expect(run('while :; do :; done', 10_000).code).toBe(null)
})
