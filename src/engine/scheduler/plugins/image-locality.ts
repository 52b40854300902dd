/** Prefers nodes that already have the Pod's images: the larger the image, and the more nodes have it, the better. */
import type { Pod } from '#api/kinds.ts'
import { MAX_SCORE, plugin } from '../framework.ts'

const MB = 1024 * 1024
const LEAST = 23 * MB
const MOST = 1000 * MB

/** With the tag `latest` when the name has none, as in the node's list. */
const fullName = (image: string): string => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image)

function imagesOf({ spec }: Pod): string[] {
  const names: string[] = []
  for (const container of spec.initContainers ?? []) if (container.image) names.push(fullName(container.image))
  for (const container of spec.containers) if (container.image) names.push(fullName(container.image))
  for (const volume of spec.volumes ?? []) if (volume.image?.reference) names.push(fullName(volume.image.reference))
  return names
}

interface Wanted {
  /** The images that some node has, and the part of all nodes that has them. */
  images: { name: string; spread: number }[]
  most: number
}

export const imageLocality = plugin<null, Wanted>({
  name: 'ImageLocality',
  weight: 1,
  flat: ({ pod }, cluster) => (cluster.anyImages && imagesOf(pod).some((name) => cluster.imageNodes(name) > 0) ? null : 0),
  preScore({ pod }, _nodes, cluster) {
    const images = imagesOf(pod).map((name) => ({ name, spread: cluster.imageNodes(name) / cluster.nodes.length }))
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
