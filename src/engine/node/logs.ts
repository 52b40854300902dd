/** Reading a container's log the way the kubelet serves it: tail, since, timestamps, a limit of bytes. */
import { formatTime, parseTime } from '#api/time.ts'
import type { LogLine } from './container.ts'

/** Options as in the query of `pods/NAME/log`: `tailLines`, `sinceSeconds`, `sinceTime`, `timestamps`, `limitBytes`. */
export function readLog(log: readonly LogLine[], options: Readonly<Record<string, string>>, now: number): string {
  let lines = log
  const since = options['sinceSeconds'] ? now - Number(options['sinceSeconds']) * 1000 : parseTime(options['sinceTime'])
  if (!Number.isNaN(since)) lines = lines.filter((line) => line.at >= since)
  if (options['tailLines'] !== undefined) {
    const count = Number(options['tailLines'])
    lines = count > 0 ? lines.slice(-count) : []
  }
  const stamped = options['timestamps'] === 'true'
  const text = lines.map((line) => `${stamped ? `${nanoTime(line.at)} ` : ''}${line.text}\n`).join('')
  const limit = options['limitBytes']
  return limit === undefined ? text : text.slice(0, Number(limit))
}

/** `2026-11-21T10:06:05.123000000Z`. */
const nanoTime = (ms: number): string => `${formatTime(ms).slice(0, -1)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}000000Z`
