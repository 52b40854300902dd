/** nginx: a web server on port 80 that serves its folder and logs each request. */
import { image } from '../image.ts'
import { accessLine, serveFile, slashTime } from '../web.ts'

const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, nginx is successfully installed and working.
Further configuration is required for the web server, reverse proxy,
API gateway, load balancer, content cache, or other features.</p>

<p>For online documentation and support please refer to
<a href="https://nginx.org/">nginx.org</a>.<br/>
To engage with the community please visit
<a href="https://community.nginx.org/">community.nginx.org</a>.<br/>
For enterprise grade support, professional services, additional
security features and capabilities please refer to
<a href="https://f5.com/nginx">f5.com/nginx</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`
const page = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.29.1</center>\r\n</body>\r\n</html>\r\n`

export const nginx = image<null>({
  name: 'nginx',
  also: ['nginx-slim', 'nginx-hello'],
  sizeMb: 60,
  system: 'debian',
  extras: ['bash', 'curl', 'apt-get', 'getent'],
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  env: { NGINX_VERSION: '1.29.1', NJS_VERSION: '0.9.1' },
  files: {
    '/usr/share/nginx/html/index.html': WELCOME,
    '/usr/share/nginx/html/50x.html': page('An error occurred.'),
    '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\n',
    '/etc/nginx/conf.d/default.conf': 'server {\n    listen       80;\n    server_name  localhost;\n}\n',
    '/docker-entrypoint.sh': '#!/bin/sh\n',
  },
  start(host) {
    host.out('/docker-entrypoint.sh: Configuration complete; ready for start up\n')
    host.out(`${slashTime(host.now)} [notice] 1#1: using the "epoll" event method\n`, 'stderr')
    host.out(`${slashTime(host.now)} [notice] 1#1: nginx/1.29.1\n`, 'stderr')
    host.out(`${slashTime(host.now)} [notice] 1#1: start worker processes\n`, 'stderr')
    return null
  },
  commands: {
    nginx: (argv) => {
      if (argv.includes('-v')) return { out: 'nginx version: nginx/1.29.1\n', code: 0 }
      if (argv.includes('-t')) {
        const file = 'nginx: configuration file /etc/nginx/nginx.conf'
        return { out: `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n${file} test is successful\n`, code: 0 }
      }
      return { out: '', code: 0 }
    },
  },
  listens: (_state, host) => listenPorts(host.files.read('/etc/nginx/conf.d/default.conf')),
  http(request, state, host) {
    const found = serveFile('/usr/share/nginx/html', request, host, page('404 Not Found'), page('403 Forbidden'))
    const reply = { ...found, headers: { ...found.headers, server: 'nginx/1.29.1' } }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: (_state, hits) => 6 + hits / 10_000,
})

/** `listen` lines of a mounted configuration decide the ports. */
function listenPorts(config: string | undefined): number[] {
  const ports = [...(config ?? '').matchAll(/^\s*listen\s+(?:\S*:)?(\d+)/gm)].map((m) => Number(m[1]))
  return ports.length > 0 ? ports : [80]
}
