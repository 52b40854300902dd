/** KYAML. */
import { expect, it } from 'vitest'
import { toKyaml } from './kyaml.ts'

it('writes maps in braces, with quoted texts and bare keys', () => {
  expect(toKyaml({ kind: 'Pod', no: 1, a: { 'x/y': true } })).toBe(
    '---\n{\n  a: {\n    x/y: true,\n  },\n  kind: "Pod",\n  "no": 1,\n}\n',
  )
})
it('cuddles lists of maps', () =>
  expect(toKyaml({ l: [{ a: 1 }, { a: 2 }] })).toContain('l: [{\n    a: 1,\n  }, {\n    a: 2,\n  }],'))
it('folds several lines', () => expect(toKyaml({ t: 'a\nb\n' })).toBe('---\n{\n  t: "\\\n     a\\n\\\n     b\\n\\\n    ",\n}\n'))
