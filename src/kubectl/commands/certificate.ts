/** `kubectl certificate`: approves or denies requests for certificates. */
import type { AnyObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { readManifests } from '../manifests.ts'
import { printerFor } from '../print/output.ts'
import { resourceOf, shownName } from '../targets.ts'

interface Verdict {
  name: string
  done: string
  type: string
  opposite: string
  reason: string
}

const judging = ({ name, done, type, opposite, reason }: Verdict): Command =>
  command({
    name,
    async run(context) {
      const { args, client, flags, io } = context
      if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize'))
        throw new KubectlError('one or more CSRs must be specified as <name> or -f <filename>')
      const info = await resourceOf(context, 'certificatesigningrequests')
      const printer = printerFor(flags, done)
      for (const asked of await namesOf(context)) {
        const request = await client.get(info, '', asked)
        const conditions = (request['status']?.conditions ?? []) as { type: string }[]
        if (conditions.some((condition) => condition.type === opposite))
          throw new KubectlError(`certificate signing request ${JSON.stringify(asked)} is already ${opposite}`)
        const there = conditions.some((condition) => condition.type === type)
        if (!there || flags.is('force')) {
          const message = `This CSR was ${done} by kubectl certificate ${name}.`
          const condition = { type, status: 'True', reason, message, lastUpdateTime: formatTime(io.now()) }
          const status = { ...request['status'], conditions: there ? conditions : [...conditions, condition] }
          await client.update(info, '', asked, { ...request, status } as AnyObject, {}, 'approval')
        }
        const shown = shownName(info, asked)
        io.out(printer ? printer(request, shown) : `${shown} ${done}\n`)
      }
    },
  })

async function namesOf(context: Context): Promise<string[]> {
  if (!context.flags.has('filename') && !context.flags.has('kustomize')) return [...context.args]
  const manifests = await readManifests(context)
  for (const { object } of manifests) {
    if (object.kind !== 'CertificateSigningRequest') {
      const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['']
      throw new KubectlError(
        `can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${object.kind}${group ? `.${group}` : ''}`,
      )
    }
  }
  return manifests.map(({ object }) => object.metadata.name)
}

export const certificate = command({
  name: 'certificate',
  subcommands: [
    judging({ name: 'approve', done: 'approved', type: 'Approved', opposite: 'Denied', reason: 'KubectlApprove' }),
    judging({ name: 'deny', done: 'denied', type: 'Denied', opposite: 'Approved', reason: 'KubectlDeny' }),
  ],
})
