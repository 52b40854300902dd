/** The place of who puts another store in place of the cluster's: that comes with the rest of the engine. */
import type { StoreExchange } from './addons/addon.ts'
import type { Server } from './apiserver/api-server.ts'
import { later } from './sim/later.ts'

export const storeExchange = later<(server: Server, bootstrap: () => void) => StoreExchange>('exchange of stores')
