/** A bar between two panes: drag it, move it with the arrow keys, double-click to reset. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react'

interface SplitterProps {
  label: string
  orientation: 'vertical' | 'horizontal'
  className?: string
  value: number
  least: number
  most: number
  initial: number
  /** 1 when moving right or down makes the pane larger, -1 when smaller. */
  sense: 1 | -1
  onChange(value: number): void
}

const KEY_STEP = 24

export function Splitter({ label, orientation, className, value, least, most, initial, sense, onChange }: SplitterProps) {
  const [dragging, setDragging] = useState<{ from: number; value: number } | null>(null)
  const across = (event: PointerEvent): number => (orientation === 'vertical' ? event.clientX : event.clientY)
  const set = (next: number): void => onChange(Math.round(Math.max(least, Math.min(most, next))))
  const onKeyDown = (event: KeyboardEvent): void => {
    const forward = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown'
    const back = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp'
    if (event.key === forward) set(value + KEY_STEP * sense)
    else if (event.key === back) set(value - KEY_STEP * sense)
    else if (event.key === 'Home') set(least)
    else if (event.key === 'End') set(most)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> can hold no value to move
    <div
      role="separator"
      tabIndex={0}
      className={`splitter ${className ?? ''}`}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      data-dragging={dragging ? true : undefined}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onChange(initial)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging({ from: across(event), value })
      }}
      onPointerMove={(event) => dragging && set(dragging.value + (across(event) - dragging.from) * sense)}
      onPointerUp={() => setDragging(null)}
      onPointerCancel={() => setDragging(null)}
    />
  )
}
