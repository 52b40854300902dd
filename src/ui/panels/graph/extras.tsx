/** What lies over the graph and may come after it: the control plane, the marks, the legend. */
export { AddNode } from './add-node.tsx'
export { Edges } from './edges.tsx'
export { Hidden } from './hidden.tsx'
export { Legend } from './legend.tsx'
export { MarksLayer } from './marks-layer.tsx'
export { PodsCanvas } from './pods-canvas.tsx'
export { Strip } from './strip.tsx'
