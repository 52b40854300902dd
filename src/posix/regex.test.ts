/** POSIX's expressions in the programs that know them: results of GNU's tools, of mawk and of bash. */
import { expect, it } from 'vitest'
import { runCommand } from './testing/machine.ts'

const out = (script: string, shell = 'sh'): string => runCommand([shell, '-c', script]).out

it.each([
  ["echo abcd | grep -oE 'a|ab'", 'ab\n'],
  ["echo foobar | sed -E 's/foo|foobar/X/'", 'X\n'],
  ["expr abcd : '\\(a\\|ab\\)'", 'ab\n'],
  [`echo foobar | awk '{ sub(/foo|foobar/, "X"); print }'`, 'X\n'],
  [`printf 'a1b22c' | awk 'BEGIN { RS = "[0-9]+" } { print }'`, 'a\nb\nc\n'],
])('the longest match counts: %s', (script, said) => expect(out(script)).toBe(said))

it('so it does in bash, where classes may be used, too', () => {
  expect(out('[[ foobar =~ foo|foobar ]]; echo "$BASH_REMATCH"', 'bash')).toBe('foobar\n')
  expect(out('[[ "a 1" =~ ^[[:alpha:]]+[[:space:]]([[:digit:]])$ ]]; echo "$? $BASH_REMATCH"', 'bash')).toBe('0 a 1\n')
})

it.each([
  "head -c 5000 /dev/zero | tr '\\0' a | grep -E '(a|a)*c'",
  "head -c 200000 /dev/zero | tr '\\0' a | grep -E '(a*)*b'",
  "head -c 5000 /dev/zero | tr '\\0' a | sed -nE '/(a+)+b/p'",
  'x=$(head -c 20000 /dev/zero | tr "\\0" a); case $x in *a*a*a*a*b) echo yes ;; *) false ;; esac',
])('no expression takes long: %s', (script) => expect(runCommand(['sh', '-c', script])).toMatchObject({ out: '' }))
