/** The configuration that the image comes with, and what nginx says when it starts. */
import type { Host } from '../../programs/program.ts'
import { slashTime } from '../../web.ts'

export const NGINX_CONF = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`

/** As the entrypoint leaves it. */
export const DEFAULT_SITE = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }

    # proxy the PHP scripts to Apache listening on 127.0.0.1:80
    #
    #location ~ \\.php$ {
    #    proxy_pass   http://127.0.0.1;
    #}

    # pass the PHP scripts to FastCGI server listening on 127.0.0.1:9000
    #
    #location ~ \\.php$ {
    #    root           html;
    #    fastcgi_pass   127.0.0.1:9000;
    #    fastcgi_index  index.php;
    #    fastcgi_param  SCRIPT_FILENAME  /scripts$fastcgi_script_name;
    #    include        fastcgi_params;
    #}

    # deny access to .htaccess files, if Apache's document root
    # concurs with nginx's one
    #
    #location ~ /\\.ht {
    #    deny  all;
    #}
}
`

/** The more usual ones of what the image's own file names. */
export const MIME_TYPES = `
types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;
    text/plain                                       txt;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/webp                                       webp;
    image/x-icon                                     ico;
    font/woff                                        woff;
    font/woff2                                       woff2;
    application/json                                 json;
    application/pdf                                  pdf;
    application/wasm                                 wasm;
    application/xhtml+xml                            xhtml;
    application/zip                                  zip;
    audio/mpeg                                       mp3;
    video/mp4                                        mp4;
    video/webm                                       webm;
}
`

export const SCRIPTS = [
  '10-listen-on-ipv6-by-default.sh',
  '15-local-resolvers.envsh',
  '20-envsubst-on-templates.sh',
  '30-tune-worker-processes.sh',
]

/** The log of a usual start, before nginx itself speaks. */
export function usualStart(): string {
  const me = '/docker-entrypoint.sh:'
  const site = '/etc/nginx/conf.d/default.conf'
  const launched = SCRIPTS.map(
    (name) => `${me} ${name.endsWith('.envsh') ? 'Sourcing' : 'Launching'} /docker-entrypoint.d/${name}`,
  )
  const info = `${SCRIPTS[0]}: info:`
  launched.splice(1, 0, `${info} Getting the checksum of ${site}`, `${info} Enabled listen on IPv6 in ${site}`)
  return [
    `${me} /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
    `${me} Looking for shell scripts in /docker-entrypoint.d/`,
    ...launched,
    `${me} Configuration complete; ready for start up\n`,
  ].join('\n')
}

/** Numbers that the scripts of the entrypoint use up before nginx starts its worker. */
export const WORKER = 28
export const workerOf = ({ pid }: Host): number => pid + WORKER

export const noticesOfStart = (host: Host): string[] =>
  [
    'using the "epoll" event method',
    'nginx/1.29.1',
    'built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ',
    'OS: Linux 6.18.44',
    'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
    'start worker processes',
    `start worker process ${workerOf(host)}`,
  ].map((line) => `${slashTime(host.now)} [notice] ${host.pid}#${host.pid}: ${line}`)
