/** `kubectl kustomize`: prints what a kustomization stands for. */
import { toYaml } from '#api/yaml.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { buildKustomization } from '../kustomize/build.ts'

export const kustomize = command({
  name: 'kustomize',
  completes: 'files',
  async run(context) {
    const { args, client, flags, io } = context
    if (args.length > 1) throw new KubectlError('specify one path to kustomization.yaml')
    refuse(context)
    const objects = await buildKustomization(io, client, args[0] ?? '.')
    const text = objects.map((object) => toYaml(object)).join('---\n')
    const path = flags.text('output')
    if (path === '') return io.out(text)
    if (!io.write) throw new KubectlError('there are no files here that could be written')
    await io.write(path, text)
  },
})

/** What belongs to them, or would change how a build is done. */
const OTHERS = [
  'helm-api-versions',
  'helm-command',
  'helm-debug',
  'helm-kube-version',
  'env',
  'mount',
  'network-name',
  'enable-managedby-label',
]

/** Plugins, containers and charts are not to be had here. */
function refuse({ flags }: Context): void {
  for (const name of ['enable-helm', 'enable-alpha-plugins', 'enable-exec', 'enable-star', 'network', 'as-current-user']) {
    if (flags.is(name))
      throw new KubectlError(`--${name} is not supported here: there are no plugins, containers or charts to run`)
  }
  for (const name of OTHERS) if (flags.has(name)) throw new KubectlError(`--${name} is not supported here`)
  if (flags.text('load-restrictor') !== 'LoadRestrictionsRootOnly')
    throw new KubectlError('--load-restrictor is not supported here: files are read from below the kustomization')
}
