/** Columns as Go's tabwriter makes them. */
import { expect, it } from 'vitest'
import { DESCRIBE_TABS, TABLE_TABS, tabbed } from './tab-writer.ts'

it('makes a column as wide as the widest cell of its block', () => {
  expect(tabbed('Name:\tweb\nNamespace:\tdefault\n', DESCRIBE_TABS)).toBe('Name:       web\nNamespace:  default\n')
})

it('begins a new block behind a line without that column', () => {
  expect(tabbed('a:\t1\nPods:\n  long label:\t2\n', DESCRIBE_TABS)).toBe('a:  1\nPods:\n  long label:  2\n')
})

it('keeps table columns six wide, and the last one ragged', () => {
  expect(tabbed('NAME\tN\tAGE\na\t1\t5s\n', TABLE_TABS)).toBe('NAME   N     AGE\na      1     5s\n')
})

it('remembers widths between the rows of a watch', () => {
  const remembered: number[] = []
  tabbed('a-long-name\tx\n', { ...TABLE_TABS, remembered })
  expect(tabbed('b\tx\n', { ...TABLE_TABS, remembered })).toBe('b             x\n')
})
