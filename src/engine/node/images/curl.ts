/** curlimages/curl: the command is curl itself; without arguments it says what is missing. */
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'

export const curl = image({
  name: 'curl',
  sizeMb: 10,
  entrypoint: ['/entrypoint.sh'],
  command: ['curl'],
  words: ['/entrypoint.sh'],
  user: 100,
  start: complain,
})

function complain(host: Host): null {
  host.out("curl: try 'curl --help' or 'curl --manual' for more information\n", 'stderr')
  host.exit(2)
  return null
}
