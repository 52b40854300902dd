/** `kubectl create configmap`, `secret`, `namespace`, `serviceaccount` and `token`. */
import { isText } from '#api/bytes.ts'
import { ApiError } from '#api/status.ts'
import { pairProblem } from '#api/tls-pair.ts'
import { base64 } from '../../base64.ts'
import { type Context, command, KubectlError, usageError } from '../../command.ts'
import { Unreachable } from '../../error.ts'
import { printerFor } from '../../print/output.ts'
import { resourceOf } from '../../targets.ts'
import { addSources, checkKey, contentHash } from './data.ts'
import { generator, object } from './generator.ts'

export const namespace = generator({
  name: 'namespace',
  make: (_, name) => object('v1', 'Namespace', name, { spec: {}, status: {} }),
})

export const serviceAccount = generator({
  name: 'serviceaccount',
  failure: 'failed to create serviceaccount: ',
  make: (_, name) => object('v1', 'ServiceAccount', name),
})

export const configMap = generator({
  name: 'configmap',
  failure: 'failed to create configmap: ',
  async make(context, name) {
    const data: Record<string, string> = {}
    const binaryData: Record<string, string> = {}
    const add = (key: string, value: string): void => {
      const taken = (where: string): string =>
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in ${where} for ConfigMap ${JSON.stringify(name)}`
      checkKey(key, data, {
        invalid: (problems) => `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${problems.join(',')}`,
        taken: taken('Data'),
      })
      if (key in binaryData) throw new KubectlError(taken('BinaryData'))
      if (isText(value)) data[key] = value
      else binaryData[key] = base64(value)
    }
    await addSources(context, add, false)
    const held = { ...filled('data', data), ...filled('binaryData', binaryData) }
    const hashed = { kind: 'ConfigMap', name, data, ...filled('binaryData', binaryData) }
    return object('v1', 'ConfigMap', context.flags.is('append-hash') ? `${name}-${await contentHash(hashed)}` : name, held)
  },
})

const filled = (field: string, data: Record<string, string>): object =>
  Object.keys(data).length > 0 ? { [field]: inKeyOrder(data) } : {}

const inKeyOrder = (data: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)))

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
  failure: FAILURE,
  make: async (context, name) => secretOf(context, name, context.flags.text('type'), await secretData(context)),
})

const tls = generator({
  name: 'tls',
  path: 'create secret tls',
  failure: FAILURE,
  async make(context, name) {
    const { flags } = context
    if (!flags.text('key') || !flags.text('cert')) throw new KubectlError('key and cert must be specified')
    const pem = async (flag: string): Promise<string> => {
      const file = flags.text(flag)
      const text = await context.io.read(file).catch((error: unknown) => {
        throw new KubectlError(`Cannot read file ${file}, ${error instanceof Error ? error.message : error}`)
      })
      return text
    }
    const [certificate, key] = [await pem('cert'), await pem('key')]
    const problem = pairProblem(certificate, key)
    if (problem) throw new KubectlError(problem)
    return secretOf(context, name, 'kubernetes.io/tls', { 'tls.crt': base64(certificate), 'tls.key': base64(key) })
  },
})

const dockerRegistry = generator({
  name: 'docker-registry',
  path: 'create secret docker-registry',
  failure: FAILURE,
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
  subcommands: [dockerRegistry, generic, tls],
})

const BINDABLE = ['Node', 'Pod', 'Secret']

export const token = command({
  name: 'token',
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
      if (error instanceof Unreachable) throw new KubectlError(`failed to create token: ${error.dialled()}`)
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
