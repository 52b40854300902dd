/** The editor's tabs: one per file, and a field for the name of a new one. */
import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { t } from '../../words/index.ts'
import { MAIN, nameProblem } from './files.ts'
import type { OpenFiles } from './use-files.ts'

export function FileTabs({ files }: { files: OpenFiles }) {
  const [naming, setNaming] = useState(false)
  const names = Object.keys(files.texts)
  return (
    <div className="file-tabs">
      <ul aria-label={t('Files')}>
        {names.map((name) => (
          <li key={name}>
            <button type="button" className="mono" aria-pressed={name === files.shown} onClick={() => files.show(name)}>
              {name}
            </button>
            {name !== MAIN && (
              <button type="button" className="icon" aria-label={`${t('Close')} ${name}`} onClick={() => files.close(name)}>
                <X size={13} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {naming ? (
        <NewFile files={files} onDone={() => setNaming(false)} />
      ) : (
        <button type="button" className="icon" aria-label={t('New file')} title={t('New file')} onClick={() => setNaming(true)}>
          <Plus size={15} />
        </button>
      )}
    </div>
  )
}

function NewFile({ files, onDone }: { files: OpenFiles; onDone(): void }) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const full = /\.\w+$/.test(name) ? name : `${name}.yaml`
    const wrong = nameProblem(full, files.texts)
    if (wrong) return setProblem(wrong)
    files.add(full, '')
    onDone()
  }
  return (
    <form onSubmit={submit}>
      <input
        className="mono"
        aria-label={t('Name of the new file')}
        placeholder="service.yaml"
        // biome-ignore lint/a11y/noAutofocus: the button that opened it had the focus.
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
        onBlur={() => name === '' && onDone()}
      />
      {problem && <p role="alert">{problem}</p>}
    </form>
  )
}
