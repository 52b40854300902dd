/** The artifact of Kubernetes' page about image volumes: two files and nothing that runs. */
import { image } from '../image.ts'

export const artifact = image({
  name: 'quay.io/crio/artifact',
  sizeMb: 1,
  shell: false,
  files: { '/dir/file': '1\n', '/file': '2\n' },
})
