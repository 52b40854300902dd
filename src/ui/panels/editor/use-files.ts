/** The open files as React sees them: texts that outlive reloads, the one that is shown, and what happens to them. */
import { useEffect, useRef, useState } from 'react'
import { useChoice, useDesk, usePage } from '../../state/hooks.ts'
import { examples } from './examples.ts'
import { type FileTexts, MAIN, readFiles, removeFile, writeFile } from './files.ts'

const KEEP_AFTER_MS = 400

export interface OpenFiles {
  texts: FileTexts
  shown: string
  text: string
  show(name: string): void
  change(text: string): void
  add(name: string, text: string): void
  close(name: string): void
}

export function useFiles(): OpenFiles {
  const { storage, choices } = useDesk()
  const [texts, setTexts] = useState(() => readFiles(storage))
  const [shown, setShown] = useState(MAIN)
  const late = useRef<{ timer: ReturnType<typeof setTimeout>; save(): void } | null>(null)
  const settle = (): void => {
    if (!late.current) return
    clearTimeout(late.current.timer)
    late.current.save()
    late.current = null
  }
  useFirstExample((text) => setTexts((now) => (now[MAIN] ? now : { ...now, [MAIN]: text })))
  // Somebody else has put texts there: a lesson, a link, the terminal.
  const version = usePage('draft')
  useEffect(() => {
    if (version === 0) return
    // What stands in the main file without having been kept, as the first example, stays.
    const kept = storage.get('draft') !== null
    setTexts((now) => ({ ...readFiles(storage), ...(kept ? {} : { [MAIN]: now[MAIN] ?? '' }) }))
  }, [version, storage])
  const given = useChoice((c) => c.file)
  useEffect(() => {
    if (given === null || !Object.hasOwn(texts, given)) return
    setShown(given)
    choices.setState({ file: null })
  }, [given, texts, choices])
  useEffect(() => {
    // A page that is left keeps what was typed last.
    const onHide = (): void => settle()
    addEventListener('pagehide', onHide)
    return () => {
      removeEventListener('pagehide', onHide)
      onHide()
    }
  })
  const name = Object.hasOwn(texts, shown) ? shown : MAIN
  return {
    texts,
    shown: name,
    text: texts[name] ?? '',
    show(next) {
      settle()
      setShown(next)
    },
    change(text) {
      setTexts((now) => ({ ...now, [name]: text }))
      if (late.current) clearTimeout(late.current.timer)
      const save = (): void => {
        late.current = null
        writeFile(storage, name, text)
      }
      late.current = { timer: setTimeout(save, KEEP_AFTER_MS), save }
    },
    add(next, text) {
      settle()
      writeFile(storage, next, text)
      setTexts(readFiles(storage))
      setShown(next)
    },
    close(gone) {
      settle()
      removeFile(storage, gone)
      setTexts(readFiles(storage))
      if (gone === name) setShown(MAIN)
    },
  }
}

/** A newcomer finds the first example. */
function useFirstExample(give: (text: string) => void): void {
  const { storage } = useDesk()
  const latest = useRef(give)
  latest.current = give
  useEffect(() => {
    if (storage.get('draft') === null)
      examples[0]?.load().then(
        (first) => latest.current(first),
        () => {},
      )
  }, [storage])
}
