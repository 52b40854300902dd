/** Entry: `npm run lessons -- [ID…]` proves lessons in virtual time, one on each processor; the last line counts. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Lesson } from './lesson.ts'
import { lessonsOnDisk } from './testing/load.ts'
import { proofsOf } from './testing/proofs.ts'

/** What came of one lesson: what is to be printed, and the processor time it took. */
interface Result {
  title: string
  lines: string[]
  passed: number
  failed: number
  ms: number
}

/** There are no more lessons. */
const NONE = ''

/** Of the processor, not of the wall: what else runs on the machine does not count. */
const worked = (): number => process.cpuUsage().user / 1000

async function prove(lesson: Lesson): Promise<Result> {
  const { title, chapter, order } = lesson.prose.meta
  const result: Result = { title: `${chapter}.${order} ${title}`, lines: [], passed: 0, failed: 0, ms: 0 }
  const start = worked()
  for (const { name, prove } of proofsOf(lesson)) {
    const began = worked()
    try {
      await prove()
      result.passed += 1
      result.lines.push(`  ok   ${name} (${Math.round(worked() - began)} ms)`)
    } catch (error) {
      result.failed += 1
      result.lines.push(`  FAIL ${name}\n       ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { ...result, ms: worked() - start }
}

/** A process of its own for each processor; each takes the next lesson when it has proved one. */
function shared(ids: readonly string[], told: (result: Result) => void): Promise<unknown> {
  const left = [...ids]
  const helpers = Math.min(ids.length, availableParallelism())
  return Promise.all(
    Array.from({ length: helpers }, () => {
      const child = fork(process.argv[1] as string, ['--helper'], { execArgv: ['--enable-source-maps'] })
      const next = (): void => void child.send(left.shift() ?? NONE)
      child.on('message', (message: Result | 'ready') => {
        if (message !== 'ready') told(message)
        next()
      })
      return new Promise<void>((resolve, reject) => {
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a helper ended with ${code}`))))
      })
    }),
  )
}

const lessons = await lessonsOnDisk(process.env['TABERNETES_ROOT'] ?? '.')

/** Proves what it is given, until there is no more. */
function help(): void {
  process.on('message', (id: string) => {
    const lesson = lessons.find(({ prose }) => prose.meta.id === id)
    if (lesson) void prove(lesson).then((result) => process.send?.(result))
    else process.disconnect()
  })
  process.send?.('ready')
}

async function main(asked: readonly string[]): Promise<void> {
  const ids = lessons.map(({ prose }) => prose.meta.id).filter((id) => asked.length === 0 || asked.includes(id))
  const results: Result[] = []
  await shared(ids, (result) => {
    results.push(result)
    console.log([result.title, ...result.lines].join('\n'))
  })
  results.sort((a, b) => b.ms - a.ms)
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(6)} s`
  for (const { title, ms } of results) console.log(`${seconds(ms)}  ${title}`)
  const sum = (of: (result: Result) => number): number => results.reduce((total, result) => total + of(result), 0)
  console.log(`${seconds(sum(({ ms }) => ms))}  of processor time in all`)
  const [passed, failed] = [sum((result) => result.passed), sum((result) => result.failed)]
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}

if (process.argv[2] === '--helper') help()
else await main(process.argv.slice(2))
