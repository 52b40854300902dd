/** `chmod`, `chown`, `chgrp`. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { parseArgs, wrongOption } from './text-io.ts'
import { groupId, groupOf, userId } from './users.ts'

/** A mode by `u+x,go-w` or digits; null when it is none. */
export function changedMode(word: string, mode: number, directory: boolean, umask: number): number | null {
  if (/^[0-7]{1,4}$/.test(word)) return Number.parseInt(word, 8)
  let result = mode
  for (const clause of word.split(',')) {
    const m = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause)
    if (!m) return null
    const who = m[1] === '' ? 'a' : (m[1] as string)
    for (const [, op, what = ''] of (m[2] as string).matchAll(/([-+=])([rwxXstugo]*)/g)) {
      let bits = 0
      for (const c of what) {
        if (c === 'r') bits |= 4
        else if (c === 'w') bits |= 2
        else if (c === 'x' || (c === 'X' && (directory || mode & 0o111))) bits |= 1
        else if (c === 'u') bits |= (result >> 6) & 7
        else if (c === 'g') bits |= (result >> 3) & 7
        else if (c === 'o') bits |= result & 7
      }
      let mask = 0
      let wide = 0
      for (const [letter, shift] of [
        ['u', 6],
        ['g', 3],
        ['o', 0],
      ] as const) {
        if (!who.includes(letter) && !who.includes('a')) continue
        mask |= bits << shift
        wide |= 7 << shift
      }
      if (what.includes('s')) mask |= (/[ua]/.test(who) ? 0o4000 : 0) | (/[ga]/.test(who) ? 0o2000 : 0)
      if (what.includes('t')) mask |= 0o1000
      if (m[1] === '') mask &= ~(umask & 0o777)
      if (op === '+') result |= mask
      else if (op === '-') result &= ~mask
      else result = (result & ~wide) | mask
    }
  }
  return result
}

function each(sys: Sys, path: string, recursive: boolean, change: (path: string) => number): number {
  let status = change(path)
  const place = sys.at(path, false)
  if (!recursive || failed(place) || place.node.k !== 'd') return status
  const names = sys.names(path)
  if (failed(names)) return 1
  for (const name of names) status = each(sys, `${path}/${name}`, true, change) || status
  return status
}

const chmod = program({
  name: 'chmod',
  usage: '[-Rcvf] MODE[,MODE]... FILE...\n\nMODE is octal number (bit pattern sstrwxrwxrwx) or [ugoa]{+|-|=}[rwxXst]',
  run(sys) {
    const words = sys.args.filter((word) => !/^-[Rcvf]+$/.test(word))
    const flags = sys.args.filter((word) => /^-[Rcvf]+$/.test(word)).join('')
    if (words.length < 2)
      return sys.gnu
        ? sys.fail(`missing operand${words[0] ? ` after '${words[0]}'` : ''}\nTry 'chmod --help' for more information.`)
        : sys.misuse()
    const [mode = '', ...paths] = words
    if (changedMode(mode, 0, false, 0) === null) return sys.fail(sys.gnu ? `invalid mode: '${mode}'` : `invalid mode '${mode}'`)
    let status = 0
    for (const path of paths) {
      status =
        each(sys, path, flags.includes('R'), (at) => {
          const place = sys.at(at)
          const why = failed(place)
            ? place
            : sys.change(at, { mode: changedMode(mode, place.node.mode, place.node.k === 'd', sys.proc.umask) ?? 0 })
          if (why && !flags.includes('f'))
            sys.err(
              sys.gnu
                ? `chmod: ${failed(place) ? 'cannot access' : 'changing permissions of'} '${at}': ${why}\n`
                : `chmod: ${at}: ${why}\n`,
            )
          return why ? 1 : 0
        }) || status
    }
    return status
  },
})

function owners(sys: Sys, word: string, groupOnly: boolean): { uid?: number; gid?: number } | string {
  if (groupOnly) {
    const gid = groupId(sys, word)
    return gid === undefined ? `unknown group ${word}` : { gid }
  }
  const m = /^([^:.]*)(?:([:.])(.*))?$/.exec(word)
  const [, user = '', separator, group] = m ?? []
  const what: { uid?: number; gid?: number } = {}
  if (user) {
    const uid = userId(sys, user)
    if (uid === undefined) return `unknown user ${user}`
    what.uid = uid
  }
  if (group) {
    const gid = groupId(sys, group)
    if (gid === undefined) return `unknown group ${group}`
    what.gid = gid
  } else if (separator && user) what.gid = groupOf(sys, user) ?? 0
  return what
}

const ownership = (name: string, groupOnly: boolean): Program =>
  program({
    name,
    usage: groupOnly
      ? '[-Rh]... GROUP FILE...\n\nChange the group membership of FILEs to GROUP'
      : '[-Rh]... USER[:[GRP]] FILE...\n\nChange the owner and/or group of FILEs to USER and/or GRP',
    run(sys) {
      const parsed = parseArgs(sys.args, 'Rhvcf', '', { recursive: 'R' })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      if (parsed.rest.length < 2) return sys.misuse()
      const [who = '', ...paths] = parsed.rest
      const what = owners(sys, who, groupOnly)
      if (typeof what === 'string') return sys.fail(what)
      let status = 0
      for (const path of paths) {
        status =
          each(sys, path, parsed.flags.has('R'), (at) => {
            const why = sys.change(at, what, !parsed.flags.has('h'))
            if (why)
              sys.err(
                sys.gnu
                  ? `${name}: ${why === 'No such file or directory' ? 'cannot access' : 'changing ownership of'} '${at}': ${why}\n`
                  : `${name}: ${at}: ${why}\n`,
              )
            return why ? 1 : 0
          }) || status
      }
      return status
    },
  })

export const permissionApplets: readonly Program[] = [chmod, ownership('chown', false), ownership('chgrp', true)]
