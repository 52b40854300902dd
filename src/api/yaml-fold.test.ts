import { expect, it } from 'vitest'
import { toYaml } from './yaml.ts'

it('breaks long texts where go-yaml does: at the first space past the eightieth column', () => {
  const description =
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc.'
  expect(toYaml({ annotations: { 'kubernetes.io/description': description } })).toBe(
    [
      'annotations:',
      '  kubernetes.io/description: Contains a CA bundle that can be used to verify the kube-apiserver',
      '    when using internal endpoints such as the internal service IP or kubernetes.default.svc.',
      '',
    ].join('\n'),
  )
})

it('leaves block literals and words without spaces alone', () => {
  const long = 'x'.repeat(100)
  expect(toYaml({ a: `${long} ${long}\nb ${long} ${long}\n`, list: [long] })).toBe(
    `a: |\n  ${long} ${long}\n  b ${long} ${long}\nlist:\n- ${long}\n`,
  )
})

it('puts what cannot stand plain into single quotes, apostrophes in it as well', () => {
  expect(toYaml({ rule: "!has(self.a) || self.b == 'c'" })).toBe("rule: '!has(self.a) || self.b == ''c'''\n")
  expect(toYaml({ text: "it's" })).toBe("text: it's\n")
})
