/** What the usual first scene has: the others may be loaded while it is looked at. */
import type { Addon } from './addon.ts'
import { cloud } from './cloud/index.ts'
import { dns } from './dns.ts'
import { localPath } from './local-path.ts'
import { metricsServer } from './metrics-server.ts'
import { policy } from './policy.ts'

export const FIRST: readonly Addon[] = [cloud, dns, localPath, metricsServer, policy]
