/** The graph's filter: which objects it lets through, by namespace, labels and names. */
import type { AnyObject } from '#api/meta.ts'
import type { Filter } from './choices.ts'

type Named = Pick<AnyObject, 'metadata'>
export type Passes = (object: Named) => boolean

export const isOpen = ({ namespace, text }: Filter): boolean => namespace === '' && text.trim() === ''

const everything: Passes = () => true
let last: { namespace: string; text: string; passes: Passes } = { namespace: '', text: '', passes: everything }

/** Remembered, for every tile asks. */
export function passesOf(filter: Filter): Passes {
  if (last.namespace !== filter.namespace || last.text !== filter.text) last = { ...filter, passes: make(filter) }
  return last.passes
}

function make({ namespace, text }: Filter): Passes {
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(wordOf)
  if (namespace === '' && words.length === 0) return everything
  return (object) => (namespace === '' || object.metadata.namespace === namespace) && words.every((word) => word(object))
}

function wordOf(word: string): Passes {
  const label = /^([^=!]+)(=|==|!=)(.*)$/.exec(word)
  if (!label) return ({ metadata }) => metadata.name.includes(word.toLowerCase())
  const [, key = '', sign, value = ''] = label
  return ({ metadata }) => (metadata.labels?.[key] === value) === (sign !== '!=')
}
