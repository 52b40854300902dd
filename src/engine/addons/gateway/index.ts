/** The Gateway API (v1.4.1, standard channel) and a controller for it: nginx-gateway-fabric, as far as HTTP goes. */
import type { AnyObject } from '#api/meta.ts'
import type { Addon } from '../addon.ts'
import { DEFINITIONS } from './definitions.data.ts'
import { installer } from './installer.ts'
import { manifests } from './manifests.ts'
import { programmer } from './programmer.ts'
import { provisioner } from './provisioner.ts'
import { GatewayRoutes } from './routes.ts'

export const gateway: Addon = {
  name: 'gateway',
  controllers: [installer, provisioner, programmer],
  get manifests() {
    return [...(JSON.parse(DEFINITIONS) as AnyObject[]), ...manifests]
  },
  proxy: (informers, world) => new GatewayRoutes(informers, world),
}
