/** Progress on its way to another browser, and a receipt to hand in: as files and as text, without an account. */
import { type ChangeEvent, useState } from 'react'
import { useDesk } from '../../state/hooks.ts'
import { keepLinked, lessonIn } from '../../state/lesson-link.ts'
import { t } from '../../words/index.ts'
import { useRoom } from './use-room.ts'

const save = (name: string, text: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** `onTaken` is told when a record was taken in: the list shows other ticks. */
export function Keeping({ onTaken }: { onTaken(): void }) {
  const { storage } = useDesk()
  const { progress, speak } = useRoom()
  const [said, setSaid] = useState('')
  const take = (text: string): void => {
    if (text.includes('"tabernetes-lesson"')) return void takeLesson(text)
    const { error } = progress.imported(text)
    setSaid(error ?? t('Taken in.'))
    if (!error) onTaken()
  }
  /** A lesson from a file stands beside those from links. */
  const takeLesson = async (text: string): Promise<void> => {
    const asked = await lessonIn(text)
    if (!asked.ok) return setSaid(asked.message)
    keepLinked(storage, text)
    await speak()
    setSaid(t('Taken in.'))
    onTaken()
  }
  const takeFile = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.target.files ?? []
    void file?.text().then(take)
    event.target.value = ''
  }
  const copy = (): void => {
    navigator.clipboard?.writeText(progress.exported()).then(
      () => setSaid(t('Copied.')),
      () => setSaid(t('The browser refused the clipboard: select the text and copy it.')),
    )
  }
  const paste = (): void => {
    navigator.clipboard?.readText().then(take, () => setSaid(t('The browser refused the clipboard: open a file instead.')))
  }
  return (
    <details className="keeping">
      <summary>{t('Take your progress along')}</summary>
      <p>{t('What you have done is kept in this browser. Save it to go on in another.')}</p>
      <div className="row">
        <button type="button" className="button" onClick={() => save('tabernetes-progress.json', progress.exported())}>
          {t('Save as a file')}
        </button>
        <label className="button">
          {t('Open a file')}
          <input type="file" accept="application/json,.json" className="visually-hidden" onChange={takeFile} />
        </label>
        <button type="button" className="button" onClick={copy}>
          {t('Copy as text')}
        </button>
        <button type="button" className="button" onClick={paste}>
          {t('Paste')}
        </button>
      </div>
      <p role="status">{said}</p>
    </details>
  )
}
