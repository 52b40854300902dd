/** Who writes, and when: the lines `author` and `committer` of a commit. */
import { wordsOfTime } from '#api/time.ts'
import type { Repo } from './repo.ts'
import { fatal } from './words.ts'

export interface Person {
  name: string
  mail: string
  seconds: number
  zone: string
}

export function personIn(line: string): Person {
  const m = /^(.*?) ?<(.*?)> (\d+) ([+-]\d{4})$/.exec(line)
  return { name: m?.[1] ?? '', mail: m?.[2] ?? '', seconds: Number(m?.[3] ?? 0), zone: m?.[4] ?? '+0000' }
}

/** `1767225600 +0000` of what one wrote; null: it is not understood. */
export function dateIn(text: string): string | null {
  const plain = /^@?(\d{5,})(?: ([+-]\d{4}))?$/.exec(text)
  if (plain) return `${plain[1]} ${plain[2] ?? '+0000'}`
  const m = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\s*(Z|[+-]\d\d:?\d\d))?$/.exec(text.trim())
  if (!m) return null
  const zone = (m[7] ?? '+0000').replace('Z', '+0000').replace(':', '')
  const [, y, mo, d, h, mi, s] = m.map(Number) as [number, number, number, number, number, number, number]
  return `${Date.UTC(y, mo - 1, d, h, mi, s) / 1000 - offsetOf(zone)} ${zone}`
}

const offsetOf = (zone: string): number =>
  (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3, 5)) * 60)

export function ident(repo: Repo, role: 'AUTHOR' | 'COMMITTER', date?: string): string {
  const { sys, settings } = repo
  const own = role.toLowerCase()
  const name = sys.env(`GIT_${role}_NAME`) ?? settings.get(`${own}.name`) ?? settings.get('user.name')
  const mail = sys.env(`GIT_${role}_EMAIL`) ?? settings.get(`${own}.email`) ?? settings.get('user.email')
  if (mail === undefined || name === undefined) return unknown(repo, role, mail === undefined)
  const given = date ?? sys.env(`GIT_${role}_DATE`)
  const when = given === undefined ? `${Math.floor(sys.now / 1000)} +0000` : dateIn(given)
  return `${name} <${mail}> ${when ?? fatal(`invalid date format: ${given}`)}`
}

function unknown({ sys }: Repo, role: string, mail: boolean): never {
  sys.err(
    `${role === 'AUTHOR' ? 'Author' : 'Committer'} identity unknown\n\n*** Please tell me who you are.\n\nRun\n\n  git config --global user.email "you@example.com"\n  git config --global user.name "Your Name"\n\nto set your account's default identity.\nOmit --global to set the identity only in this repository.\n\n`,
  )
  const host = sys.kernel.state.hostname
  const user = sys.proc.uid === 0 ? 'root' : String(sys.proc.uid)
  return fatal(
    mail ? `unable to auto-detect email address (got '${user}@${host}.(none)')` : `empty ident name (for <>) not allowed`,
  )
}

const pad = (n: string | number): string => String(n).padStart(2, '0')

/** `Thu Jan 1 00:00:00 2026 +0000`. */
export function shownDate({ seconds, zone }: Person, form = ''): string {
  const at = new Date((seconds + offsetOf(zone)) * 1000)
  const iso = at.toISOString()
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)]
  if (form === 'short') return day
  if (form === 'iso') return `${day} ${clock} ${zone}`
  if (form === 'iso-strict') return `${day}T${clock}${zone.slice(0, 3)}:${zone.slice(3)}`
  const { weekday, month } = namesOf(at)
  if (form === 'rfc') return `${weekday}, ${at.getUTCDate()} ${month} ${at.getUTCFullYear()} ${clock} ${zone}`
  return `${weekday} ${month} ${at.getUTCDate()} ${pad(at.getUTCHours())}:${iso.slice(14, 19)} ${at.getUTCFullYear()} ${zone}`
}

function namesOf(at: Date): { weekday: string; month: string } {
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at.getUTCDay()] as string
  return { weekday, month: wordsOfTime(at.getTime()).month }
}

/** `3 minutes ago`. */
export function agoOf(seconds: number, now: number): string {
  const ago = Math.max(0, now - seconds)
  const told = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'} ago`
  if (ago < 90) return told(ago, 'second')
  const minutes = Math.floor((ago + 30) / 60)
  if (minutes < 90) return told(minutes, 'minute')
  const hours = Math.floor((minutes + 30) / 60)
  if (hours < 36) return told(hours, 'hour')
  const days = Math.floor((hours + 12) / 24)
  if (days < 14) return told(days, 'day')
  if (days < 70) return told(Math.floor((days + 3) / 7), 'week')
  return days < 365 ? told(Math.floor((days + 15) / 30), 'month') : told(Math.floor((days + 183) / 365), 'year')
}
