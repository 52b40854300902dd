/** The two halves of Kubernetes' page on connecting a front end: a greeter, and nginx that hands everything to the Service `hello`. */
import { image } from '../image.ts'
import { type NginxState, nginxDaemon } from './nginx/index.ts'
import { MIME_TYPES, NGINX_CONF } from './nginx/usual.ts'

export const helloBackend = image<null>({
  name: 'hello-go-gke',
  sizeMb: 10,
  entrypoint: ['/usr/bin/hello'],
  shell: false,
  listens: () => [80],
  http: (_request, state) => [
    { status: 200, body: '{"message":"Hello"}\n', headers: { 'content-type': 'application/json' } },
    state,
  ],
  memoryMi: () => 5,
})

const SITE = `upstream Backend {
    server hello;
}
server {
    listen 80;
    location / {
        proxy_pass http://Backend;
    }
}
`

export const helloFrontend = image<NginxState | null>({
  name: 'hello-frontend',
  sizeMb: 45,
  system: 'debian',
  entrypoint: ['/usr/sbin/nginx', '-g', 'daemon off;'],
  words: ['nginx'],
  files: { '/etc/nginx/nginx.conf': NGINX_CONF, '/etc/nginx/conf.d/frontend.conf': SITE, '/etc/nginx/mime.types': MIME_TYPES },
  links: { '/var/log/nginx/access.log': '/dev/stdout', '/var/log/nginx/error.log': '/dev/stderr' },
  directories: { '/var/cache/nginx': 0 },
  start: (host) => nginxDaemon.get().start(host),
  reload: (state, host) => nginxDaemon.get().reload(state, host),
  listens: (state) => (state ? nginxDaemon.get().listens(state) : []),
  http: (request, state, host, port) => [
    state ? nginxDaemon.get().http(request, state, host, port) : { status: 0, body: '' },
    state,
  ],
  nextChange: (_state, host) => host.now,
  memoryMi: () => 4,
})
