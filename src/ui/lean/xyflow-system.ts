/** Stands in for @xyflow/system in the bundle: the view, its nodes and handles stay; edges, dragging and connecting we do without. */
import type { EdgePosition } from '@xyflow/system'

export * from '@xyflow/system'

const nothing = (): void => {}

/** Our cards are not draggable, so nobody asks for this. */
export const XYDrag = () => ({ update: nothing, destroy: nothing })
/** Nor are they connected by hand. */
export const XYHandle = { onPointerDown: nothing, isValid: () => ({ isValid: false }) }

/** Our edges are drawn in `edges.tsx`, along curves of their own. */
export const getEdgePosition = (): EdgePosition | null => null
export const isEdgeVisible = (): boolean => false
const path = (): [string, number, number, number, number] => ['', 0, 0, 0, 0]

export { path as getBezierPath, path as getSmoothStepPath, path as getStraightPath }
