/** `kubectl create deployment`, `job` and `cronjob`. */
import type { CronJob } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, KubectlError } from '../../command.ts'
import { suffix } from '../../suffix.ts'
import { findObjects } from '../../targets.ts'
import { generator, object } from './generator.ts'

/** The image's own name; one that had to be changed gets some letters behind it. */
function imageName({ io }: Context, image: string): string {
  const name = (image.split('/').at(-1) as string).split(/[:@]/)[0] ?? ''
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, '-')}-${suffix(io.now())}` : name
}

function makeDeployment(context: Context, name: string): AnyObject {
  const { flags, rest, args } = context
  const images = flags.all('image')
  const commandLine = [...args.slice(1), ...rest]
  if (images.length > 1 && commandLine.length > 0) throw new KubectlError('cannot specify multiple --image options and command')
  const labels = { app: name }
  const port = flags.int('port')
  const container = (image: string, at: number) => ({
    name: imageName(context, image),
    image,
    ...(commandLine.length > 0 ? { command: commandLine } : {}),
    ...(at === 0 && flags.has('port') && port >= 0 ? { ports: [{ containerPort: port }] } : {}),
    resources: {},
  })
  const replicas = flags.has('replicas') ? flags.int('replicas') : 1
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: images.map(container) } },
      strategy: {},
    },
    status: {},
  }
}

export const deployment = generator({
  name: 'deployment',
  failure: 'failed to create deployment: ',
  make: makeDeployment,
})

const template = (name: string, image: string, command: readonly string[], restartPolicy: string): AnyObject =>
  ({
    metadata: {},
    spec: {
      containers: [{ name, image, ...(command.length > 0 ? { command: [...command] } : {}), resources: {} }],
      restartPolicy,
    },
  }) as unknown as AnyObject

export const job = generator({
  name: 'job',
  failure: 'failed to create job: ',
  async make(context, name) {
    const { flags, rest } = context
    const [image, from] = [flags.text('image'), flags.text('from')]
    if (!image === !from) throw new KubectlError('either --image or --from must be specified')
    if (from && rest.length > 0) throw new KubectlError('cannot specify --from and command')
    if (image) return object('batch/v1', 'Job', name, { spec: { template: template(name, image, rest, 'Never') }, status: {} })
    const [found, ...more] = await findObjects(context, [from], { known: true })
    if (!found || more.length > 0) throw new KubectlError('from must be an existing cronjob')
    if (found.object.kind !== 'CronJob') throw new KubectlError(`unknown object type *v1.${found.object.kind}`)
    return fromCronJob(found.object as unknown as CronJob, name)
  },
})

function fromCronJob({ metadata, spec }: CronJob, name: string): AnyObject {
  const { labels, annotations } = spec.jobTemplate.metadata ?? {}
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: {
      name,
      ...(labels ? { labels } : {}),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid ?? '', controller: true },
      ],
    },
    spec: spec.jobTemplate.spec,
    status: {},
  }
}

export const cronJob = generator({
  name: 'cronjob',
  failure: 'failed to create cronjob: ',
  make: ({ flags, rest }, name) =>
    object('batch/v1', 'CronJob', name, {
      spec: {
        schedule: flags.text('schedule'),
        jobTemplate: {
          metadata: { name },
          spec: { template: template(name, flags.text('image'), rest, flags.text('restart') || 'OnFailure') },
        },
      },
      status: {},
    }),
})
