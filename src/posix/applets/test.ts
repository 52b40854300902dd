/** `test` and `[` as programs. */
import { type Program, program } from '../program.ts'
import { TestProblem, TestReader } from '../shell/test.ts'

const test = (name: string): Program =>
  program({
    name,
    run(sys) {
      let words = sys.args
      if (name === '[') {
        if (words.at(-1) !== ']') return sys.fail('missing ]', 2)
        words = words.slice(0, -1)
      }
      try {
        return new TestReader(sys, words, sys.gnu).whole() ? 0 : 1
      } catch (error) {
        if (!(error instanceof TestProblem)) throw error
        return sys.fail(error.message, 2)
      }
    },
  })

export const testApplets: readonly Program[] = [test('test'), test('[')]
