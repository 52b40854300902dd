/** Why a Service gets no answer: the way of a request, hop by hop, up to the first thing that is in the way. */
import type { Pod, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { mapSelects } from '#api/selector.ts'
import { t } from '../../words/index.ts'
import type { Desk } from '../desk.ts'
import { shortName } from '../look.ts'
import { isLost } from '../traffic.ts'
import type { Explained, Finding } from './index.ts'

export function whyTraffic(desk: Desk, object: AnyObject): Explained {
  const service = object as unknown as Service
  const steps = [nameStep, serviceStep, selectorStep, sliceStep, portStep, policyStep, appStep]
  const findings = steps.flatMap((step) => step(desk, service))
  const first = findings.findIndex((f) => f.tone === 'bad')
  // What lies behind the first obstacle cannot be told from here.
  const shown =
    first < 0 ? findings : findings.map((f, i) => (i > first && f.tone === 'ok' ? { ...f, tone: 'unknown' as const } : f))
  return { question: first < 0 ? t('How does a request come here?') : t('Why does nobody answer?'), findings: shown }
}

type Step = (desk: Desk, service: Service) => Finding[]

const nameStep: Step = (_desk, { metadata, spec }) => {
  const name = `${metadata.name}.${metadata.namespace}.svc.cluster.local`
  const to =
    spec.clusterIP === 'None' ? t('the addresses of its ready pods') : (spec.externalName ?? spec.clusterIP ?? t('nothing yet'))
  return [
    {
      tone: 'ok',
      title: t('Name'),
      text: t('{name} leads to {to}.', { name, to }),
      command: `kubectl run ask --rm -it --image=busybox --restart=Never -- nslookup ${metadata.name}`,
    },
  ]
}

const serviceStep: Step = (_desk, { spec }) => {
  const ports = (spec.ports ?? []).map(
    (p) => `${p.port}${p.nodePort ? t(' (every machine: {nodePort})', { nodePort: p.nodePort }) : ''}`,
  )
  return [
    {
      tone: ports.length > 0 ? 'ok' : 'bad',
      title: t('Service'),
      text: ports.length > 0 ? t('It listens on {ports}.', { ports: ports.join(', ') }) : t('It has no port.'),
    },
  ]
}

const podsOf = ({ mirror }: Desk, service: Service): Pod[] =>
  ([...mirror.all('pods').values()] as unknown as Pod[]).filter(
    (pod) => pod.metadata.namespace === service.metadata.namespace && mapSelects(service.spec.selector, pod.metadata.labels),
  )

const selectorStep: Step = (desk, service) => {
  const { selector } = service.spec
  if (!selector)
    return [{ tone: 'unknown', title: t('Selector'), text: t('It has none: somebody has to write its EndpointSlices by hand.') }]
  const words = Object.entries(selector).map(([k, v]) => `${k}=${v}`)
  const pods = podsOf(desk, service)
  if (pods.length > 0)
    return [
      {
        tone: 'ok',
        title: t('Selector'),
        text: t('{labels} matches {pods} pods.', { labels: words.join(', '), pods: pods.length }),
      },
    ]
  const near = nearest(desk, service)
  return [
    {
      tone: 'bad',
      title: t('Selector'),
      text: near
        ? t('{labels} matches no pod. Nearest: {near}.', { labels: words.join(', '), near })
        : t('{labels} matches no pod.', { labels: words.join(', ') }),
      command: `kubectl get pods --show-labels -n ${service.metadata.namespace}`,
    },
  ]
}

/** The label that comes closest: same key with another value. */
function nearest({ mirror }: Desk, { spec, metadata }: Service): string {
  for (const [key, value] of Object.entries(spec.selector ?? {})) {
    for (const pod of mirror.all('pods').values()) {
      const other = pod.metadata.labels?.[key]
      if (pod.metadata.namespace === metadata.namespace && other !== undefined && other !== value)
        return `${shortName(pod.metadata.name)} has ${key}=${other}`
    }
  }
  return ''
}

const sliceStep: Step = (desk, service) => {
  if (!service.spec.selector) return []
  const endpoints = desk.scene.endpoints(keyOf(service.metadata))
  const ready = endpoints.filter((e) => e.ready).length
  if (endpoints.length === 0) return [{ tone: 'bad', title: t('Endpoints'), text: t('The list of endpoints is empty.') }]
  if (ready > 0)
    return [
      {
        tone: 'ok',
        title: t('Readiness'),
        text: t('{ready} of {endpoints} pods are ready and get requests.', { ready, endpoints: endpoints.length }),
      },
    ]
  return [
    {
      tone: 'bad',
      title: t('Readiness'),
      text: t('None of its {endpoints} pods is ready: nobody is sent to them. Look at one of them for the reason.', {
        endpoints: endpoints.length,
      }),
    },
  ]
}

const portStep: Step = (desk, service) =>
  (service.spec.ports ?? []).flatMap((port): Finding[] => {
    const target = port.targetPort ?? port.port
    const pods = podsOf(desk, service)
    const declared = pods.flatMap((pod) => pod.spec.containers.flatMap((c) => c.ports ?? []))
    if (pods.length === 0) return []
    if (typeof target === 'string') {
      const hit = declared.find((p) => p.name === target)
      return [
        hit
          ? {
              tone: 'ok',
              title: t('Port'),
              text: t('{port} goes to {target} ({containerPort}) in the pods.', {
                port: port.port,
                target,
                containerPort: hit.containerPort,
              }),
            }
          : { tone: 'bad', title: t('Port'), text: t('No container names a port "{target}".', { target }) },
      ]
    }
    if (declared.length === 0 || declared.some((p) => p.containerPort === target))
      return [{ tone: 'ok', title: t('Port'), text: t('{port} goes to {target} in the pods.', { port: port.port, target }) }]
    const others = [...new Set(declared.map((p) => p.containerPort))].join(', ')
    return [
      {
        tone: 'bad',
        title: t('Port'),
        text: t('{port} goes to {target}, but the containers name {others}.', { port: port.port, target, others }),
      },
    ]
  })

const policyStep: Step = (desk, service) => {
  const pods = podsOf(desk, service)
  const policies = [...desk.mirror.all('networkpolicies').values()].filter((policy) => {
    const types: string[] = policy['spec']?.policyTypes ?? ['Ingress']
    const selects = policy['spec']?.podSelector?.matchLabels as Record<string, string> | undefined
    return (
      policy.metadata.namespace === service.metadata.namespace &&
      types.includes('Ingress') &&
      pods.some((pod) => Object.entries(selects ?? {}).every(([k, v]) => pod.metadata.labels?.[k] === v))
    )
  })
  if (policies.length === 0)
    return [{ tone: 'ok', title: t('Policy'), text: t('No NetworkPolicy guards these pods: everybody may come in.') }]
  const open = policies.flatMap((p) => (p['spec']?.ingress ?? []) as unknown[]).length
  const names = policies.map((p) => p.metadata.name).join(', ')
  return [
    open === 0
      ? { tone: 'bad', title: t('Policy'), text: t('{names} lets nobody in.', { names }) }
      : {
          tone: 'unknown',
          title: t('Policy'),
          text: t('{names} guards these pods: only those it names may come in.', { names }),
        },
  ]
}

const appStep: Step = ({ traffic, clock }, service) => {
  const key = keyOf(service.metadata)
  const last = traffic.since(clock.now(), 30_000).findLast((flight) => flight.service === key)
  if (!last) return [{ tone: 'unknown', title: t('App'), text: t('No request has come lately; send some visitors.') }]
  const end = last.hops.at(-1)
  const text = isLost(last)
    ? `${t('Last request: {status}.', { status: last.status || t('no answer') })} ${end?.at ?? ''} ${end?.did ?? ''}${end?.why ? ` (${end.why})` : ''}`
    : t('Last request: {status} in {ms} ms.', { status: last.status, ms: last.ms })
  return [{ tone: isLost(last) ? 'bad' : 'ok', title: t('App'), text }]
}
