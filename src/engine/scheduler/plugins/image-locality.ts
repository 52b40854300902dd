/** Prefers nodes that already have the Pod's images: the larger the image, and the more nodes have it, the better. */
import { MAX_SCORE, plugin } from '../framework.ts'

const MB = 1024 * 1024
const LEAST = 23 * MB
const MOST = 1000 * MB

interface Wanted {
  /** The images that some node has, and the part of all nodes that has them. */
  images: { name: string; spread: number }[]
  most: number
}

export const imageLocality = plugin<null, Wanted>({
  name: 'ImageLocality',
  weight: 1,
  local: true,
  epoch({ shape }, cluster) {
    if (!cluster.anyImages) return ''
    const counts = shape.images.map((name) => cluster.imageNodes(name))
    return counts.every((count) => count === 0) ? '' : `${counts} of ${cluster.nodes.length}`
  },
  preScore({ pod, shape }, _candidates, cluster) {
    const images = shape.images.map((name) => ({ name, spread: cluster.imageNodes(name) / cluster.nodes.length }))
    const containers = (pod.spec.initContainers?.length ?? 0) + pod.spec.containers.length
    return { state: { images: images.filter(({ spread }) => spread > 0), most: MOST * containers } }
  },
  score(_pod, node, { images, most }) {
    let sum = 0
    for (const { name, spread } of images) {
      const size = node.images?.get(name)
      if (size !== undefined) sum += Math.trunc(size * spread)
    }
    const bounded = Math.min(Math.max(sum, LEAST), most)
    return Math.trunc((MAX_SCORE * (bounded - LEAST)) / (most - LEAST))
  },
})
