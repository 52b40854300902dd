/** Lines as Go's klog writes them to standard error. */

/** The head of a line that Go's klog writes. */
export function logHead(severity: string, place: string, now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T')
  return `${severity}${date.slice(5).replace('-', '')} ${time.replace('Z', '000')}       1 ${place}]`
}
