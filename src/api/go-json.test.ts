import { expect, it } from 'vitest'
import { invalid } from './field-error.ts'
import { goJson, wholeDigits } from './go-json.ts'
import { toYaml } from './yaml.ts'

it('writes all digits of whole numbers, and the largest int64 as what it is', () => {
  expect(goJson({ a: 2 ** 60, b: [-(2 ** 63)], c: 2 ** 63, d: 1.5, e: 1e21 })).toBe(
    '{"a":1152921504606846976,"b":[-9223372036854775808],"c":9223372036854775807,"d":1.5,"e":1e+21}',
  )
  expect(toYaml({ a: 2 ** 63 })).toBe('a: 9223372036854775807\n')
  expect(invalid('f', 2 ** 60, 'no').message).toBe('Invalid value: 1152921504606846976: no')
  expect(wholeDigits(42)).toBe('42')
})

it('leaves texts alone, whatever digits are in them', () => {
  const text = 'a,1152921504606847000,"\\\\",9223372036854776000]'
  expect(JSON.parse(goJson({ text }))).toEqual({ text })
})
