/** Which commands open their connection before they ask which namespace is meant: a missing context is told of in other words then. */
import type { Flags } from '../flags.ts'

/** `create` stands for all below it. */
const COMMANDS = new Set(
  `api-resources,api-versions,apply,auth can-i,auth whoami,autoscale,certificate approve,certificate deny,cluster-info,
cluster-info dump,cordon,create,diff,drain,explain,expose,proxy,replace,run,set env,top node,uncordon,version,wait`.split(/,\s*/),
)

/** Where a flag names the namespace, nobody has to look for it (DeferredLoadingClientConfig.Namespace). */
export const connectsFirst = (path: string, global: Flags, own: Flags): boolean =>
  global.text('namespace') !== '' ||
  COMMANDS.has(path) ||
  (path.startsWith('create ') && path !== 'create token') ||
  (path === 'get' && own.has('raw'))
