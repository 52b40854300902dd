/** The editor panel: files of manifests in; a preview, Apply, and what the cluster says to them. */
import { FilePlus2, Play, ScanEye } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import './editor.css'
import { useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import type { Result } from './apply-text.ts'
import { examples } from './examples.ts'
import type { Fix } from './fixes.ts'
import { isAbout, refAt, spanOf } from './places.ts'
import { Plain } from './plain.tsx'
import { Results } from './results.tsx'
import { FileTabs } from './tabs.tsx'
import { added, templates } from './templates.ts'
import { useApply } from './use-apply.ts'
import { type OpenFiles, useFiles } from './use-files.ts'

const Code = lazy(() => import('./code.tsx'))

const SMALL = '(max-width: 599px)'
/** Beyond this, looking for the lines of a chosen object would be felt. */
const LARGE = 500_000

export default function Editor() {
  const desk = useDesk()
  const files = useFiles()
  const { text } = files
  const [results, setResults] = useState<Result[]>([])
  const [trial, setTrial] = useState(false)
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null)
  const { busy, apply } = useApply(files.shown, setResults)
  const problems = useMemo(() => results.flatMap((r) => r.problems), [results])
  const change = (next: string): void => {
    files.change(next)
    if (problems.length > 0 || trial) setResults([])
  }
  const run = (asTrial: boolean): void => {
    if (busy) return
    setTrial(asTrial)
    void apply(text, asTrial)
  }
  const fix = (chosen: Fix): void => change(chosen.apply(text))
  const surface = {
    text,
    name: files.shown,
    problems,
    goTo,
    lit: useLit(text),
    onChange: change,
    onApply: () => run(false),
    onCursor: useCursor(text),
  }
  return (
    <div className="editor">
      <FileTabs files={files} />
      <div className="editor-bar">
        <OpenMenu files={files} onPick={change} />
        <span className="grow" />
        <button type="button" className="button aside" disabled={busy} title={t('What would change')} onClick={() => run(true)}>
          <ScanEye size={14} aria-hidden="true" /> {t('Preview')}
        </button>
        <button type="button" className="button primary" disabled={busy} title="Ctrl+Enter" onClick={() => run(false)}>
          <Play size={14} aria-hidden="true" /> {busy ? t('Applying…') : t('Apply')}
        </button>
      </div>
      <div className="surface">
        {matchMedia(SMALL).matches ? (
          <Plain {...surface} />
        ) : (
          <Suspense fallback={<p className="loading">{t('Loading the editor…')}</p>}>
            <Code {...surface} />
          </Suspense>
        )}
      </div>
      {results.length > 0 && (
        <Results
          results={results}
          trial={trial}
          text={text}
          file={files.shown}
          onGo={(place) => setGoTo({ ...place })}
          onFix={fix}
          onApply={() => run(false)}
          onClose={() => setResults([])}
        />
      )}
      {!desk.storage.lasting && <p className="note">{t('This page may not store anything: copy what you want to keep.')}</p>}
    </div>
  )
}

/** The lines of what is chosen in the graph. */
function useLit(text: string): { from: number; to: number } | null {
  const desk = useDesk()
  const selected = useChoice((c) => c.selected)
  useScene(selected ? `${selected.table} ${selected.key}` : '')
  return text.length > LARGE ? null : spanOf(desk, text, selected)
}

/** The way back: a cursor that is put into a document chooses its object in the graph, and the editor stays. */
function useCursor(text: string): (line: number) => void {
  const { choices, ...rest } = useDesk()
  return (line) => {
    if (text.length > LARGE) return
    const desk = { choices, ...rest }
    const ref = refAt(desk, text, line)
    if (ref && !isAbout(desk, choices.getState().selected, ref)) choices.setState({ selected: ref })
  }
}

function OpenMenu({ files, onPick }: { files: OpenFiles; onPick(text: string): void }) {
  const pick = (value: string): void => {
    const example = examples.find((e) => e.id === value)
    if (example) void example.load().then(onPick)
    else if (templates[value]) onPick(added(files.text, value))
  }
  return (
    <label className="examples button">
      <FilePlus2 size={15} aria-hidden="true" />
      <span className="visually-hidden">{t('Open an example or add a template')}</span>
      <select value="" onChange={(event) => pick(event.target.value)}>
        <option value="" disabled>
          {t('Examples')}
        </option>
        <optgroup label={t('Examples')}>
          {examples.map(({ id, title }) => (
            <option key={id} value={id}>
              {t(title)}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('Add the smallest…')}>
          {Object.keys(templates).map((kind) => (
            <option key={kind} value={kind}>
              {kind}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  )
}
