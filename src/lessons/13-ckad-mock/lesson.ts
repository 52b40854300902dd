/** Exam 13.1: sixteen tasks in the manner of CKAD, each in a namespace of its own. */
import { namespace } from '../exam-objects.ts'
import { lesson } from '../lesson.ts'
import { design, designObjects } from './design.ts'
import { networkingObjects } from './networking.ts'
import { OLD, running, runningObjects } from './running.ts'

const NAMESPACES = 'amber birch dune ember grove heath iris jade kelp lotus maple nettle olive pine quince rowan'.split(' ')

export default lesson({
  start: { objects: [...NAMESPACES.map(namespace), ...designObjects, ...runningObjects, ...networkingObjects], warmUp: 30_000 },
  files: { 'old/sweep.yaml': OLD },
  steps: [...design, ...running],
})
