/** One foldable part of the inspector. */
import type { ReactNode } from 'react'

export function Section({
  title,
  count,
  open,
  children,
}: {
  title: string
  count?: number
  open?: boolean
  children: ReactNode
}) {
  return (
    <details open={open}>
      <summary>
        {title}
        {count !== undefined && <span className="num count">{count}</span>}
      </summary>
      {children}
    </details>
  )
}
