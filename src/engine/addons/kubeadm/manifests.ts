/** What kubeadm writes into /etc/kubernetes/manifests (cmd/kubeadm/app/phases/controlplane and …/etcd). */
import type { AnyObject } from '#api/meta.ts'
import type { ControlHost } from '../addon.ts'
import { ETCD_VERSION } from './versions.ts'

const PKI = '/etc/kubernetes/pki'
const ETCD_PKI = `${PKI}/etcd`
/** Where etcd's data lie, on the machine as in its Pod. */
export const DATA = '/var/lib/etcd'
const API_PORT = 6443
/** kubeadmconstants.SystemNodeCritical's value. */
const PRIORITY = 2_000_001_000
const PROBE_PORT = 'probe-port'

interface Place {
  name: string
  path: string
  type: 'DirectoryOrCreate' | 'FileOrCreate'
  writable?: boolean
}

const folder = (name: string, path: string): Place => ({ name, path, type: 'DirectoryOrCreate' })
const file = (name: string, path: string): Place => ({ name, path, type: 'FileOrCreate' })
const CERTIFICATES = [
  folder('ca-certs', '/etc/ssl/certs'),
  folder('etc-ca-certificates', '/etc/ca-certificates'),
  folder('k8s-certs', PKI),
  folder('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates'),
  folder('usr-share-ca-certificates', '/usr/share/ca-certificates'),
]
const FLEX = '/usr/libexec/kubernetes/kubelet-plugins/volume/exec'

interface Probe {
  path: string
  host: string
  scheme: 'HTTP' | 'HTTPS'
}

/** Four minutes are what kubeadm gives a component to start. */
const get = ({ path, host, scheme }: Probe, more: object) => ({
  ...more,
  httpGet: { host, path, port: PROBE_PORT, scheme },
  timeoutSeconds: 15,
})
const liveness = (probe: Probe) => get(probe, { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 })
const readiness = (probe: Probe) => get(probe, { failureThreshold: 3, periodSeconds: 1 })
const startup = (probe: Probe) => get(probe, { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 })

interface Component {
  name: string
  image: string
  flags: Readonly<Record<string, string>>
  requests: Readonly<Record<string, string>>
  port: number
  host: string
  scheme: 'HTTP' | 'HTTPS'
  /** Paths of the three probes; without one it is not asked whether it is ready. */
  paths: { live: string; ready?: string; start: string }
  places: readonly Place[]
  annotations?: Readonly<Record<string, string>>
}

function podOf({ name, image, flags, requests, port, host, scheme, paths, places, annotations }: Component): AnyObject {
  const probe = (path: string): Probe => ({ path, host, scheme })
  const names = Object.keys(flags).sort()
  const container = {
    command: [name, ...names.map((flag) => `--${flag}=${flags[flag]}`)],
    image,
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: liveness(probe(paths.live)),
    name,
    ports: [{ containerPort: port, name: PROBE_PORT, protocol: 'TCP' }],
    ...(paths.ready ? { readinessProbe: readiness(probe(paths.ready)) } : {}),
    resources: { requests },
    startupProbe: startup(probe(paths.start)),
    volumeMounts: places.map((each) => ({
      mountPath: each.path,
      name: each.name,
      ...(each.writable ? {} : { readOnly: true }),
    })),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(annotations ? { annotations } : {}),
      labels: { component: name, tier: 'control-plane' },
      name,
      namespace: 'kube-system',
    },
    spec: {
      containers: [container],
      hostNetwork: true,
      priority: PRIORITY,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: places.map((each) => ({ hostPath: { path: each.path, type: each.type }, name: each.name })),
    },
  } as unknown as AnyObject
}

const clientUrl = (ip: string): string => `https://${ip}:2379`
const peerUrl = (ip: string): string => `https://${ip}:2380`

const etcd = ({ name, ip }: ControlHost, all: readonly ControlHost[]): AnyObject =>
  podOf({
    name: 'etcd',
    image: `registry.k8s.io/etcd:${ETCD_VERSION}`,
    flags: {
      'advertise-client-urls': clientUrl(ip),
      'cert-file': `${ETCD_PKI}/server.crt`,
      'client-cert-auth': 'true',
      'data-dir': DATA,
      'feature-gates': 'InitialCorruptCheck=true',
      'initial-advertise-peer-urls': peerUrl(ip),
      'initial-cluster': all.map((each) => `${each.name}=${peerUrl(each.ip)}`).join(','),
      'key-file': `${ETCD_PKI}/server.key`,
      'listen-client-urls': `${clientUrl('127.0.0.1')},${clientUrl(ip)}`,
      'listen-metrics-urls': 'http://127.0.0.1:2381',
      'listen-peer-urls': peerUrl(ip),
      name,
      'peer-cert-file': `${ETCD_PKI}/peer.crt`,
      'peer-client-cert-auth': 'true',
      'peer-key-file': `${ETCD_PKI}/peer.key`,
      'peer-trusted-ca-file': `${ETCD_PKI}/ca.crt`,
      'snapshot-count': '10000',
      'trusted-ca-file': `${ETCD_PKI}/ca.crt`,
      'watch-progress-notify-interval': '5s',
    },
    requests: { cpu: '100m', memory: '100Mi' },
    port: 2381,
    host: '127.0.0.1',
    scheme: 'HTTP',
    paths: { live: '/livez', ready: '/readyz', start: '/readyz' },
    places: [
      { ...folder('etcd-data', DATA), writable: true },
      { ...folder('etcd-certs', ETCD_PKI), writable: true },
    ],
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': clientUrl(ip) },
  })

