/** The compiler of custom resources' rules. */
import type { RuleCompiler } from './rules-port.ts'

export const ruleCompiler: RuleCompiler | null = null
