/** A pane whose code comes later: what to say until it is there, and what when it fails. */
import { type ReactNode, Suspense } from 'react'
import { t } from '../words/index.ts'
import { Boundary } from './boundary.tsx'

export const Pane = ({ name, children }: { name: string; children: ReactNode }) => (
  <Boundary name={name}>
    <Suspense fallback={<p className="loading">{t('{name}: one moment…', { name })}</p>}>{children}</Suspense>
  </Boundary>
)
