/** `kubectl set image`, `resources` and `serviceaccount`. */
import type { ResourceList } from '#api/kinds.ts'
import { command, KubectlError } from '../../command.ts'
import { each } from '../../report.ts'
import { NOTHING_GIVEN } from '../../targets.ts'
import { amountsOf } from '../create/policies.ts'
import { changeSpec, mapContainers, podSpecOf, setTargets } from './pod-template.ts'

export const image = command({
  name: 'image',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    const at = args.findIndex((arg) => arg.includes('='))
    const targets = args.slice(0, at < 0 ? undefined : at)
    const pairs = (at < 0 ? [] : args.slice(at)).map((arg): [string, string] => {
      const cut = arg.indexOf('=')
      if (cut < 0) throw new KubectlError(`all resources must be specified before image changes: ${arg}`)
      return [arg.slice(0, cut), arg.slice(cut + 1)]
    })
    if (targets.length === 0 && !flags.has('filename') && !flags.has('kustomize') && !flags.is('local'))
      throw new KubectlError(NOTHING_GIVEN)
    const chosen = await setTargets(context, targets)
    const problems = [
      ...(pairs.length === 0 ? ['at least one image update is required'] : []),
      ...(pairs.length > 1 && pairs.some(([name]) => name === '*')
        ? ['all containers are already specified by *, but saw more than one container_name=container_image pairs']
        : []),
    ]
    if (problems.length > 0 && context.late.length === 0 && !flags.is('local'))
      throw new KubectlError(problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`)
    await each(context, chosen, async (found) => {
      const missing = !podSpecOf(found.object)
        ? []
        : pairs.filter(([name]) => name !== '*' && !names(podSpecOf(found.object)).includes(name))
      if (missing.length > 0) {
        throw new KubectlError(
          missing.map(([name]) => `error: unable to find container named ${JSON.stringify(name)}`).join('\n'),
          1,
          true,
        )
      }
      await changeSpec(context, found, 'image updated', (spec) =>
        pairs.reduce((current, [name, to]) => mapContainers(current, name, (c) => ({ ...c, image: to })).spec, spec),
      )
    })
    return 0
  },
})

const names = (spec: ReturnType<typeof podSpecOf>): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((c) => c.name)

export const resources = command({
  name: 'resources',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    const found = await setTargets(context, args)
    const [limits, requests] = [flags.text('limits'), flags.text('requests')]
    if (!limits && !requests) {
      throw new KubectlError('you must specify an update to requests or limits (in the form of --requests/--limits)')
    }
    const merged = (old: ResourceList | undefined, text: string): ResourceList | undefined => {
      const next = amountsOf(text)
      return next ? { ...old, ...next } : old
    }
    for (const one of found) {
      const pattern = flags.text('containers')
      await changeSpec(context, one, 'resource requirements updated', (spec) => {
        const changed = mapContainers(spec, pattern, (c) => {
          const [l, r] = [merged(c.resources?.limits, limits), merged(c.resources?.requests, requests)]
          return { ...c, resources: { ...c.resources, ...(l ? { limits: l } : {}), ...(r ? { requests: r } : {}) } }
        })
        if (changed.hits === 0) throw new KubectlError(`unable to find container named ${pattern}`)
        return changed.spec
      })
    }
    return 0
  },
})

export const serviceAccount = command({
  name: 'serviceaccount',
  completes: 'resources',
  async run(context) {
    const { args } = context
    const name = args.at(-1)
    if (name === undefined) throw new KubectlError('serviceaccount is required')
    for (const found of await setTargets(context, args.slice(0, -1))) {
      await changeSpec(context, found, 'serviceaccount updated', (spec) => ({
        ...spec,
        serviceAccountName: name,
        ...(spec.serviceAccount ? { serviceAccount: name } : {}),
      }))
    }
    return 0
  },
})