const apiServer = ({ ip }: ControlHost, release: string): AnyObject =>
  podOf({
    name: 'kube-apiserver',
    image: `registry.k8s.io/kube-apiserver:${release}`,
    flags: {
      'advertise-address': ip,
      'allow-privileged': 'true',
      'authorization-mode': 'Node,RBAC',
      'client-ca-file': `${PKI}/ca.crt`,
      'enable-admission-plugins': 'NodeRestriction',
      'enable-bootstrap-token-auth': 'true',
      'etcd-cafile': `${ETCD_PKI}/ca.crt`,
      'etcd-certfile': `${PKI}/apiserver-etcd-client.crt`,
      'etcd-keyfile': `${PKI}/apiserver-etcd-client.key`,
      'etcd-servers': clientUrl('127.0.0.1'),
      'kubelet-client-certificate': `${PKI}/apiserver-kubelet-client.crt`,
      'kubelet-client-key': `${PKI}/apiserver-kubelet-client.key`,
      'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
      'proxy-client-cert-file': `${PKI}/front-proxy-client.crt`,
      'proxy-client-key-file': `${PKI}/front-proxy-client.key`,
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-username-headers': 'X-Remote-User',
      'secure-port': String(API_PORT),
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': `${PKI}/sa.pub`,
      'service-account-signing-key-file': `${PKI}/sa.key`,
      'service-cluster-ip-range': '10.96.0.0/12',
      'tls-cert-file': `${PKI}/apiserver.crt`,
      'tls-private-key-file': `${PKI}/apiserver.key`,
    },
    requests: { cpu: '250m' },
    port: API_PORT,
    host: ip,
    scheme: 'HTTPS',
    paths: { live: '/livez', ready: '/readyz', start: '/livez' },
    places: CERTIFICATES,
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${ip}:${API_PORT}` },
  })

const MANAGER = '/etc/kubernetes/controller-manager.conf'

const controllerManager = (release: string): AnyObject =>
  podOf({
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${release}`,
    flags: {
      'allocate-node-cidrs': 'true',
      'authentication-kubeconfig': MANAGER,
      'authorization-kubeconfig': MANAGER,
      'bind-address': '127.0.0.1',
      'client-ca-file': `${PKI}/ca.crt`,
      'cluster-cidr': '10.244.0.0/16',
      'cluster-name': 'kubernetes',
      'cluster-signing-cert-file': `${PKI}/ca.crt`,
      'cluster-signing-key-file': `${PKI}/ca.key`,
      controllers: '*,bootstrapsigner,tokencleaner',
      kubeconfig: MANAGER,
      'leader-elect': 'true',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'root-ca-file': `${PKI}/ca.crt`,
      'service-account-private-key-file': `${PKI}/sa.key`,
      'service-cluster-ip-range': '10.96.0.0/12',
      'use-service-account-credentials': 'true',
    },
    requests: { cpu: '200m' },
    port: 10_257,
    host: '127.0.0.1',
    scheme: 'HTTPS',
    paths: { live: '/healthz', start: '/healthz' },
    places: [
      ...CERTIFICATES.slice(0, 2),
      { ...folder('flexvolume-dir', FLEX), writable: true },
      ...CERTIFICATES.slice(2, 3),
      file('kubeconfig', MANAGER),
      ...CERTIFICATES.slice(3),
    ],
  })

const SCHEDULER = '/etc/kubernetes/scheduler.conf'

const scheduler = (release: string): AnyObject =>
  podOf({
    name: 'kube-scheduler',
    image: `registry.k8s.io/kube-scheduler:${release}`,
    flags: {
      'authentication-kubeconfig': SCHEDULER,
      'authorization-kubeconfig': SCHEDULER,
      'bind-address': '127.0.0.1',
      kubeconfig: SCHEDULER,
      'leader-elect': 'true',
    },
    requests: { cpu: '100m' },
    port: 10_259,
    host: '127.0.0.1',
    scheme: 'HTTPS',
    paths: { live: '/livez', ready: '/readyz', start: '/livez' },
    places: [file('kubeconfig', SCHEDULER)],
  })

/** By file name; `release` tells of which release each is to be. */
export const staticPodsOf = (
  host: ControlHost,
  all: readonly ControlHost[],
  release: (file: string) => string,
): Readonly<Record<string, AnyObject>> => ({
  'etcd.yaml': etcd(host, all),
  'kube-apiserver.yaml': apiServer(host, release('kube-apiserver.yaml')),
  'kube-controller-manager.yaml': controllerManager(release('kube-controller-manager.yaml')),
  'kube-scheduler.yaml': scheduler(release('kube-scheduler.yaml')),
})
