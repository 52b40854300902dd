/** What became of each document of the last apply or its trial: faults with their fixes, and what changes. */
import { CircleAlert, CircleCheck, Copy, Lightbulb, X } from 'lucide-react'
import { useMemo } from 'react'
import { perform, visitors } from '../../state/actions.ts'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import type { Result } from './apply-text.ts'
import type { Difference } from './difference.ts'
import { type Facts, type Fix, fixesFor } from './fixes.ts'
import { commandFor } from './use-apply.ts'
import { useFacts } from './use-facts.ts'

interface ResultsProps {
  results: Result[]
  trial: boolean
  text: string
  file: string
  onGo(place: { line: number; column: number }): void
  onFix(fix: Fix): void
  onApply(): void
  onClose(): void
}

export function Results(props: ResultsProps) {
  const { results, trial, file, onApply, onClose } = props
  const failed = results.filter((r) => r.outcome === 'failed').length
  const facts = useFacts(failed > 0)
  const said = failed > 0 ? 'refused' : trial ? 'previewed' : 'applied'
  const count = failed > 0 ? `${failed} of ${results.length}` : results.length
  return (
    <section className="results" aria-label={t('Result of the last apply')}>
      <header>
        <b role="status">
          {said === 'refused'
            ? t('{count} refused', { count })
            : said === 'applied'
              ? t('{count} applied', { count })
              : t('{count} would be taken; nothing is changed yet', { count })}
        </b>
        <span className="row">
          <CopyCommand command={commandFor(file, trial)} />
          {trial && failed === 0 && (
            <button type="button" className="button primary small" onClick={onApply}>
              {t('Apply it')}
            </button>
          )}
          <button type="button" className="icon" aria-label={t('Close the results')} onClick={onClose}>
            <X size={15} />
          </button>
        </span>
      </header>
      <ul>
        {results.map((result, i) => (
          <Row key={`${i} ${result.name}`} {...props} result={result} facts={facts} />
        ))}
      </ul>
    </section>
  )
}

function CopyCommand({ command }: { command: string }) {
  const copy = (): void => void navigator.clipboard?.writeText(command).catch(() => {})
  return (
    <button type="button" className="icon" aria-label={t('Copy: {command}', { command })} title={command} onClick={copy}>
      <Copy size={14} />
    </button>
  )
}

function Row({ result, text, facts, trial, onGo, onFix }: ResultsProps & { result: Result; facts: Facts | null }) {
  const bad = result.outcome === 'failed'
  return (
    <li data-outcome={result.outcome}>
      {bad ? <CircleAlert size={16} aria-hidden="true" /> : <CircleCheck size={16} aria-hidden="true" />}
      <div>
        <span className="mono">{result.name}</span> <i>{bad ? t('refused') : trial ? WOULD[result.outcome]() : result.outcome}</i>
        {!trial && <VisitorsButton result={result} />}
        {result.problems.map((problem) => (
          <div key={`${problem.line} ${problem.message}`}>
            <button type="button" className="problem" onClick={() => onGo(problem)}>
              <b className="num">{t('line {line}', { line: problem.line })}</b> {problem.message}
            </button>
            {facts && <Fixes fixes={fixesFor(problem, text, facts)} onFix={onFix} />}
          </div>
        ))}
        {result.warnings.map((warning) => (
          <p key={warning} className="warning">
            {`Warning: ${warning}`}
          </p>
        ))}
        {result.difference && <Changes difference={result.difference} />}
      </div>
    </li>
  )
}

const WOULD = {
  created: () => t('would be created'),
  configured: () => t('would be changed'),
  unchanged: () => t('stays as it is'),
  failed: () => t('refused'),
}

function Fixes({ fixes, onFix }: { fixes: Fix[]; onFix(fix: Fix): void }) {
  if (fixes.length === 0) return null
  return (
    <p className="fixes">
      <Lightbulb size={14} aria-hidden="true" />
      {fixes.map((fix) => (
        <button key={fix.title} type="button" className="button small" onClick={() => onFix(fix)}>
          {fix.title}
        </button>
      ))}
    </p>
  )
}

/** Lines with their sign as text: not by colour alone. */
function Changes({ difference: { lines, conflicts } }: { difference: Difference }) {
  const defaulted = useMemo(() => lines.filter((line) => line.defaulted).length, [lines])
  if (lines.length === 0) return null
  return (
    <>
      {conflicts.map((conflict) => (
        <p key={conflict} className="warning">
          {conflict}
        </p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre className="changes" tabIndex={0}>
        {lines.map((line, i) => (
          <span key={`${i} ${line.text}`} data-sign={line.sign} data-defaulted={line.defaulted}>
            {line.sign} {line.text}
            {'\n'}
          </span>
        ))}
      </pre>
      {defaulted > 0 && (
        <p className="small">{t('{count} lines in italics are filled in by the server.', { count: defaulted })}</p>
      )}
    </>
  )
}

/** A Service that nobody calls shows nothing: offer to send some visitors. */
function VisitorsButton({ result }: { result: Result }) {
  const desk = useDesk()
  const { object } = result
  const web =
    object?.kind === 'Service' && (object['spec']?.ports ?? []).some((p: { port: number }) => p.port === 80 || p.port === 8080)
  if (!web || !object || !desk.simulation) return null
  const key = `${object.metadata.namespace}/${object.metadata.name}`
  return (
    <button type="button" className="link" onClick={() => void perform(desk, visitors(desk, key, 4))}>
      {t('send visitors')}
    </button>
  )
}
