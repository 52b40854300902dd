/** The kinds that are asked and never stored: reviews of identity and of rights. */
import type { Resource } from '../apiserver/resource.ts'
import { identityReviews } from './authentication/reviews.ts'
import { accessReviews } from './authorization/reviews.ts'

export const authResources: readonly Resource[] = [...identityReviews, ...accessReviews]
