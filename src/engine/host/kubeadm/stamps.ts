/** Moments as kubeadm writes them: in names of folders, and before its warnings. */
import { formatMicroTime } from '#api/time.ts'
import type { Task } from './task.ts'

/** `2026-01-01-00-05-10`. */
export const dashed = (ms: number): string => formatMicroTime(ms).slice(0, 19).replace(/[T:]/g, '-')

/** klog's header: `W0101 00:05:10.000000     123 file.go:12] words`. */
export function warning({ host, sys }: Pick<Task, 'host' | 'sys'>, where: string, words: string): string {
  const [, month, day, clock] = /^\d+-(\d\d)-(\d\d)T([\d:.]+)Z$/.exec(formatMicroTime(host.ports.world.now)) ?? []
  return `W${month}${day} ${clock} ${String(sys.proc.pid).padStart(7)} ${where}] ${words}\n`
}
