/** Reading a container's log the way the kubelet serves it: tail, since, timestamps, a limit of bytes. */
import { type ApiError, badRequest, fail } from '#api/status.ts'
import { formatTime, parseTime } from '#api/time.ts'
import type { LogLine } from './container.ts'
import { firstBytes } from './cut-bytes.ts'
import type { PodRecord } from './pod-record.ts'

/** Options as in the query of `pods/NAME/log`: `tailLines`, `sinceSeconds`, `sinceTime`, `timestamps`, `limitBytes`, `stream`. */
export function readLog(log: readonly LogLine[], options: Readonly<Record<string, string>>, now: number): string {
  const only = (options['stream'] ?? 'All').toLowerCase()
  const lines = selectLog(only === 'all' ? log : log.filter((line) => line.stream === only), options, now)
  const text = lines.map((line) => lineText(line, options['timestamps'] === 'true')).join('')
  const limit = options['limitBytes']
  return limit === undefined ? text : firstBytes(text, Number(limit))
}

export function selectLog(log: readonly LogLine[], options: Readonly<Record<string, string>>, now: number): readonly LogLine[] {
  let lines = log
  const since = options['sinceSeconds'] ? now - Number(options['sinceSeconds']) * 1000 : parseTime(options['sinceTime'])
  if (!Number.isNaN(since)) lines = lines.filter((line) => line.at >= since)
  if (options['tailLines'] === undefined) return lines
  const count = Number(options['tailLines'])
  return count > 0 ? lines.slice(-count) : []
}

export const lineText = ({ at, text, partial }: LogLine, stamped: boolean): string =>
  `${stamped ? `${nanoTime(at)} ` : ''}${text}${partial ? '' : '\n'}`

/** `2026-11-21T10:06:05.123000000Z`: as in a log's file, nanoseconds, as far as they are known. */
export const nanoTime = (ms: number): string =>
  `${formatTime(ms).slice(0, -1)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}000000Z`

/** The container instance whose log is meant, by the pod's status (kubelet validateContainerLogStatus). Throws BadRequest. */
export function loggedId(record: PodRecord, name: string, previous: boolean): string {
  const { status } = record.pod
  const all = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  const found = all.find((s) => s.name === name)
  const what = `container "${name}" in pod "${record.pod.metadata.name}"`
  const id = (text: string | undefined): string => (text ?? '').replace('containerd://', '')
  const last = id(found?.lastState?.terminated?.containerID)
  if (previous) {
    if (last === '') throw badRequest(`previous terminated ${what} not found`)
    return last
  }
  if (found?.state?.running) return id(found.containerID)
  const own = id(found?.state?.terminated?.containerID)
  if (own || last) return own || last
  if (found?.state?.terminated) throw badRequest(`${what} is terminated`)
  const reason = found?.state?.waiting?.reason
  if (reason === undefined) throw badRequest(`${what} is not available`)
  if (reason === 'ErrImagePull') throw badRequest(`${what} is waiting to start: image can't be pulled`)
  if (reason === 'ImagePullBackOff') throw badRequest(`${what} is waiting to start: trying and failing to pull image`)
  throw badRequest(`${what} is waiting to start: ${reason}`)
}

/** What the API server says when a kubelet doesn't answer. */
export const unreachable = (ip: string, path: string): ApiError =>
  fail(500, 'InternalError', `Get "https://${ip}:10250/${path}": dial tcp ${ip}:10250: connect: no route to host`)

export const undialled = (ip: string): ApiError =>
  fail(500, '', `error dialing backend: dial tcp ${ip}:10250: connect: no route to host`)
