/** Apply and its trial, as the editor's buttons run them: results come one by one, and the terminal shows the command. */
import { useEffect, useMemo, useState } from 'react'
import { Client } from '#client/client.ts'
import { select } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { useDesk } from '../../state/hooks.ts'
import { applyText, type Result } from './apply-text.ts'
import { createReader } from './reader.ts'

export const commandFor = (file: string, trial: boolean): string =>
  trial ? `kubectl diff -f ${file}` : `kubectl apply -f ${file}`

export function useApply(
  file: string,
  setResults: (results: Result[]) => void,
): { busy: boolean; apply(text: string, trial: boolean): Promise<void> } {
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  const warnings = useMemo((): string[] => [], [])
  const client = useMemo(
    () => new Client(desk.transport, { agent: 'kubectl/v1.36.3 (browser) editor', onWarning: (text) => warnings.push(text) }),
    [desk, warnings],
  )
  const reader = useMemo(createReader, [])
  useEffect(() => () => reader.dispose(), [reader])
  const apply = async (text: string, trial: boolean): Promise<void> => {
    setBusy(true)
    const sofar: Result[] = []
    const take = (result: Result): void => {
      sofar.push({ ...result, warnings: [...result.warnings, ...warnings.splice(0)] })
      setResults([...sofar])
    }
    try {
      // Undo takes back what follows a mark.
      if (!trial) await desk.simulation?.mark(commandFor(file, false))
      const all = await applyText(client, reader, text, take, trial)
      const done = sofar.length > 0 ? sofar : all
      setResults(done)
      if (!trial) letGo(desk, done)
      if (!trial)
        desk.terminal.write({
          command: commandFor(file, false),
          answer: done.map((result) => lineOf(result, file)).join('\n'),
          failed: done.some((r) => r.outcome === 'failed'),
        })
    } finally {
      setBusy(false)
    }
  }
  return { busy, apply }
}

/** What was applied is not dimmed because something else is still chosen. */
function letGo({ choices }: Desk, results: readonly Result[]): void {
  const chosen = choices.getState().selected?.key.split('/').at(-1)
  if (chosen && results.some((r) => r.outcome === 'created') && !results.some((r) => r.name.endsWith(`/${chosen}`)))
    select(choices, null)
}

const lineOf = ({ name, outcome, problems, said }: Result, file: string): string =>
  outcome === 'failed' ? (said?.(file) ?? `error: ${problems.map((p) => p.message).join('; ')}`) : `${name} ${outcome}`
