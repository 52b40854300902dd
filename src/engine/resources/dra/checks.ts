/** All validation of devices: the only door to it. */
export { validateClaim, validateClass, validateTemplate } from './claim-validation.ts'
export { validateSlice } from './slice-validation.ts'
export { validateClaimStatus } from './status-validation.ts'
