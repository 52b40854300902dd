import { expect, test } from 'vitest'
import { type ContainerState, writeLog } from './container.ts'

test('a log that has grown too large is begun anew at the next look', () => {
  const container = { logs: [], partial: { stdout: '', stderr: '' } } as unknown as ContainerState
  const line = `${'x'.repeat(10_000)}\n`
  writeLog(container, 'stdout', line.repeat(1100), 1000)
  writeLog(container, 'stdout', 'still\n', 9000)
  expect(container.logs).toHaveLength(1101)
  writeLog(container, 'stdout', 'anew\n', 11_000)
  expect(container.logs.map(({ text }) => text)).toEqual(['anew'])
})
