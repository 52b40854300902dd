/** Prefers nodes that already have the Pod's images: the larger the image, and the more nodes have it, the better. */
import { MAX_SCORE, plugin } from '../framework.ts'

const MB = 1024 * 1024
const LEAST = 23 * MB
const MOST = 1000 * MB

interface Wanted {
  /** The images that some node has, and what having one is worth: the more nodes have it, the more. */
  images: { name: string; worth: number }[]
  most: number
}

export const imageLocality = plugin<null, Wanted>({
  name: 'ImageLocality',
  weight: 1,
  local: true,
  epoch({ shape }, cluster) {
    if (!cluster.anyImages) return ''
    let known = ''
    for (const name of shape.images) {
      const image = cluster.image(name)
      if (image) known += `${name} ${image.size} ${image.nodes} `
    }
    return known && `${known}of ${cluster.nodes.length}`
  },
  preScore({ pod, shape }, _candidates, cluster) {
    const images: Wanted['images'] = []
    for (const name of shape.images) {
      const image = cluster.image(name)
      if (image) images.push({ name, worth: Math.trunc(image.size * (image.nodes / cluster.nodes.length)) })
    }
    const containers = (pod.spec.initContainers?.length ?? 0) + pod.spec.containers.length
    return { state: { images, most: MOST * containers } }
  },
  score(_pod, node, { images, most }) {
    let sum = 0
    for (const { name, worth } of images) if (node.images?.has(name)) sum += worth
    const bounded = Math.min(Math.max(sum, LEAST), most)
    return Math.trunc((MAX_SCORE * (bounded - LEAST)) / (most - LEAST))
  },
})
