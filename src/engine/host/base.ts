/** What a machine's own system consists of, besides its files: the usual programs, those of its packages, and who may log in. */
import type { Base } from '#posix/disk.ts'
import { Disk } from '#posix/disk.ts'
import { find, nodeAt, putFile } from '#posix/disk-paths.ts'
import { appletNames } from '#posix/names.ts'
import { makeBase } from '#posix/skeleton.ts'
import type { MountState } from '#posix/state.ts'

/** Those that only a machine has. */
export const MACHINE_PROGRAMS = ['apt', 'apt-cache', 'apt-get', 'apt-mark', 'kubelet', 'sudo', 'systemctl']

const MERGED = ['bin', 'sbin', 'usr']

export const systemBase = (withKubeadm: boolean): Base =>
  makeBase({
    applets: appletNames,
    programs: {
      '/usr/bin/bash': 'bash',
      '/usr/bin/curl': 'curl',
      '/usr/bin/openssl': 'openssl',
      ...Object.fromEntries([...MACHINE_PROGRAMS, ...(withKubeadm ? ['kubeadm'] : [])].map((name) => [`/usr/bin/${name}`, name])),
    },
    links: { '/bin/bash': '/usr/bin/bash' },
  })

/** The machine's own disk, with the system's folders over it. */
export function mountsOf(base: Base): MountState[] {
  const system = new Disk({ base: 'system', nodes: {}, next: 1_000_000 }, base)
  return [
    { path: '/', disk: 'own', root: 1, readOnly: false, type: 'ext4', source: '/dev/vda1' },
    ...MERGED.map((name) => ({
      path: `/${name}`,
      disk: 'system',
      root: find(system, `/${name}`) as number,
      readOnly: false,
      type: 'ext4',
      source: '/dev/vda1',
    })),
    { path: '/proc', disk: '', root: 0, readOnly: false, type: 'proc', source: 'proc' },
  ]
}

const USERS: Readonly<Record<string, string>> = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n',
}

/** What nobody needed before the first login. */
export function furnish(own: Disk, now: number): void {
  for (const [path, text] of Object.entries(USERS)) if (!nodeAt(own, path)) putFile(own, path, text, { mtime: now })
}
