/** Kubernetes' own image for who may run as root: a busybox that runs as somebody else. */
import { image } from '../image.ts'
import { busybox } from './busybox.ts'

export const nonRoot = image({ ...busybox, name: 'nonroot', user: 1234 })
