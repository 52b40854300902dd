/** Who was refused lately, and the rule that is missing. */
import { useStore } from 'zustand'
import { useDesk } from '../../state/hooks.ts'
import { missingRule } from '../../state/why/refusal.ts'
import { t } from '../../words/index.ts'
import { Section } from './section.tsx'
import { Command } from './why.tsx'

const LATELY_MS = 600_000
const MOST = 5

export function Refusals() {
  const { journal, clock, story } = useDesk()
  useStore(story.store, (s) => s.told.length)
  const refused = journal
    .since(clock.now(), LATELY_MS)
    .filter(({ code }) => code === 403)
    .reverse()
  const known = new Set<string>()
  const fresh = refused.filter(({ because }) => !known.has(because) && known.add(because)).slice(0, MOST)
  if (fresh.length === 0) return null
  return (
    <Section title={t('Refused (403)')} count={fresh.length} open>
      {fresh.map((line) => {
        const missing = missingRule(line.because)
        return (
          <div key={line.seq} className="refusal">
            <p>{line.because}</p>
            {missing && (
              <>
                <p>
                  {missing.namespace
                    ? t('No rule allows it. The one that is missing in a Role of {namespace}:', { namespace: missing.namespace })
                    : t('No rule allows it. The one that is missing in a ClusterRole:')}
                </p>
                <pre>{missing.rule}</pre>
                {missing.commands.map((command) => (
                  <Command key={command} text={command} />
                ))}
              </>
            )}
          </div>
        )
      })}
    </Section>
  )
}
