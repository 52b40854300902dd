/** The tools of the terminal. Adding one: its file, and a line here. */
import { filters } from './filters.ts'
import { sed } from './sed.ts'
import { system } from './system.ts'
import type { Tool } from './tool.ts'

export const tools: readonly Tool[] = [...filters, sed, ...system]
