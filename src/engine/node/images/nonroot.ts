/** Kubernetes' own image for who may run as root: a busybox that runs as somebody else. */
import { image } from '../image.ts'
import { busybox } from './busybox.ts'

// Its tags count its own releases, not busybox's.
export const nonRoot = image({ ...busybox, releases: [], name: 'nonroot', user: 1234 })
