/** Would keep a Pod off nodes with too many attached volumes; no driver here publishes a limit, so none is exceeded. */
import { plugin, skip } from '../framework.ts'

export const nodeVolumeLimits = plugin({
  name: 'NodeVolumeLimits',
  preFilter: () => skip,
  filter: () => null,
})
