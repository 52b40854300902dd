import { expect, it } from 'vitest'
import { move, type Row } from './rows.ts'

const row = (id: string, level: number, expanded?: boolean): Row => ({
  id,
  level,
  name: id,
  state: '',
  detail: '',
  ref: null,
  position: 1,
  siblings: 1,
  ...(expanded === undefined ? {} : { expanded }),
})
const rows = [row('zone', 1, true), row('node-1', 2, false), row('node-2', 2, true), row('pod', 3)]

it('right opens what is closed and enters what is open', () => {
  expect(move(rows, 1, 'ArrowRight')).toEqual({ to: 1, unfold: 'node-1' })
  expect(move(rows, 2, 'ArrowRight')).toEqual({ to: 3 })
  expect(move(rows, 3, 'ArrowRight')).toBeNull()
})

it('left closes what is open and leads a leaf to its parent', () => {
  expect(move(rows, 2, 'ArrowLeft')).toEqual({ to: 2, fold: 'node-2' })
  expect(move(rows, 3, 'ArrowLeft')).toEqual({ to: 2 })
})
