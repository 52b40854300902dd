/** Scripts that are too deep, too long or too many: the process that plays one dies of it or refuses it, and its shell goes on. */
import { describe, expect, it } from 'vitest'
import { runCommand } from './testing/machine.ts'

const N = 30_000
const deep = (open: string, middle: string, close = '', count = N): string =>
  `${open.repeat(count)}${middle}${close.repeat(count)}`

/** Run by a shell of its own, so that the outer one can say what became of it. */
const outlived = (script: string, shell = 'sh'): ReturnType<typeof runCommand> =>
  runCommand(['sh', '-c', 'script=$1; shift; "$@" -c "$script" >/dev/null 2>&1; echo "lives after $?"', 'sh', script, shell])

describe('a script nested deeper than there is stack', () => {
  const scripts: Record<string, string> = {
    'parentheses of arithmetic': `echo $((${deep('(', '1', ')')}))`,
    'signs of arithmetic': `echo $((${deep('- ', '1')}))`,
    'choices of arithmetic': `echo $((${deep('1?', '1', ':1')}))`,
    'command substitutions': `echo ${deep('$(', 'echo 1', ')', 5000)}`,
    subshells: deep('( ', 'true', ' )'),
    groups: deep('{ ', 'true; ', '} ;'),
    conditions: deep('if true; then ', 'true; ', 'fi; '),
    'defaults of parameters': `echo ${deep('${a:-', '1', '}')}`,
    'a function that calls itself': 'f() { f; }; f',
    'an eval of itself': `a='eval "$a"'; eval "$a"`,
    'parentheses of test': `[ ${deep('\\( ', '1', ' \\)')} ]`,
    'parentheses of expr': `expr ${deep('\\( ', '1', ' \\)')}`,
    'parentheses of find': `find / ${deep('\\( ', '-name x', ' \\)')}`,
    'parentheses of awk': `awk 'BEGIN { print ${deep('(', '1', ')')} }'`,
    'a function of awk': "awk 'function f(x) { return f(x + 1) } BEGIN { f(1) }'",
    'groups of a regular expression': `echo a | grep -E '${deep('(', 'a', ')', 12_000)}'`,
    'blocks of sed': `echo a | sed '${deep('{', 'p', '}')}'`,
  }
  for (const [name, script] of Object.entries(scripts)) {
    it(`ends by itself: ${name}`, () => expect(outlived(script).out).toMatch(/^lives after \d+\n$/))
  }
})

describe('a text longer than there is room for', () => {
  it('a width of printf', () => expect(outlived('printf "%999999999d" 1').out).toBe('lives after 139\n'))
  it('a variable that doubles', () => {
    const script = 'x=aaaaaaaaaaaaaaaa; for i in 1 2 3 4 5 6 7 8; do x=$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x; done; echo done'
    expect(outlived(script).out).toBe('lives after 139\n')
  })
})

describe('braces of bash', () => {
  it('make as many words as bash makes', () => {
    expect(runCommand(['bash', '-c', 'set -- {1..20000}; echo $#']).out).toBe('20000\n')
  })
  it('are left alone, with a word on it, where there would be too many', () => {
    const { out, err, status } = runCommand(['bash', '-c', `set -- ${'{1,2}'.repeat(30)}; echo $#`])
    expect([out, status]).toEqual(['1\n', 0])
    expect(err).toMatch(/^bash: brace expansion: failed to allocate memory for \d+ elements\n$/)
    expect(runCommand(['bash', '-c', 'set -- {1..1000000000}; echo $1']).out).toBe('{1..1000000000}\n')
  })
})
