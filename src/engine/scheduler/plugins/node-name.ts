/** Lets a Pod that names its node onto that node only. */
import { plugin } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'NodeName'
const other = hopeless(NAME, "node(s) didn't match the requested node name")

export const nodeName = plugin({
  name: NAME,
  idle: ({ pod }) => !pod.spec.nodeName,
  filter: ({ pod }, node) => (!pod.spec.nodeName || pod.spec.nodeName === node.name ? null : other),
  retryOn: { 'node/add': true },
})
