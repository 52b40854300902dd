/** Stands in for d3-color in the bundle: React Flow's zoom never blends colours, but its libraries know how to. */

/** No text is a colour. */
export function color(): null {
  return null
}
export const [rgb, hsl, lab, hcl, cubehelix] = [color, color, color, color, color]
