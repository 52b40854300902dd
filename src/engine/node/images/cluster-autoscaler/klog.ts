/** A line as klog writes it. */
import { formatMicroTime } from '#api/time.ts'

/** `I0102 15:04:05.000000       1 static_autoscaler.go:308] Starting main loop`. */
export function klogLine(now: number, severity: 'I' | 'W' | 'E' | 'F', at: string, message: string): string {
  const [, month, day, time] = /^\d+-(\d\d)-(\d\d)T([\d:.]+)Z/.exec(formatMicroTime(now)) ?? []
  return `${severity}${month}${day} ${time}       1 ${at}] ${message}\n`
}
