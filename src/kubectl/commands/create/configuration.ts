/** `kubectl create configmap`, `secret`, `namespace`, `serviceaccount` and `token`. */
import { ApiError } from '#api/status.ts'
import { type Context, command, KubectlError, usageError } from '../../command.ts'
import { OUTPUT_FLAGS, printerFor } from '../../print/output.ts'
import { resourceOf } from '../../targets.ts'
import { addSources, base64, checkKey, contentHash, DATA_FLAGS, readFile } from './data.ts'
import { generator, object } from './generator.ts'

export const namespace = generator({
  name: 'namespace',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name',
  usage: 'namespace NAME',
  make: (_, name) => object('v1', 'Namespace', name, { spec: {}, status: {} }),
})

export const serviceAccount = generator({
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  usage: 'serviceaccount NAME',
  failure: 'failed to create serviceaccount: ',
  make: (_, name) => object('v1', 'ServiceAccount', name),
})

export const configMap = generator({
  name: 'configmap',
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  usage: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1]',
  failure: 'failed to create configmap: ',
  flags: DATA_FLAGS,
  async make(context, name) {
    const data: Record<string, string> = {}
    const add = (key: string, value: string): void => {
      checkKey(key, data, {
        invalid: (problems) => `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${problems.join(',')}`,
        taken: `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
      })
      data[key] = value
    }
    await addSources(context, add, false)
    const named = context.flags.is('append-hash') ? `${name}-${await contentHash({ kind: 'ConfigMap', name, data })}` : name
    return object('v1', 'ConfigMap', named, Object.keys(data).length > 0 ? { data } : {})
  },
})

const FAILURE = 'failed to create secret '

async function secretOf(
  context: Context,
  name: string,
  type: string,
  data: Record<string, string>,
): Promise<ReturnType<typeof object>> {
  const named = context.flags.is('append-hash') ? `${name}-${await contentHash({ kind: 'Secret', type, name, data })}` : name
  return object('v1', 'Secret', named, { ...(Object.keys(data).length > 0 ? { data } : {}), ...(type ? { type } : {}) })
}

async function secretData(context: Context): Promise<Record<string, string>> {
  const data: Record<string, string> = {}
  const add = (key: string, value: string): void => {
    checkKey(key, data, {
      invalid: (problems) => `${JSON.stringify(key)} is not valid key name for a Secret ${problems.join(';')}`,
      taken: `cannot add key ${key}, another key by that name already exists`,
    })
    data[key] = base64(value)
  }
  await addSources(context, add, true)
  return data
}

const generic = generator({
  name: 'generic',
  path: 'create secret generic',
  short: 'Create a secret from a local file, directory, or literal value',
  usage: 'secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]',
  failure: FAILURE,
  flags: [...DATA_FLAGS, { name: 'type', type: 'string', help: 'The type of secret to create' }],
  make: async (context, name) => secretOf(context, name, context.flags.text('type'), await secretData(context)),
})

const tls = generator({
  name: 'tls',
  path: 'create secret tls',
  short: 'Create a TLS secret',
  usage: 'secret tls NAME --cert=path/to/cert/file --key=path/to/key/file',
  failure: FAILURE,
  flags: [
    { name: 'cert', type: 'string', help: 'Path to PEM encoded public key certificate.' },
    { name: 'key', type: 'string', help: 'Path to private key associated with given certificate.' },
    { name: 'append-hash', type: 'bool', help: 'Append a hash of the secret to its name.' },
  ],
  async make(context, name) {
    const { flags } = context
    if (!flags.text('key') || !flags.text('cert')) throw new KubectlError('key and cert must be specified')
    const pem = async (flag: string): Promise<string> => base64(await readFile(context, flags.text(flag)))
    return secretOf(context, name, 'kubernetes.io/tls', { 'tls.crt': await pem('cert'), 'tls.key': await pem('key') })
  },
})

const dockerRegistry = generator({
  name: 'docker-registry',
  path: 'create secret docker-registry',
  short: 'Create a secret for use with a Docker registry',
  usage:
    'secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string]',
  failure: FAILURE,
  flags: [
    { name: 'docker-username', type: 'string', help: 'Username for Docker registry authentication' },
    { name: 'docker-password', type: 'string', help: 'Password for Docker registry authentication' },
    { name: 'docker-email', type: 'string', help: 'Email for Docker registry' },
    {
      name: 'docker-server',
      type: 'string',
      default: 'https://index.docker.io/v1/',
      help: 'Server location for Docker registry',
    },
    ...DATA_FLAGS.filter((flag) => flag.name !== 'from-literal' && flag.name !== 'from-env-file'),
  ],
  async make(context, name) {
    const { flags } = context
    const type = 'kubernetes.io/dockerconfigjson'
    if (flags.has('from-file')) return secretOf(context, name, type, await secretData(context))
    const [username, password, email, server] = ['username', 'password', 'email', 'server'].map((word) =>
      flags.text(`docker-${word}`),
    )
    if (!username || !password || !server) {
      throw new KubectlError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      )
    }
    const entry = { username, password, ...(email ? { email } : {}), auth: base64(`${username}:${password}`) }
    return secretOf(context, name, type, { '.dockerconfigjson': base64(JSON.stringify({ auths: { [server]: entry } })) })
  },
})

export const secret = command({
  name: 'secret',
  short: 'Create a secret using a specified subcommand',
  usage: 'create secret (docker-registry | generic | tls)',
  subcommands: [dockerRegistry, generic, tls],
})

const BINDABLE = ['Node', 'Pod', 'Secret']

export const token = command({
  name: 'token',
  short: 'Request a service account token',
  usage: 'create token SERVICE_ACCOUNT_NAME',
  flags: [
    ...OUTPUT_FLAGS,
    { name: 'audience', type: 'array', help: 'Audience of the requested token.' },
    { name: 'duration', type: 'duration', default: '0s', help: 'Requested lifetime of the issued token.' },
    { name: 'bound-object-kind', type: 'string', help: 'Kind of an object to bind the token to.' },
    { name: 'bound-object-name', type: 'string', help: 'Name of an object to bind the token to.' },
    { name: 'bound-object-uid', type: 'string', help: 'UID of an object to bind the token to.' },
  ],
  async run(context) {
    const { args, client, flags, io } = context
    const [name] = args
    if (name === undefined || args.length > 1)
      throw usageError('create token', `exactly one NAME is required, got ${args.length}`)
    const spec = tokenSpec(context)
    const info = await resourceOf(context, 'serviceaccounts')
    try {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec }
      const answer = (await client.raw('POST', client.path(info, context.namespace, name, 'token'), body, {
        'content-type': 'application/json',
      })) as ReturnType<typeof object>
      const printer = printerFor(flags)
      io.out(printer ? printer(answer, name) : String(answer['status'].token))
      return 0
    } catch (error) {
      if (error instanceof ApiError) throw new KubectlError(`failed to create token: ${error.message}`)
      throw error
    }
  },
})

function tokenSpec({ flags }: Context): Record<string, unknown> {
  const ms = flags.ms('duration')
  if (ms < 0) throw new KubectlError('--duration must be greater than or equal to 0')
  if (ms % 1000 !== 0) throw new KubectlError('--duration cannot be expressed in units less than seconds')
  const [kind, name, uid] = ['kind', 'name', 'uid'].map((word) => flags.text(`bound-object-${word}`))
  if (!kind && name) throw new KubectlError('--bound-object-name can only be set if --bound-object-kind is provided')
  if (!kind && uid) throw new KubectlError('--bound-object-uid can only be set if --bound-object-kind is provided')
  if (kind && !BINDABLE.includes(kind)) throw new KubectlError(`supported --bound-object-kind values are ${BINDABLE.join(', ')}`)
  if (kind && !name) throw new KubectlError('--bound-object-name is required if --bound-object-kind is provided')
  return {
    audiences: flags.has('audience') ? flags.all('audience') : null,
    ...(ms > 0 ? { expirationSeconds: ms / 1000 } : {}),
    ...(kind ? { boundObjectRef: { kind, apiVersion: 'v1', name, ...(uid ? { uid } : {}) } } : {}),
  }
}
