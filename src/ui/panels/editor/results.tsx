/** What became of each document of the last apply, and where the cluster finds fault with it. */
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { perform, visitors } from '../../state/actions.ts'
import { useDesk } from '../../state/hooks.ts'
import type { Result } from './apply-text.ts'

interface ResultsProps {
  results: Result[]
  onGo(place: { line: number; column: number }): void
  onClose(): void
}

export function Results({ results, onGo, onClose }: ResultsProps) {
  const failed = results.filter((r) => r.outcome === 'failed').length
  return (
    <section className="results" aria-label="Result of the last apply">
      <header>
        <b role="status">{failed > 0 ? `${failed} of ${results.length} refused` : `${results.length} applied`}</b>
        <button type="button" className="icon" aria-label="Close the results" onClick={onClose}>
          <X size={15} />
        </button>
      </header>
      <ul>
        {results.map((result, i) => (
          <Row key={`${i} ${result.name}`} result={result} onGo={onGo} />
        ))}
      </ul>
    </section>
  )
}

function Row({ result, onGo }: { result: Result; onGo: ResultsProps['onGo'] }) {
  const bad = result.outcome === 'failed'
  return (
    <li data-outcome={result.outcome}>
      {bad ? <CircleAlert size={16} aria-hidden="true" /> : <CircleCheck size={16} aria-hidden="true" />}
      <div>
        <span className="mono">{result.name}</span> <i>{bad ? 'refused' : result.outcome}</i>
        <VisitorsButton result={result} />
        {result.problems.map((problem) => (
          <button key={`${problem.line} ${problem.message}`} type="button" className="problem" onClick={() => onGo(problem)}>
            <b className="num">line {problem.line}</b> {problem.message}
          </button>
        ))}
        {result.warnings.map((warning) => (
          <p key={warning} className="warning">
            Warning: {warning}
          </p>
        ))}
      </div>
    </li>
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
      send visitors
    </button>
  )
}
