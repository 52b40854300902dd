import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { kindScript } from './kind-script.ts'

it('is a script that a shell understands, with a worker for each machine and the YAML as it is', () => {
  const yaml = "kind: ConfigMap\ndata: {a: 'it$HOME `x`'}\n"
  const script = kindScript(yaml, 3)
  execFileSync('sh', ['-n'], { input: script })
  expect(script.match(/- role: worker/g)).toHaveLength(3)
  expect(script).toContain(yaml)
})
