/** `kubectl create`: objects from files, and the generators for a few kinds. */
import type { AnyObject } from '#api/meta.ts'
import { type Command, type Context, command, type Flag, KubectlError } from '../command.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { type Manifest, readManifests } from '../manifests.ts'
import { reportErrors } from '../report.ts'
import { FILE_FLAGS, resourceOf } from '../targets.ts'
import { validationOf } from './apply.ts'

const VALIDATE: Flag = { name: 'validate', type: 'optional', default: 'strict', alone: 'strict', help: 'Must be one of: strict (or true), warn, ignore (or false).' }

async function fromFile(context: Context, { info, namespace, object }: Manifest): Promise<void> {
  const query = { ...writeQuery(context, 'kubectl-create'), fieldValidation: validationOf(context) }
  const made = dryRunOf(context) === 'client' ? object : await context.client.create(info, namespace, object, query)
  printDone(context, info, made, 'created')
}

/** A generator: what its arguments and flags make. */
function generator(name: string, short: string, usage: string, flags: readonly Flag[], make: (context: Context, name: string) => AnyObject, aliases: string[] = []): Command {
  return command({
    name,
    aliases,
    short,
    usage: `create ${usage}`,
    flags: [...WRITE_FLAGS, VALIDATE, ...flags],
    async run(context) {
      const [given, ...more] = context.args
      if (given === undefined) throw new KubectlError(`exactly one NAME is required, got 0\nSee 'kubectl create ${name} -h' for help and examples`)
      if (more.length > 0) throw new KubectlError(`exactly one NAME is required, got ${more.length + 1}\nSee 'kubectl create ${name} -h' for help and examples`)
      const object = make(context, given)
      const info = await resourceOf(context, name === 'deployment' ? 'deployments.apps' : name)
      const namespace = info.namespaced ? context.namespace : ''
      const placed = namespace && context.explicitNamespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
      const made = dryRunOf(context) === 'client' ? placed : await context.client.create(info, namespace, placed, writeQuery(context, 'kubectl-create', true))
      printDone(context, info, made, 'created')
      return 0
    },
  })
}

const LITERALS: readonly Flag[] = [
  { name: 'from-literal', type: 'strings', help: 'Specify a key and literal value to insert (i.e. mykey=somevalue)' },
  { name: 'from-file', type: 'strings', help: 'Key files can be specified using their file path' },
]

function literals({ flags }: Context): Record<string, string> {
  if (flags.has('from-file')) throw new KubectlError('--from-file is not supported here yet; use --from-literal')
  const data: Record<string, string> = {}
  for (const pair of flags.all('from-literal')) {
    const cut = pair.indexOf('=')
    if (cut < 1) throw new KubectlError(`invalid literal source ${pair}, expected key=value`)
    if (pair.slice(0, cut) in data) throw new KubectlError(`cannot add key "${pair.slice(0, cut)}", another key by that name already exists in Data for ConfigMap`)
    data[pair.slice(0, cut)] = pair.slice(cut + 1)
  }
  return data
}

const object = (apiVersion: string, kind: string, name: string, more: Record<string, unknown>): AnyObject => ({ apiVersion, kind, metadata: { name }, ...more })

const imageName = (image: string): string =>
  (image.split('/').at(-1) as string).split(/[:@]/)[0]?.replace(/[^a-zA-Z0-9-]/g, '-').toLowerCase() ?? 'container'

function makeDeployment({ flags, rest }: Context, name: string): AnyObject {
  const images = flags.all('image')
  if (images.length === 0) throw new KubectlError('required flag(s) "image" not set')
  if (images.length > 1 && rest.length > 0) throw new KubectlError('cannot specify multiple --image options and command')
  const labels = { app: name }
  const port = flags.int('port')
  const container = (image: string) => ({
    name: imageName(image),
    image,
    resources: {},
    ...(rest.length > 0 ? { command: [...rest] } : {}),
    ...(flags.has('port') && port > 0 ? { ports: [{ containerPort: port }] } : {}),
  })
  const replicas = flags.has('replicas') ? flags.int('replicas') : 1
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: { replicas, selector: { matchLabels: labels }, strategy: {}, template: { metadata: { labels }, spec: { containers: images.map(container) } } },
    status: {},
  }
}

const deployment = generator(
  'deployment',
  'Create a deployment with the specified name',
  'deployment NAME --image=image -- [COMMAND] [args...]',
  [
    { name: 'image', type: 'strings', help: 'Image names to run. A deployment can have multiple images set for multi-container pod.' },
    { name: 'port', type: 'int', default: '-1', help: 'The containerPort that this deployment exposes.' },
    { name: 'replicas', short: 'r', type: 'int', default: '1', help: 'Number of replicas to create. Default is 1.' },
  ],
  makeDeployment,
  ['deploy'],
)
const namespace = generator('namespace', 'Create a namespace with the specified name', 'namespace NAME', [], (_, name) => object('v1', 'Namespace', name, { spec: {}, status: {} }), ['ns'])
const serviceAccount = generator('serviceaccount', 'Create a service account with the specified name', 'serviceaccount NAME', [], (_, name) => object('v1', 'ServiceAccount', name, {}), ['sa'])
const configMap = generator('configmap', 'Create a config map from a local file, directory or literal value', 'configmap NAME [--from-literal=key1=value1]', LITERALS, (context, name) => {
  const data = literals(context)
  return object('v1', 'ConfigMap', name, Object.keys(data).length > 0 ? { data } : {})
}, ['cm'])

export const create = command({
  name: 'create',
  short: 'Create a resource from a file or from stdin',
  usage: 'create -f FILENAME',
  completes: 'files',
  flags: [...WRITE_FLAGS, ...FILE_FLAGS, VALIDATE, { name: 'edit', type: 'bool', help: 'Edit the API resource before creating' }],
  subcommands: [configMap, deployment, namespace, serviceAccount],
  async run(context) {
    const [word] = context.args
    if (word !== undefined) throw new KubectlError(`the generator ${JSON.stringify(word)} of kubectl create is not supported here yet; write a manifest and use "kubectl create -f"`)
    if (!context.flags.has('filename')) throw new KubectlError('must specify one of -f and -k')
    return reportErrors(context, await readManifests(context), (manifest) => fromFile(context, manifest))
  },
})
