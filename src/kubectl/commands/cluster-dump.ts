/** `kubectl cluster-info dump`: nodes, what runs in some namespaces, and its logs. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { printerFor } from '../print/output.ts'
import { resourceOf } from '../targets.ts'

const KINDS = [
  ['events', 'events.v1.'],
  ['replication-controllers', 'replicationcontrollers.v1.'],
  ['services', 'services.v1.'],
  ['daemonsets', 'daemonsets.v1.apps'],
  ['deployments', 'deployments.v1.apps'],
  ['replicasets', 'replicasets.v1.apps'],
  ['pods', 'pods.v1.'],
] as const

export const dump = command({
  name: 'dump',
  async run(context) {
    const { client, flags, io } = context
    if (!flags.has('output')) flags.set('output', 'json')
    const folder = flags.text('output-directory')
    const print = printerFor(flags)
    const extension = ['json', 'yaml'].includes(flags.text('output')) ? `.${flags.text('output')}` : '.txt'
    const put = async (name: string, text: string): Promise<void> => {
      if (folder === '' || folder === '-') io.out(text)
      else if (io.write) await io.write(`${folder}/${name}`, text)
      else throw new KubectlError('there are no files here that could be written')
    }
    const listed = async (word: string, namespace: string): Promise<AnyObject> =>
      (await client.raw('GET', client.path(await resourceOf(context, word), namespace))) as AnyObject
    await put(`nodes${extension}`, print?.(await listed('nodes.v1.', ''), '') ?? '')
    for (const namespace of await namespacesOf(context)) {
      let pods: Pod[] = []
      for (const [name, word] of KINDS) {
        const list = await listed(word, namespace)
        await put(`${namespace}/${name}${extension}`, print?.(list, '') ?? '')
        if (name === 'pods') pods = list['items'] as Pod[]
      }
      for (const pod of pods) await put(`${namespace}/${pod.metadata.name}/logs.txt`, await logsOf(context, pod))
    }
    if (folder !== '' && folder !== '-') io.out(`Cluster info dumped to ${folder}\n`)
  },
})

async function namespacesOf(context: Context): Promise<string[]> {
  const { client, flags, namespace } = context
  if (!flags.is('all-namespaces')) return flags.has('namespaces') ? flags.all('namespaces') : ['kube-system', namespace]
  return (await client.list(await resourceOf(context, 'namespaces'), '')).items.map((one) => one.metadata.name)
}

async function logsOf(context: Context, pod: Pod): Promise<string> {
  const { client } = context
  const info = await resourceOf(context, 'pods.v1.')
  const { name, namespace = '' } = pod.metadata
  let text = ''
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const about = `logs for container ${container.name} of pod ${namespace}/${name} ====\n`
    text += `==== START ${about}`
    try {
      text += String((await client.raw('GET', client.path(info, namespace, name, 'log', { container: container.name }))) ?? '')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      text += `Request log error: ${error.message}\n`
    }
    text += `==== END ${about}`
  }
  return text
}
