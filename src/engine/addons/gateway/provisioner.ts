/** Gives every Gateway a proxy of its own: a Deployment of nginx and a Service before it, in its namespace (nginx-gateway-fabric's provisioner). */
import type { Service, ServicePort } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { isOurs, judgeGateway, proxyName } from './gateways.ts'
import { GATEWAYS, type Gateway } from './kinds.ts'
import { judgeListeners } from './listeners.ts'
import { hasComeUp, isUp, SERVICE_ACCOUNT, UNPRIVILEGED, VERSION } from './manifests.ts'
import { GATEWAY_LABEL } from './routes.ts'

const HEALTH_PORT = 8081
const METRICS_PORT = 9113

interface Plan {
  labels: Record<string, string>
  metadata: AnyObject['metadata']
  ports: readonly number[]
  addresses: readonly string[]
}

function planOf(gateway: Gateway, context: Context): Plan {
  const { name, namespace, uid } = gateway.metadata
  const labels = {
    'app.kubernetes.io/instance': 'nginx-gateway',
    'app.kubernetes.io/managed-by': 'nginx-gateway-nginx',
    'app.kubernetes.io/name': proxyName(name),
    [GATEWAY_LABEL]: name,
  }
  const { infrastructure, addresses = [] } = gateway.spec
  const owner = {
    apiVersion: gateway.apiVersion,
    kind: gateway.kind,
    name,
    uid: uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
  const metadata = {
    name: proxyName(name),
    ...(namespace ? { namespace } : {}),
    labels: { ...labels, ...infrastructure?.labels },
    ...(infrastructure?.annotations ? { annotations: infrastructure.annotations } : {}),
    ownerReferences: [owner],
  }
  const well = judgeListeners(gateway, context as never).filter(({ attachable }) => attachable)
  const ports = [...new Set(well.map(({ listener }) => listener.port))].sort((a, b) => a - b)
  return { labels, metadata, ports, addresses: addresses.flatMap(({ value }) => value || []) }
}

function deploymentOf({ labels, metadata, ports }: Plan): AnyObject {
  const container = {
    name: 'nginx',
    image: `ghcr.io/nginx/nginx-gateway-fabric/nginx:${VERSION}`,
    imagePullPolicy: 'IfNotPresent',
    ports: [
      ...ports.map((port) => ({ name: `port-${port}`, containerPort: port, protocol: 'TCP' })),
      { name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' },
    ].sort((a, b) => a.containerPort - b.containerPort),
    readinessProbe: {
      httpGet: { path: '/readyz', port: HEALTH_PORT },
      initialDelaySeconds: 3,
      periodSeconds: 1,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 3,
    },
    securityContext: UNPRIVILEGED,
    volumeMounts: [
      { mountPath: '/etc/nginx/conf.d', name: 'nginx-conf' },
      { mountPath: '/etc/nginx/secrets', name: 'nginx-secrets' },
      { mountPath: '/var/run/nginx', name: 'nginx-run' },
      { mountPath: '/var/cache/nginx', name: 'nginx-cache' },
    ],
  }
  const spec = {
    containers: [container],
    serviceAccountName: metadata.name,
    securityContext: {
      fsGroup: 1001,
      runAsNonRoot: true,
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
    },
    volumes: ['nginx-conf', 'nginx-secrets', 'nginx-run', 'nginx-cache'].map((name) => ({ name, emptyDir: {} })),
  }
  const annotations = { 'prometheus.io/port': String(METRICS_PORT), 'prometheus.io/scrape': 'true' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels: metadata.labels, annotations }, spec },
    },
  } as unknown as AnyObject
}

function serviceOf({ labels, metadata, ports, addresses }: Plan): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: ports.map((port) => ({ name: `port-${port}`, port, targetPort: port, protocol: 'TCP' })),
      selector: labels,
      ...(addresses.length > 0 ? { externalIPs: addresses } : {}),
    },
  } as unknown as AnyObject
}

const numbers = (ports: readonly { port?: number; containerPort?: number }[] = []): string =>
  ports.map(({ port, containerPort }) => port ?? containerPort).join()

function ensureService(plan: Plan, { cache, api }: Context): void {
  const { name, namespace = '' } = plan.metadata
  const present = cache<Service>('services').get(namespace, name)
  const wanted = serviceOf(plan)
  if (!present) return void api.create('services', wanted, { because: 'a Gateway needs an address' })
  const isSame =
    numbers(present.spec.ports) === numbers(wanted['spec'].ports) &&
    (present.spec.externalIPs ?? []).join() === plan.addresses.join()
  if (isSame) return
  // Ports that stay keep their node ports.
  const ports = wanted['spec'].ports.map((each: ServicePort) => ({
    ...each,
    ...present.spec.ports?.find(({ port }) => port === each.port),
  }))
  const spec = { ...present.spec, ports, ...(plan.addresses.length > 0 ? { externalIPs: plan.addresses } : {}) }
  api.update('services', { ...present, spec } as never, { because: 'the listeners of its Gateway have changed' })
}

function ensureDeployment(plan: Plan, { cache, api }: Context): void {
  const { name, namespace = '' } = plan.metadata
  const present = cache('deployments.apps').get(namespace, name)
  const wanted = deploymentOf(plan)
  if (!present) return void api.create('deployments.apps', wanted, { because: 'a Gateway needs a proxy' })
  const [own] = wanted['spec'].template.spec.containers
  const [container] = present['spec'].template.spec.containers
  if (numbers(container?.ports) === numbers(own.ports)) return
  const template = {
    ...present['spec'].template,
    spec: { ...present['spec'].template.spec, containers: [{ ...container, ports: own.ports }] },
  }
  const because = 'the listeners of its Gateway have changed'
  api.update('deployments.apps', { ...present, spec: { ...present['spec'], template } }, { because })
}

function ensureAccount({ metadata }: Plan, { cache, api }: Context): void {
  if (cache('serviceaccounts').get(metadata.namespace ?? '', metadata.name)) return
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false }
  api.create('serviceaccounts', account as unknown as AnyObject, { because: 'the account of a Gateway’s proxy' })
}

/** What it owns, by the name of its Gateway. */
function ownerKey(_change: unknown, { metadata }: AnyObject): string[] {
  const name = metadata.labels?.[GATEWAY_LABEL]
  return name === undefined ? [] : [`${metadata.namespace}/${name}`]
}

export const provisioner = controller({
  name: 'nginx-gateway-provisioner',
  identity: SERVICE_ACCOUNT,
  watches: [
    { resource: GATEWAYS, keys: (_change, { metadata }) => [keyOf(metadata)] },
    { resource: 'services', keys: ownerKey },
    { resource: 'deployments.apps', keys: ownerKey },
    {
      resource: 'deployments.apps',
      keys: (_change, object, old, { cache }) =>
        hasComeUp(object, old) ? [...cache(GATEWAYS).all()].map(({ metadata }) => keyOf(metadata)) : [],
    },
  ],
  reconcile(key, context) {
    const gateway = context.cache(GATEWAYS).byKey(key) as unknown as Gateway | undefined
    if (!gateway || gateway.metadata.deletionTimestamp || !isUp(context) || !isOurs(gateway, context as never)) return
    if (!judgeGateway(gateway, context as never).valid) return
    const plan = planOf(gateway, context)
    if (plan.ports.length === 0) return
    try {
      ensureAccount(plan, context)
      ensureService(plan, context)
      ensureDeployment(plan, context)
    } catch (error) {
      // The Gateway's namespace has gone meanwhile.
      if (!isNotFound(error)) throw error
    }
  },
})
