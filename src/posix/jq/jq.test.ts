/** jq beside recordings of the real one (1.6, where 1.7 says the same), and as it streams. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../testing/machine.ts'

const { input, cases } = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as {
  input: string
  cases: { filter: string; flags: string[]; out: string; err: string; status: number }[]
}

describe('jq', () => {
  it.each(cases)('$flags $filter', ({ filter, flags, out, err, status }) => {
    const ours = runCommand(['env', 'FOO=bar', 'jq', ...flags, filter], input)
    expect({ out: ours.out, err: ours.err, status: ours.status }).toEqual({ out, err, status })
  })
  const jq = (script: string) => runCommand(['bash', '-c', script])
  it('prints each value as soon as it has come', () =>
    expect(jq(`(echo '{"a":1}'; sleep 1; echo '{"a":2}') | jq .a | while read n; do echo "$n"; done`)).toMatchObject({
      out: '1\n2\n',
      ms: 1000,
    }))
  it('takes arguments, files and raw input', () => {
    expect(jq("jq -n --arg a x --argjson b 2 '[$a, $b, $ARGS.named.a]' -c").out).toBe('["x",2,"x"]\n')
    expect(jq("printf 'a\\nb\\n' | jq -R .").out).toBe('"a"\n"b"\n')
    expect(jq("printf 'a\\nb\\n' | jq -Rn '[inputs]' -c").out).toBe('["a","b"]\n')
    expect(jq('echo \'{"a":1}\' > f; jq -c . f f; jq . nope').out).toBe('{"a":1}\n{"a":1}\n')
    expect(jq("echo '1 2' | jq -s add; echo '[]' | jq -e '.[0]'; echo $?").out).toBe('3\nnull\n1\n')
  })
  it('ends what has no end, and says what is no JSON', () => {
    expect(jq("jq -n 'def f: f; f'").status).toBe(5)
    expect(jq("jq -n '[range(1e9)] | length'").status).toBe(5)
    expect(jq('echo \'{"a":nope}\' | jq .')).toMatchObject({
      err: 'jq: parse error: Invalid literal at line 1, column 10\n',
      status: 2,
    })
  })
  it('names may be anything', () =>
    expect(jq(`echo '{"__proto__": 1, "constructor": 2}' | jq -c '.constructor, .toString, to_entries[0].key'`).out).toBe(
      '2\nnull\n"__proto__"\n',
    ))
})
