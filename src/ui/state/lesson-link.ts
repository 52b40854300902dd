/** Which lesson an address asks for: one of ours by its id (`#l=ID`, `?lesson=ID`), or one that is in the link itself (`#l=1.…`). */
import { strFromU8, strToU8 } from 'fflate'
import type { Lesson } from '#lessons/lesson.ts'
import type { Meta, Prose } from '#lessons/prose.ts'
import { t } from '../words/index.ts'
import { OF_THE_CLUSTER } from './another.ts'
import { pack, unpack } from './link.ts'
import type { Storage } from './storage.ts'

const KEY = 'linked-lessons'
/** The latest ones of links are remembered. */
const MOST = 8

export type Asked = { ok: true; meta: Meta; source?: string } | { ok: false; message: string }

/** A lesson in a link: it reaches no server. */
export const lessonLink = (page: string, source: string): string => linkWith(page, `1.${pack(strToU8(source))}`)
export const assignmentLink = (page: string, id: string): string => linkWith(page, id)

function linkWith(page: string, what: string): string {
  const url = new URL(page)
  for (const key of OF_THE_CLUSTER) url.searchParams.delete(key)
  url.hash = `l=${what}`
  return url.href
}

/** `null`: the address asks for no lesson. */
export async function askedLesson(hash: string, id: string | undefined): Promise<Asked | null> {
  const [, inHash] = /^#?l=([^&]+)/.exec(hash) ?? []
  const wanted = inHash ?? id
  if (wanted === undefined) return null
  const [, version, text] = /^(\d{1,4})\.(.*)$/s.exec(wanted) ?? []
  if (version !== undefined && text !== undefined) return fromText(version, text)
  const { catalogue } = await import('#lessons/catalogue.ts')
  const entry = catalogue().find(({ meta }) => meta.id === decodeURIComponent(wanted))
  return entry ? { ok: true, meta: entry.meta } : { ok: false, message: t('There is no lesson {id} here.', { id: wanted }) }
}

async function fromText(version: string, text: string): Promise<Asked> {
  if (version !== '1')
    return { ok: false, message: t('This lesson is of version {version}; a newer page may open it.', { version }) }
  try {
    return await lessonIn(strFromU8(unpack(text)))
  } catch {
    return { ok: false, message: t('This link is damaged: it may have been cut on its way.') }
  }
}

/** A lesson's source, as a link or a file of the site has it. */
export async function lessonIn(source: string): Promise<Asked> {
  const { readLesson } = await import('#lessons/data.ts')
  const read = readLesson(source)
  return read.ok
    ? { ok: true, meta: asLinked(read.lesson).prose.meta, source }
    : { ok: false, message: t('The lesson of this link has a mistake: {message}', { message: read.message }) }
}

/** It stands in a chapter of its own, and is not taken for one of ours. */
export const LINKED = 99
const asLinked = (lesson: Lesson): Lesson => {
  const { prose } = lesson
  return { ...lesson, prose: { ...prose, meta: { ...prose.meta, id: `link:${prose.meta.id}`, chapter: LINKED } } }
}

export interface Linked {
  meta: Meta
  prose(): Promise<Prose>
  load(): Promise<Lesson>
}

function sources(storage: Storage): string[] {
  try {
    const found: unknown = JSON.parse(storage.get(KEY) ?? '[]')
    return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : []
  } catch {
    return []
  }
}

export const keepLinked = (storage: Storage, source: string): void =>
  storage.set(KEY, JSON.stringify([source, ...sources(storage).filter((each) => each !== source)].slice(0, MOST)))

/** The lessons that links have brought, as the catalogue has its own. */
export async function linkedLessons(storage: Storage): Promise<Linked[]> {
  const { readLesson } = await import('#lessons/data.ts')
  return sources(storage).flatMap((source) => {
    const read = readLesson(source)
    if (!read.ok) return []
    const lesson = asLinked(read.lesson)
    return [{ meta: lesson.prose.meta, prose: async () => lesson.prose, load: async () => lesson }]
  })
}
