/** `kubectl version`, `cluster-info`, `config` and `options`: about the client, its context, and the server. */
import { toYaml } from '#api/yaml.ts'
import { command, KubectlError } from '../command.ts'
import { VERSION } from '../version.ts'
import { dump } from './cluster-dump.ts'

export const version = command({
  name: 'version',
  async run({ args, client, flags, io }) {
    if (args.length > 0) throw new KubectlError(`extra arguments: [${args.join(' ')}]`)
    const format = flags.text('output')
    if (format !== '' && format !== 'yaml' && format !== 'json') throw new KubectlError("--output must be 'yaml' or 'json'")
    const [major = '', minor = ''] = VERSION.replace(/^v/, '').split('.')
    const clientVersion = { major, minor, gitVersion: VERSION, platform: 'js/browser' }
    let server: { gitVersion: string } | undefined
    let failed: unknown
    try {
      if (!flags.is('client')) server = (await client.document('/version')) as { gitVersion: string }
    } catch (error) {
      failed = error
    }
    const whole = { clientVersion, kustomizeVersion: KUSTOMIZE, ...(server ? { serverVersion: server } : {}) }
    if (format === 'json') io.out(`${JSON.stringify(whole, null, 2)}\n`)
    else if (format === 'yaml') io.out(toYaml(whole))
    else
      io.out(
        `Client Version: ${VERSION}\nKustomize Version: ${KUSTOMIZE}\n${server ? `Server Version: ${server.gitVersion}\n` : ''}`,
      )
    // What is known without the server is told all the same.
    if (failed !== undefined) throw failed
    return 0
  },
})

const KUSTOMIZE = 'v5.8.1'

export const clusterInfo = command({
  name: 'cluster-info',
  subcommands: [dump],
  async run({ client, io }) {
    const info = await client.discovery.find('services.v1.')
    if (!info) throw new KubectlError('the server doesn\'t have a resource type "services"')
    const { serverAddress } = client
    const hint = "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n"
    const services = client.list(info, 'kube-system', { labelSelector: 'kubernetes.io/cluster-service=true' })
    const { items } = await services.catch((error: unknown) => {
      io.out(hint)
      throw error
    })
    io.out(`Kubernetes control plane is running at ${serverAddress}\n`)
    for (const service of items) {
      const { name, namespace, labels } = service.metadata
      const port = service['spec'].ports?.[0]
      const link = `${serverAddress}/api/v1/namespaces/${namespace}/services/${name}${port?.name ? `:${port.name}` : ''}/proxy`
      io.out(`${labels?.['kubernetes.io/name'] ?? name} is running at ${link}\n`)
    }
    io.out(hint)
    return 0
  },
})
