/** `kubectl set image`: changes images in a pod template. */
import type { Container } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { FILE_FLAGS, type Found, findObjects, SELECTOR_FLAGS } from '../targets.ts'

const image = command({
  name: 'image',
  short: 'Update the image of a pod template',
  usage: 'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  completes: 'resources',
  flags: [...WRITE_FLAGS, ...FILE_FLAGS, ...SELECTOR_FLAGS, { name: 'all', type: 'bool', help: 'Select all resources' }],
  async run(context) {
    const pairs = context.args.filter((arg) => arg.includes('='))
    const targets = context.args.filter((arg) => !arg.includes('='))
    if (pairs.length === 0) throw new KubectlError('at least one image update is required')
    const found = await findObjects(context, targets)
    if (found.length === 0 && targets.length === 0) throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    for (const one of found) await setImages(context, one, pairs)
    return 0
  },
})

const podSpec = (object: AnyObject): { initContainers?: Container[]; containers: Container[] } | undefined =>
  object.kind === 'Pod' ? object['spec'] : object.kind === 'CronJob' ? object['spec']?.jobTemplate?.spec?.template?.spec : object['spec']?.template?.spec

async function setImages(context: Context, { info, namespace, name, object }: Found, pairs: string[]): Promise<void> {
  const spec = podSpec(object)
  if (!spec) throw new KubectlError(`the ${info.kind} ${name} has no pod template`)
  const changes = { containers: [] as object[], initContainers: [] as object[] }
  for (const pair of pairs) {
    const cut = pair.indexOf('=')
    const [container, to] = [pair.slice(0, cut), pair.slice(cut + 1)]
    let hit = false
    for (const list of ['initContainers', 'containers'] as const) {
      for (const c of spec[list] ?? []) {
        if (container !== '*' && c.name !== container) continue
        hit = true
        if (c.image !== to) changes[list].push({ name: c.name, image: to })
      }
    }
    if (!hit) throw new KubectlError(`unable to find container named ${JSON.stringify(container)}`)
  }
  if (changes.containers.length + changes.initContainers.length === 0) return
  const inner = Object.fromEntries(Object.entries(changes).filter(([, list]) => list.length > 0))
  const patch = object.kind === 'Pod' ? { spec: inner } : object.kind === 'CronJob' ? { spec: { jobTemplate: { spec: { template: { spec: inner } } } } } : { spec: { template: { spec: inner } } }
  if (dryRunOf(context) !== 'client') await context.client.patch(info, namespace, name, 'strategic', patch, writeQuery(context, 'kubectl-set'))
  printDone(context, info, object, 'image updated')
}

export const set = command({ name: 'set', short: 'Set specific features on objects', usage: 'set SUBCOMMAND', subcommands: [image] })
