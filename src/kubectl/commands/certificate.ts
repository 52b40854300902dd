/** `kubectl certificate`: approves or denies requests for certificates. */
import type { AnyObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Command, command, KubectlError } from '../command.ts'
import { printerFor } from '../print/output.ts'
import { eachFound, type Found, shownName } from '../targets.ts'

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
      const printer = printerFor(flags, done)
      const judge = async ({ info, name: asked, object: request }: Found): Promise<void> => {
        if (info.kind !== 'CertificateSigningRequest') throw noRequest(info)
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
      const words = args.map((arg) => (arg.includes('/') ? arg : `certificatesigningrequests/${arg}`))
      const found = await eachFound(context, {}, judge, words)
      if (found === 0 && context.late.length === 0) io.out('No resources found\n')
    },
  })

const noRequest = ({ kind, group }: ResourceInfo): KubectlError =>
  new KubectlError(
    `can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${kind}${group ? `.${group}` : ''}`,
  )

export const certificate = command({
  name: 'certificate',
  subcommands: [
    judging({ name: 'approve', done: 'approved', type: 'Approved', opposite: 'Denied', reason: 'KubectlApprove' }),
    judging({ name: 'deny', done: 'denied', type: 'Denied', opposite: 'Approved', reason: 'KubectlDeny' }),
  ],
})
