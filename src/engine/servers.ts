/** Servers in images that read a configuration of their own; a door of its own, as `rest.ts`, and loaded beside it. */
import { daemon } from './node/images/nginx/daemon.ts'
import { nginxDaemon } from './node/images/nginx/index.ts'

export const enableServers = (): void => nginxDaemon.provide(daemon)
