/** All commands, each loaded when it is first run. Adding one: its file, and a line here. */
import type { Command } from '../command.ts'

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  annotate: async () => (await import('./label.ts')).annotate,
  'api-resources': async () => (await import('./api-resources.ts')).apiResources,
  'api-versions': async () => (await import('./api-resources.ts')).apiVersions,
  apply: async () => (await import('./apply/index.ts')).apply,
  attach: async () => (await import('./attach.ts')).attach,
  auth: async () => (await import('./auth.ts')).auth,
  autoscale: async () => (await import('./autoscale.ts')).autoscale,
  certificate: async () => (await import('./certificate.ts')).certificate,
  'cluster-info': async () => (await import('./about.ts')).clusterInfo,
  completion: async () => (await import('./completion.ts')).completion,
  config: async () => (await import('./config/index.ts')).config,
  cordon: async () => (await import('./cordon.ts')).cordon,
  cp: async () => (await import('./cp.ts')).cp,
  create: async () => (await import('./create/index.ts')).create,
  debug: async () => (await import('./debug/index.ts')).debug,
  delete: async () => (await import('./delete.ts')).remove,
  describe: async () => (await import('./describe.ts')).describe,
  diff: async () => (await import('./diff.ts')).diff,
  drain: async () => (await import('./drain.ts')).drain,
  edit: async () => (await import('./edit.ts')).edit,
  events: async () => (await import('./events.ts')).events,
  exec: async () => (await import('./exec.ts')).exec,
  explain: async () => (await import('./explain.ts')).explain,
  expose: async () => (await import('./expose.ts')).expose,
  get: async () => (await import('./get.ts')).get,
  kuberc: async () => (await import('./kuberc.ts')).kuberc,
  kustomize: async () => (await import('./kustomize.ts')).kustomize,
  label: async () => (await import('./label.ts')).label,
  logs: async () => (await import('./logs.ts')).logs,
  patch: async () => (await import('./patch.ts')).patch,
  plugin: async () => (await import('./plugin.ts')).plugin,
  'port-forward': async () => (await import('./port-forward.ts')).portForward,
  proxy: async () => (await import('./proxy.ts')).proxy,
  replace: async () => (await import('./replace.ts')).replace,
  rollout: async () => (await import('./rollout/index.ts')).rollout,
  run: async () => (await import('./run.ts')).run,
  scale: async () => (await import('./scale.ts')).scale,
  set: async () => (await import('./set/index.ts')).set,
  taint: async () => (await import('./taint.ts')).taint,
  top: async () => (await import('./top.ts')).top,
  uncordon: async () => (await import('./cordon.ts')).uncordon,
  version: async () => (await import('./about.ts')).version,
  wait: async () => (await import('./wait.ts')).wait,
}

const loaded = new Map<string, Promise<Command>>()

function load(name: string): Promise<Command> | undefined {
  if (!loaded.has(name) && Object.hasOwn(COMMANDS, name)) loaded.set(name, (COMMANDS[name] as () => Promise<Command>)())
  return loaded.get(name)
}

/** Loads every command: whoever drives a virtual clock wants none to be waited for later. */
export async function loadCommands(): Promise<void> {
  await Promise.all(Object.keys(COMMANDS).map(load))
}

/** The command at a path of the catalogue: `rollout status`. */
export async function commandAt(path: string): Promise<Command | undefined> {
  const [first = '', ...more] = path.split(' ')
  let command = await load(first)
  for (const name of more) command = command?.subcommands?.find((sub) => sub.name === name)
  return command
}
