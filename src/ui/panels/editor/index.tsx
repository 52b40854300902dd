/** The editor panel: manifests in, Apply, and what the cluster says to them. */
import { FilePlus2, Play } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import './editor.css'
import { Client } from '#client/client.ts'
import { useDesk, usePage } from '../../state/hooks.ts'
import { applyText, type Result } from './apply-text.ts'
import { examples } from './examples.ts'
import { Plain } from './plain.tsx'
import { createReader } from './reader.ts'
import { Results } from './results.tsx'

const Code = lazy(() => import('./code.tsx'))

const SMALL = '(max-width: 599px)'

export default function Editor() {
  const desk = useDesk()
  const [text, setText] = useDraft()
  const [results, setResults] = useState<Result[]>([])
  const [busy, setBusy] = useState(false)
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null)
  const apply = useApply(setResults, setBusy)
  const problems = useMemo(() => results.flatMap((r) => r.problems), [results])
  const change = (next: string): void => {
    setText(next)
    if (problems.length > 0) setResults([])
  }
  const surface = { text, problems, goTo, onChange: change, onApply: () => void (busy || apply(text)) }
  return (
    <div className="editor">
      <div className="editor-bar">
        <ExamplesMenu onPick={change} />
        <span className="grow" />
        <span className="hint" aria-hidden="true">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
        <button type="button" className="button primary" disabled={busy} onClick={surface.onApply}>
          <Play size={14} aria-hidden="true" /> {busy ? 'Applying…' : 'Apply'}
        </button>
      </div>
      <div className="surface">
        {matchMedia(SMALL).matches ? (
          <Plain {...surface} />
        ) : (
          <Suspense fallback={<p className="loading">Loading the editor…</p>}>
            <Code {...surface} />
          </Suspense>
        )}
      </div>
      {results.length > 0 && <Results results={results} onGo={(place) => setGoTo({ ...place })} onClose={() => setResults([])} />}
      {!desk.storage.lasting && <p className="note">This page may not store anything: copy what you want to keep.</p>}
    </div>
  )
}

/** The text outlives reloads; a newcomer finds the first example. */
function useDraft(): [string, (text: string) => void] {
  const { storage } = useDesk()
  const [text, setText] = useState(() => storage.get('draft') ?? '')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    if (storage.get('draft') === null)
      examples[0]?.load().then(
        (first) => setText((now) => now || first),
        () => {},
      )
  }, [storage])
  // Somebody else has put a text there: a lesson.
  const version = usePage('draft')
  useEffect(() => {
    if (version > 0) setText(storage.get('draft') ?? '')
  }, [version, storage])
  const keep = (next: string): void => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => storage.set('draft', next), 400)
  }
  return [text, keep]
}

function useApply(setResults: (results: Result[]) => void, setBusy: (busy: boolean) => void): (text: string) => Promise<void> {
  const desk = useDesk()
  const warnings = useRef<string[]>([])
  const client = useMemo(
    () => new Client(desk.transport, { agent: 'kubectl/v1.36.3 (browser) editor', onWarning: (w) => warnings.current.push(w) }),
    [desk],
  )
  const reader = useMemo(createReader, [])
  useEffect(() => () => reader.dispose(), [reader])
  return async (text) => {
    setBusy(true)
    const sofar: Result[] = []
    const take = (result: Result): void => {
      sofar.push({ ...result, warnings: [...result.warnings, ...warnings.current.splice(0)] })
      setResults([...sofar])
    }
    const all = await applyText(client, reader, text, take)
    if (sofar.length === 0) setResults(all)
    const done = sofar.length > 0 ? sofar : all
    desk.terminal.write({
      command: 'kubectl apply -f manifest.yaml',
      answer: done.map(lineOf).join('\n'),
      failed: done.some((r) => r.outcome === 'failed'),
    })
    setBusy(false)
  }
}

const lineOf = ({ name, outcome, problems }: Result): string =>
  outcome === 'failed' ? `${name}: ${problems.map((p) => p.message).join('; ')}` : `${name} ${outcome}`

function ExamplesMenu({ onPick }: { onPick(text: string): void }) {
  return (
    <label className="examples button">
      <FilePlus2 size={15} aria-hidden="true" />
      <span className="visually-hidden">Open an example</span>
      <select
        value=""
        onChange={(event) =>
          void examples
            .find((e) => e.id === event.target.value)
            ?.load()
            .then(onPick)
        }
      >
        <option value="" disabled>
          Examples
        </option>
        {examples.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}
