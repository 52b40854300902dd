/** Files as servers and the kubelet see them: by path. */

/** Plain data: path → content. A directory is there when something is below it, or when its path ends in a slash. */
export type FileMap = Record<string, string>

export interface Mount {
  path: string
  /** Key of the volume in the pod's volumes. */
  volume: string
  readOnly: boolean
  /** The node of the volume's disk that is mounted: its root, or what a subPath led to when the container was made. */
  root: number
  /** It is no mount, but a device at this path. */
  device?: true
  /** What is written there may be a manifest of the machine's. */
  manifests?: true
  /** It shows the machine's control groups, from this one on. */
  group?: string
}

export interface Files {
  read(path: string): string | undefined
  /** Why a file can't be read, in the system's words; empty when it can. */
  unreadable(path: string): string
  /** Why not, or empty when it was written. */
  write(path: string, content: string, mode?: number): string
  /** Of what the path leads to, or why it can't be looked at. */
  stat(path: string): { kind: string; mode: number; uid: number; gid: number } | string
  /** In a directory that is there; why not, or empty. */
  makeDirectory(path: string, mode: number): string
  isDirectory(path: string): boolean
  /** Names directly below a directory, sorted; undefined when there is none. */
  list(path: string): string[] | undefined
}
