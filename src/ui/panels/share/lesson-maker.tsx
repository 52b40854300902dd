/** A lesson made by acting it out: where it begins is kept, what is done from there becomes its solution and its checks. */
import { useState } from 'react'
import type { AnyObject } from '#api/meta.ts'
import type { Desk } from '../../state/desk.ts'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import { readFiles } from '../editor/files.ts'

const KEY = 'lesson-draft'

interface Draft {
  seed: string
  /** How many deeds the session had then. */
  deeds: number
  objects: AnyObject[]
}

export default function LessonMaker() {
  const desk = useDesk()
  const [begun, setBegun] = useState(() => draftOf(desk) !== null)
  const [title, setTitle] = useState('')
  const [said, setSaid] = useState('')
  if (!desk.simulation) return null
  const doing = (deed: () => Promise<string>) => (): void => {
    deed().then(setSaid, (reason: unknown) => setSaid(String(reason)))
  }
  return (
    <details>
      <summary>{t('Make a lesson of it')}</summary>
      <p>
        {t('Set the scene, and press Begin. What you do from then on becomes the solution; what differs at the end, the tasks.')}
      </p>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={doing(async () => {
            await begin(desk)
            setBegun(true)
            return t('The lesson begins here. Close this, act it out, and come back.')
          })}
        >
          {begun ? t('Begin anew from here') : t('Begin')}
        </button>
        <input
          aria-label={t('Title of the lesson')}
          placeholder={t('Title of the lesson')}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={!begun}
          onClick={doing(async () => {
            save(await sourceOf(desk, title))
            return t('Saved. Write its words and hints into the file; “Take your progress along” opens it again.')
          })}
        >
          {t('Save as a file')}
        </button>
        <button
          type="button"
          className="button"
          disabled={!begun}
          onClick={doing(async () => {
            const { lessonLink } = await import('../../state/lesson-link.ts')
            await navigator.clipboard.writeText(lessonLink(location.href, await sourceOf(desk, title)))
            return t('Copied.')
          })}
        >
          {t('Copy the link')}
        </button>
      </div>
      <p role="status">{said}</p>
    </details>
  )
}

function draftOf({ storage, clock }: Desk): Draft | null {
  try {
    const draft = JSON.parse(storage.get(KEY) ?? 'null') as Draft | null
    // Of another cluster.
    return draft && draft.seed === clock.store.getState().status?.seed ? draft : null
  } catch {
    return null
  }
}

const deedsOf = async ({ simulation }: Desk): Promise<string[]> =>
  ((await simulation?.session())?.inputs ?? []).flatMap((input) => ('mark' in input ? [input.mark] : []))

async function begin(desk: Desk): Promise<void> {
  const { manifestsOf } = await import('../../state/bundle.ts')
  const seed = desk.clock.store.getState().status?.seed ?? '1'
  const draft: Draft = { seed, deeds: (await deedsOf(desk)).length, objects: await manifestsOf(desk.transport) }
  desk.storage.set(KEY, JSON.stringify(draft))
}

async function sourceOf(desk: Desk, title: string): Promise<string> {
  const [{ manifestsOf }, { skeletonOf }] = await Promise.all([import('../../state/bundle.ts'), import('#lessons/skeleton.ts')])
  const draft = draftOf(desk)
  if (!draft) throw new Error(t('This cluster is another one than where the lesson began.'))
  return skeletonOf({
    title: title.trim() || t('A lesson of my own'),
    seed: draft.seed,
    nodes: desk.mirror.all('nodes').size,
    before: draft.objects,
    after: await manifestsOf(desk.transport),
    commands: (await deedsOf(desk)).slice(draft.deeds),
    files: readFiles(desk.storage),
  })
}

function save(text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = 'lesson.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
