/** All that is read of queries: one value for the slot that waits for it. */
import { badRequest, fail } from '#api/status.ts'
import { decodeContinue, encodeContinue, expired } from './continue.ts'
import { deadline, ofNothing } from './deadline.ts'
import { checkList } from './list.ts'
import { checkIntegers, wrongVersion } from './numbers.ts'
import type { QueryOptions } from './slot.ts'
import { checkWrite } from './write.ts'

export const allQueryOptions: QueryOptions = {
  deadline,
  ofNothing,
  list: checkList,
  write: checkWrite,
  remove: (query) => checkIntegers(query, ['gracePeriodSeconds']),
  noVersion: (text, verb) =>
    verb === 'list' ? badRequest(`invalid resource version: ${wrongVersion(text)}`) : fail(500, '', wrongVersion(text)),
  encodeContinue,
  decodeContinue,
  expired,
}
