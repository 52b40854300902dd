/** curlimages/curl: its entrypoint hands its words to curl. */
import { image } from '../image.ts'

/** Words that are no program's are curl's. */
const ENTRYPOINT = '#!/bin/sh\nset -e\nif ! type -- "$1" > /dev/null 2>&1; then\n  set -- curl "$@"\nfi\nexec "$@"\n'
const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\ncurl_user:x:100:101:Linux User,,,:/home/curl_user:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n'

export const curl = image({
  name: 'curl',
  sizeMb: 10,
  system: 'alpine',
  entrypoint: ['/entrypoint.sh'],
  command: ['curl'],
  extras: ['curl'],
  files: { '/entrypoint.sh': ENTRYPOINT, '/etc/passwd': PASSWD },
  user: 100,
})
