/** Users and groups: `/etc/passwd` and `/etc/group`, and the programs that tell who one is. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'

function table(sys: Sys, path: string): string[][] {
  const place = sys.kernel.vfs.at(path, null)
  if (failed(place) || place.node.k !== 'f') return []
  return place.node.data.split('\n').map((line) => line.split(':'))
}

const nameIn = (sys: Sys, path: string, id: number): string | undefined =>
  table(sys, path).find((row) => row[2] === String(id))?.[0]
const idIn = (sys: Sys, path: string, name: string): number | undefined => {
  const row = table(sys, path).find((r) => r[0] === name)
  return row ? Number(row[2]) : undefined
}

export const userName = (sys: Sys, uid: number): string => nameIn(sys, '/etc/passwd', uid) ?? String(uid)
export const groupName = (sys: Sys, gid: number): string => nameIn(sys, '/etc/group', gid) ?? String(gid)
export const userId = (sys: Sys, word: string): number | undefined =>
  idIn(sys, '/etc/passwd', word) ?? (/^\d+$/.test(word) ? Number(word) : undefined)
export const groupId = (sys: Sys, word: string): number | undefined =>
  idIn(sys, '/etc/group', word) ?? (/^\d+$/.test(word) ? Number(word) : undefined)
/** A user's own group. */
export const groupOf = (sys: Sys, user: string): number | undefined => {
  const row = table(sys, '/etc/passwd').find((r) => r[0] === user)
  return row ? Number(row[3]) : undefined
}

const id = program({
  name: 'id',
  usage: '[-ugGnr] [USER]\n\nPrint information about USER or the current user',
  run(sys) {
    const flags = sys.args.filter((word) => word.startsWith('-')).join('')
    const user = sys.args.find((word) => !word.startsWith('-'))
    let { uid, gid } = sys.proc
    const real = user === undefined ? sys.proc.realUid : undefined
    if (user !== undefined) {
      const found = idIn(sys, '/etc/passwd', user)
      if (found === undefined) return sys.fail(sys.gnu ? `'${user}': no such user` : `unknown user ${user}`)
      uid = found
      gid = groupOf(sys, user) ?? found
    }
    const groups = [...new Set([gid, ...(user === undefined ? sys.proc.groups : [])])]
    // Linux keeps them sorted; coreutils' -G has the effective one first.
    if (!(sys.gnu && flags.includes('G'))) groups.sort((a, b) => a - b)
    const named = flags.includes('n')
    if (flags.includes('u')) sys.out(`${named ? userName(sys, uid) : uid}\n`)
    else if (flags.includes('G')) sys.out(`${groups.map((g) => (named ? groupName(sys, g) : g)).join(' ')}\n`)
    else if (flags.includes('g')) sys.out(`${named ? groupName(sys, gid) : gid}\n`)
    else {
      const show = (n: number, name: string | undefined): string => (name === undefined ? String(n) : `${n}(${name})`)
      // busybox leaves the list out when there is only the one.
      const effective = real === undefined ? '' : ` euid=${show(uid, nameIn(sys, '/etc/passwd', uid))}`
      const list = groups.map((g) => show(g, nameIn(sys, '/etc/group', g))).join(',')
      sys.out(
        `uid=${show(real ?? uid, nameIn(sys, '/etc/passwd', real ?? uid))} gid=${show(gid, nameIn(sys, '/etc/group', gid))}${effective} groups=${list}\n`,
      )
    }
    return 0
  },
})

const whoami = program({
  name: 'whoami',
  run(sys) {
    const name = nameIn(sys, '/etc/passwd', sys.proc.uid)
    if (name === undefined)
      return sys.fail(sys.gnu ? `cannot find name for user ID ${sys.proc.uid}` : `unknown uid ${sys.proc.uid}`)
    sys.out(`${name}\n`)
    return 0
  },
})

const groups = program({
  name: 'groups',
  run(sys) {
    sys.out(`${[...new Set([sys.proc.gid, ...sys.proc.groups])].map((g) => groupName(sys, g)).join(' ')}\n`)
    return 0
  },
})

const logname = program({
  name: 'logname',
  run: (sys) => sys.fail('getlogin: No such file or directory'),
})

export const userApplets: readonly Program[] = [id, whoami, groups, logname]
