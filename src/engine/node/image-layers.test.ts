import { expect, test } from 'vitest'
import { FakeNodes } from './testing/fake-nodes.ts'

test('layers that are there already are not pulled again', () => {
  const nodes = new FakeNodes()
  const times = ['nginx:1.27', 'httpd:2.4', 'httpd:2.4-alpine'].map((image, i) => {
    nodes.pod(`p${i}`, { image })
    nodes.after(5)
    return /in ([\d.]+m?s) /.exec(nodes.events(`p${i}`).join('\n'))?.[1]
  })
  // 60 MB; 46 MB of which 28 are Debian's; 46 MB anew, for it lies on another system.
  expect(times).toEqual(['900ms', '480ms', '760ms'])
})
