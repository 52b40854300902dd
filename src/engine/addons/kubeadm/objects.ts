/** What kubeadm puts into a new cluster: its own configuration, that of kubelets, and kube-proxy (cmd/kubeadm/app/phases/addons/proxy, …/uploadconfig, …/kubelet). */
import type { AnyObject } from '#api/meta.ts'
import { joining } from './joining.ts'

const NAMESPACE = 'kube-system'
const RBAC = 'rbac.authorization.k8s.io'
const PROXY = 'kube-proxy'
const labels = { 'k8s-app': PROXY }
const here = (name: string, more: object = {}) => ({ name, namespace: NAMESPACE, ...more })

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: https://172.18.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token`

const PROXY_CONFIG = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection:
  acceptContentTypes: ""
  burst: 0
  contentType: ""
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
  qps: 0
clusterCIDR: 10.244.0.0/16
configSyncPeriod: 0s
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: ""
kind: KubeProxyConfiguration
metricsBindAddress: ""
mode: ""
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
showHiddenMetricsForVersion: ""`

const clusterOf = (release: string): string => `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${release}
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/12
proxy: {}
scheduler: {}
`

const KUBELET = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: ""
cpuManagerReconcilePeriod: 0s
fileCheckFrequency: 0s
healthzBindAddress: 127.0.0.1
healthzPort: 10248
httpCheckFrequency: 0s
kind: KubeletConfiguration
nodeStatusReportFrequency: 0s
nodeStatusUpdateFrequency: 0s
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
syncFrequency: 0s
`

/** A ConfigMap that those who join may read. */
function readable(name: string, data: Record<string, string>, role: string): object[] {
  const joining = ['system:bootstrappers:kubeadm:default-node-token', 'system:nodes']
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: here(name), data },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: here(role),
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [name], verbs: ['get'] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: here(role),
      roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
      subjects: joining.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
    },
  ]
}

const containerOf = (release: string) => ({
  name: PROXY,
  image: `registry.k8s.io/kube-proxy:${release}`,
  imagePullPolicy: 'IfNotPresent',
  command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
  env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
  securityContext: { privileged: true },
  volumeMounts: [
    { mountPath: '/var/lib/kube-proxy', name: PROXY },
    { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
    { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
  ],
})

const daemonSetOf = (release: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: here(PROXY, { labels }),
  spec: {
    selector: { matchLabels: labels },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: { labels },
      spec: {
        priorityClassName: 'system-node-critical',
        containers: [containerOf(release)],
        hostNetwork: true,
        serviceAccountName: PROXY,
        volumes: [
          { name: PROXY, configMap: { name: PROXY } },
          { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
          { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
        ],
        tolerations: [{ operator: 'Exists' }],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
      },
    },
  },
})

const proxyOf = (release: string) => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: here(PROXY) },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubeadm:node-proxier' },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'system:node-proxier' },
    subjects: [{ kind: 'ServiceAccount', name: PROXY, namespace: NAMESPACE }],
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: here(PROXY, { labels: { app: PROXY } }),
    data: { 'config.conf': PROXY_CONFIG, 'kubeconfig.conf': KUBECONFIG },
  },
  daemonSetOf(release),
]

/** `release`: of the control plane. */
export const objectsOf = (release: string): AnyObject[] =>
  [
    ...readable('kubeadm-config', { ClusterConfiguration: clusterOf(release) }, 'kubeadm:nodes-kubeadm-config'),
    ...readable('kubelet-config', { kubelet: KUBELET }, 'kubeadm:kubelet-config'),
    ...proxyOf(release),
    ...joining,
  ] as unknown as AnyObject[]
