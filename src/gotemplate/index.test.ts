/** Our templates beside Go's own: `testing/go-cases.json` was recorded from text/template. */
import { describe, expect, it } from 'vitest'
import { TemplateError, TemplateSet } from './index.ts'
import recorded from './testing/go-cases.json' with { type: 'json' }

interface Case {
  template: string
  out?: string
  error?: string
}

function ours(template: string): { out?: string; error?: string } {
  try {
    const out = new TemplateSet().parse('output', template).execute('output', recorded.data)
    return { ...(out ? { out } : {}) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { ...(error.written ? { out: error.written } : {}), error: error.message }
  }
}

describe('a template comes out as with Go', () => {
  for (const { template, ...expected } of recorded.cases as Case[]) it(template, () => expect(ours(template)).toEqual(expected))
})
