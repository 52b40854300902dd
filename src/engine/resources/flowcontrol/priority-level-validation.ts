/** Validation of PriorityLevelConfigurations (pkg/apis/flowcontrol/validation). */
import { type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Found } from '../pod/checks.ts'
import { conditions } from './flow-schema-validation.ts'

type Fields = Record<string, any>

const MAX_QUEUES = 10_000_000
/** Bits of the hash that chooses queues. */
const HASH_BITS = 60

/** shufflesharding.RequiredEntropyBits. */
const entropyBits = (deck: number, hand: number): number => Math.ceil(Math.log2(deck) * hand)

function queuing(found: Found, path: string, { queueLengthLimit = 0, queues = 0, handSize = 0 }: Fields): void {
  const wrong = (field: string, value: number, why: string) => found.push(invalid(`${path}.${field}`, value, why))
  if (queueLengthLimit <= 0) wrong('queueLengthLimit', queueLengthLimit, 'must be positive')
  if (queues <= 0) wrong('queues', queues, 'must be positive')
  else if (queues > MAX_QUEUES) wrong('queues', queues, `must not be greater than ${MAX_QUEUES}`)
  if (handSize <= 0) wrong('handSize', handSize, 'must be positive')
  else if (handSize > queues) wrong('handSize', handSize, `should not be greater than queues (${queues})`)
  else if (entropyBits(queues, handSize) > HASH_BITS) {
    const bits = `required entropy bits of deckSize ${queues} and handSize ${handSize}`
    wrong('handSize', handSize, `${bits} should not be greater than ${HASH_BITS}`)
  }
}

function limitResponse(found: Found, path: string, { type = '', queuing: queues }: Fields): void {
  const at = `${path}.queuing`
  if (type === '') found.push(required(`${path}.type`))
  else if (type === 'Reject') {
    if (queues) found.push(forbiddenField(at, 'must be nil if limited.limitResponse.type is not Limited'))
  } else if (type !== 'Queue') found.push(notSupported(`${path}.type`, type, ['Queue', 'Reject']))
  else if (queues) queuing(found, at, queues)
  else found.push(required(at, 'must not be empty if limited.limitResponse.type is Limited'))
}

function shares(found: Found, path: string, { nominalConcurrencyShares: nominal = 0 }: Fields): void {
  if (nominal < 0) found.push(invalid(`${path}.nominalConcurrencyShares`, nominal, 'must be a non-negative integer'))
}

function lending(found: Found, path: string, { lendablePercent: percent = 0 }: Fields): void {
  if (percent >= 0 && percent <= 100) return
  found.push(invalid(`${path}.lendablePercent`, percent, 'must be between 0 and 100, inclusive'))
}

function limited(found: Found, path: string, one: Fields): void {
  shares(found, path, one)
  limitResponse(found, `${path}.limitResponse`, one['limitResponse'] ?? {})
  lending(found, path, one)
  const { borrowingLimitPercent: borrowed = 0 } = one
  if (borrowed < 0) {
    found.push(invalid(`${path}.borrowingLimitPercent`, borrowed, 'if specified, must be a non-negative integer'))
  }
}

export function validatePriorityLevel({ metadata, spec = {}, status }: AnyObject & Fields): FieldError[] {
  const found: Found = []
  const { type = '', exempt, limited: limit } = spec as Fields
  if ((metadata.name === 'exempt') !== (type === 'Exempt')) {
    found.push(invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"))
  }
  if (type === '') found.push(required('spec.type'))
  else if (type === 'Exempt') {
    if (limit) found.push(forbiddenField('spec.limited', 'must be nil if the type is not Limited'))
    if (exempt) shares(found, 'spec.exempt', exempt)
    if (exempt) lending(found, 'spec.exempt', exempt)
  } else if (type === 'Limited') {
    if (exempt) found.push(forbiddenField('spec.exempt', 'must be nil if the type is Limited'))
    if (limit) limited(found, 'spec.limited', limit)
    else found.push(required('spec.limited', 'must not be empty when type is Limited'))
  } else found.push(notSupported('spec.type', type, ['Exempt', 'Limited']))
  conditions(found, status?.conditions ?? [])
  return found
}
