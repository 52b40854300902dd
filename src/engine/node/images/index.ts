/** All images that are known by name. They come with the rest of the engine; `known.ts` has those of the first scene. */

import type { Image } from '../image.ts'
import { agnhost } from './agnhost.ts'
import { alpine } from './alpine.ts'
import { artifact } from './artifact.ts'
import { bootcamp } from './bootcamp.ts'
import { busybox } from './busybox.ts'
import { cassandra } from './cassandra.ts'
import { clusterAutoscaler } from './cluster-autoscaler/index.ts'
import { controlPlane } from './control-plane.ts'
import { coredns } from './coredns.ts'
import { curl } from './curl.ts'
import { buildpackDeps, debian, fedora, tools } from './distributions.ts'
import { echoServer } from './echo-server.ts'
import { etcd } from './etcd.ts'
import { alpineGit, gitServer } from './git.ts'
import { guestbookFrontend } from './guestbook-frontend.ts'
import { helloApp } from './hello-app.ts'
import { helloBackend, helloFrontend } from './hello-frontend.ts'
import { hpaExample } from './hpa-example.ts'
import { httpEcho } from './http-echo.ts'
import { httpd } from './httpd.ts'
import { ingressNginx } from './ingress-nginx.ts'
import { kubia } from './kubia.ts'
import { languages } from './languages.ts'
import { memcached } from './memcached.ts'
import { mongo } from './mongo.ts'
import { mysql, xtrabackup } from './mysql.ts'
import { kitten, nautilus } from './nautilus.ts'
import { nginx } from './nginx/index.ts'
import { nginxGateway, nginxGatewayController } from './nginx-gateway.ts'
import { noNewPrivs } from './nonewprivs.ts'
import { nonRoot } from './nonroot.ts'
import { pause } from './pause.ts'
import { perl } from './perl.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { resourceConsumer } from './resource-consumer.ts'
import { sampleApiServer } from './sample-apiserver.ts'
import { serveHostname } from './serve-hostname.ts'
import { stress } from './stress.ts'
import { wellKnown } from './well-known.ts'
import { whoami } from './whoami.ts'
import { kubernetesZookeeper, zookeeper } from './zookeeper.ts'

export const images: readonly Image[] = [
  agnhost,
  alpine,
  alpineGit,
  artifact,
  bootcamp,
  buildpackDeps,
  busybox,
  cassandra,
  clusterAutoscaler,
  coredns,
  curl,
  debian,
  echoServer,
  etcd,
  fedora,
  gitServer,
  guestbookFrontend,
  hpaExample,
  helloApp,
  helloBackend,
  helloFrontend,
  httpEcho,
  httpd,
  ingressNginx,
  kubia,
  languages,
  memcached,
  mongo,
  mysql,
  kitten,
  nautilus,
  nginx,
  nginxGateway,
  nginxGatewayController,
  noNewPrivs,
  nonRoot,
  pause,
  perl,
  postgres,
  redis,
  resourceConsumer,
  sampleApiServer,
  serveHostname,
  stress,
  tools,
  whoami,
  kubernetesZookeeper,
  zookeeper,
  xtrabackup,
  ...controlPlane,
  ...wellKnown,
]
