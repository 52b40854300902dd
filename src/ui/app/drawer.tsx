/** The terminal's drawer under the graph; its inside is loaded when it is first opened. */
import { lazy } from 'react'
import { Pane } from '../parts/pane.tsx'
import { firstLook } from '../state/first-look.ts'
import { useChoice, useDesk } from '../state/hooks.ts'
import { t } from '../words/index.ts'
import { Splitter } from './splitter.tsx'

/** The largest part of the page: it does not hold up the first look at the cluster. */
const Terminal = lazy(() => firstLook.then(() => import('../panels/terminal/index.tsx')))

export function Drawer({ filling }: { filling?: boolean }) {
  const { choices } = useDesk()
  const open = useChoice((c) => c.terminalOpen) || filling
  const sizes = useChoice((c) => c.sizes)
  if (!open) return null
  return (
    <section
      className={filling ? 'drawer filling' : 'drawer'}
      id="terminal"
      aria-label={t('Terminal')}
      style={{ height: sizes.terminal }}
    >
      {!filling && (
        <Splitter
          label={t('Height of the terminal')}
          orientation="horizontal"
          value={sizes.terminal}
          least={150}
          most={640}
          initial={208}
          sense={-1}
          onChange={(terminal) => choices.setState({ sizes: { ...sizes, terminal } })}
        />
      )}
      <Pane name={t('The terminal')}>
        <Terminal />
      </Pane>
    </section>
  )
}
