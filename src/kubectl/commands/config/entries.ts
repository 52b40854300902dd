/** `kubectl config` about clusters and users: lists of them, new ones, and their ends. */
import { type Command, command, KubectlError, usageError } from '../../command.ts'
import { helpOf } from '../../help.ts'
import { unexpected } from './contexts.ts'
import { absolute, embedded } from './files.ts'

const listing = (name: string, list: 'clusters' | 'users'): Command =>
  command({
    name,
    async run({ config, io }) {
      io.out(
        `NAME\n${[...(await config.start())[list].keys()]
          .sort()
          .map((one) => `${one}\n`)
          .join('')}`,
      )
    },
  })

export const getClusters = listing('get-clusters', 'clusters')
export const getUsers = listing('get-users', 'users')

export const deleteCluster = command({
  name: 'delete-cluster',
  async run({ args, config, entry, io }) {
    const next = await config.start()
    if (args.length !== 1) return void io.out(await helpOf(entry, io.env?.('HOME') ?? '/root'))
    const [name = ''] = args
    const file = await config.defaultPath()
    if (!next.clusters.delete(name)) throw new KubectlError(`cannot delete cluster ${name}, not in ${file}`)
    await config.save(next)
    io.out(`deleted cluster ${name} from ${file}\n`)
  },
})

export const deleteUser = command({
  name: 'delete-user',
  async run({ args, config, io }) {
    const next = await config.start()
    if (args.length !== 1) throw usageError('config delete-user', 'user to delete is required')
    const [name = ''] = args
    const file = await config.defaultPath()
    if (!next.users.delete(name)) throw new KubectlError(`cannot delete user ${name}, not in ${file}`)
    await config.save(next)
    io.out(`deleted user ${name} from ${file}\n`)
  },
})

export const setCluster = command({
  name: 'set-cluster',
  async run(context) {
    const { args, config, flags, io } = context
    if (args.length !== 1) throw await unexpected(context)
    const [name = ''] = args
    if (name === '') throw new KubectlError('you must specify a non-empty cluster name')
    const authority = flags.text('certificate-authority')
    if (flags.is('insecure-skip-tls-verify') && authority)
      throw new KubectlError('you cannot specify a certificate authority and insecure mode at the same time')
    if (flags.is('embed-certs') && !authority) throw new KubectlError('you must specify a --certificate-authority to embed')
    const data = flags.is('embed-certs') ? await embedded(context, 'certificate-authority', authority) : ''
    const next = await config.start()
    const fields: Record<string, unknown> = { server: '', ...next.clusters.get(name) }
    if (flags.has('server')) {
      fields['server'] = flags.text('server')
      delete fields['tls-server-name']
    }
    for (const key of ['tls-server-name', 'proxy-url']) if (flags.has(key)) fields[key] = flags.text(key)
    // Unless it is asked for again, it holds no more.
    delete fields['insecure-skip-tls-verify']
    if (flags.is('insecure-skip-tls-verify')) {
      fields['insecure-skip-tls-verify'] = true
      delete fields['certificate-authority']
      delete fields['certificate-authority-data']
    }
    if (flags.has('certificate-authority')) {
      delete fields['certificate-authority']
      delete fields['certificate-authority-data']
      if (data) fields['certificate-authority-data'] = data
      else fields['certificate-authority'] = absolute(context, authority)
    }
    next.clusters.set(name, fields)
    await config.save(next)
    io.out(`Cluster ${JSON.stringify(name)} set.\n`)
  },
})
