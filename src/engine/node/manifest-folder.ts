/** The folder of a machine's disk that its kubelet takes static Pods from: what stands in its files, and writing them (config/file_linux.go). */
import type { Pod, Volume } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Disk, type DiskState } from '#posix/disk.ts'
import type { StoragePort } from './context.ts'
import { MANIFESTS } from './mirrors.ts'

export interface Folder {
  /** Texts by file name; hidden files and folders are none of the kubelet's. */
  read(): Record<string, string>
  /** `null` takes the file away. */
  write(file: string, text: string | null, now: number): void
}

const NOBODY = { metadata: { name: '' }, spec: { containers: [] } } as unknown as Pod

/** Null on a machine without a disk of its own. */
export function folderOf(storage: StoragePort | null, node: string): Folder | null {
  const volume = { name: 'manifests', hostPath: { path: MANIFESTS, type: 'DirectoryOrCreate' } } as unknown as Volume
  const place = (): { files: DiskState; root?: number } | null => {
    const found = storage?.of(node, NOBODY, volume)
    return found && 'files' in found ? found : null
  }
  if (!place()) return null
  return {
    read() {
      const { files, root = 0 } = place() as { files: DiskState; root?: number }
      const disk = new Disk(files)
      const texts: Record<string, string> = {}
      for (const name of [...disk.names(root)].sort()) {
        const node = disk.get(disk.lookup(root, name) as number)
        if (node?.k === 'f' && !name.startsWith('.')) texts[name] = node.data
      }
      return texts
    },
    write(file, text, now) {
      const { files, root = 0 } = place() as { files: DiskState; root?: number }
      const disk = new Disk(files)
      if (disk.lookup(root, file) !== undefined) disk.removeTree(root, file, now)
      if (text !== null) disk.add(root, file, { k: 'f', data: text, mode: 0o600, uid: 0, gid: 0, mtime: now })
    },
  }
}

/** Text that YAML would take for something else. */
const AMBIGUOUS =
  /^$|^[\s&*!|>%@`"'#{}[\],?:-]|: |\s#|:$|\s$|[\n"\\]|^(?:true|false|null|yes|no|on|off|y|n|~)$|^[-+.\d][\d_.eExob:+-]*$/i
const plain = (text: string): string => (AMBIGUOUS.test(text) && !/^--[a-z]/.test(text) ? JSON.stringify(text) : text)

/** A manifest as kubeadm prints it: keys sorted, lists not indented. */
export const printed = (pod: AnyObject): string => `${lines(pod, '')}status: {}\n`

function lines(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.map((each) => `${indent}- ${item(each, indent)}`).join('')
  const entries = Object.entries(value as object).filter(([, each]) => each !== undefined)
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${indent}${plain(key)}:${field(each, indent)}`)
    .join('')
}

/** What follows `- `: a map begins on the same line. */
const item = (value: unknown, indent: string): string =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? lines(value, `${indent}  `).slice(indent.length + 2)
    : `${scalar(value)}\n`

function field(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return ` ${scalar(value)}\n`
  return `\n${lines(value, Array.isArray(value) ? indent : `${indent}  `)}`
}

const scalar = (value: unknown): string => (typeof value === 'string' ? plain(value) : JSON.stringify(value))
