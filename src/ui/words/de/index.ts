/** The interface in German; what Kubernetes calls by a name of its own keeps it. */
import type { Catalogue } from '../index.ts'
import { cluster } from './cluster.ts'
import { desk } from './desk.ts'
import { frame } from './frame.ts'
import { graph } from './graph.ts'
import { lessons } from './lessons.ts'
import { raft } from './raft.ts'
import { reasons } from './reasons.ts'
import { story } from './story.ts'
import { trials } from './trials.ts'
import { why } from './why.ts'

export const de = { ...frame, ...graph, ...desk, ...cluster, ...lessons, ...story, ...trials, ...raft, ...why }
export const german: Catalogue = { words: de, reasons }
