/** Further manifests of the tutorials: configuration by ConfigMaps, HTTPS, termination, admission policies, seccomp. */
import { container, type Examples, labelled, mount, object, pod, ports, service, workload } from './shapes.ts'

const named = (name: string) => ({ 'app.kubernetes.io/name': name })
const loop = (what: string, to = '') => `while true; do echo "$(date) ${what}"${to}; sleep 10; done;`
const sh = (script: string) => ({ command: ['/bin/sh', '-c', script] })
const three = (name: string, containers: ReturnType<typeof container>[], rest: object) =>
  labelled(workload('Deployment', name, named(name), { replicas: 3 }, containers, rest as Record<string, unknown>))

const coloured = {
  volumes: [
    { name: 'shared-data', emptyDir: {} },
    { name: 'config-volume', configMap: { name: 'color' } },
  ],
}
const served = container('nginx', 'nginx', { volumeMounts: [mount('shared-data', '/usr/share/nginx/html')] })
const writer = (rest: object) =>
  container('alpine', 'alpine:3', {
    ...rest,
    volumeMounts: [mount('shared-data', '/pod-data'), mount('config-volume', '/etc/config')],
    ...sh(loop('My preferred color is $(cat /etc/config/color)', ' > /pod-data/index.html')),
  })
const company = (name: string, value: string) =>
  object('v1', 'ConfigMap', name, { data: { company_name: value }, immutable: true })

const policy = (kind: string, name: string, description: string, spec: object) =>
  object('admissionregistration.k8s.io/v1', kind, name, { spec }, { annotations: { 'kubernetes.io/description': description } })
const rule = (apiGroup: string, resource: string, ...operations: string[]) => ({
  resourceRules: [{ apiGroups: [apiGroup], apiVersions: ['v1'], operations, resources: [resource] }],
})
const ENFORCE = 'pod-security.kubernetes.io/enforce'
const defaulted = (value: string, rest: object) => ({
  reinvocationPolicy: 'IfNeeded',
  ...rest,
  matchConstraints: rule('', 'namespaces', 'CREATE'),
  matchConditions: [
    { name: 'exclude-system-namespaces', expression: "!object.metadata.name.startsWith('kube-')" },
    { name: 'no-existing-pod-security-label', expression: `!('${ENFORCE}' in object.metadata.labels)` },
  ],
  mutations: [
    {
      patchType: 'ApplyConfiguration',
      applyConfiguration: { expression: `Object{metadata: Object.metadata{labels: {'${ENFORCE}': ${value}}}}` },
    },
  ],
})

const echoing = (name: string, profile: object, text: string) =>
  pod(
    name,
    {
      securityContext: { seccompProfile: profile },
      containers: [
        container('test-container', 'hashicorp/http-echo:1.0', {
          args: [`-text=${text}`],
          securityContext: { allowPrivilegeEscalation: false },
        }),
      ],
    },
    { labels: { app: name } },
  )

export const tutorials: Examples = {
  'deployments/deployment-with-configmap-two-containers.yaml': [
    three('configmap-two-containers', [served, writer({})], coloured),
  ],
  'deployments/deployment-with-configmap-and-sidecar-container.yaml': [
    three('configmap-sidecar-container', [served], { ...coloured, initContainers: [writer({ restartPolicy: 'Always' })] }),
  ],
  'configmap/immutable-configmap.yaml': [company('company-name-20150801', 'ACME, Inc.')],
  'configmap/new-immutable-configmap.yaml': [company('company-name-20240312', 'Fiktivesunternehmen GmbH')],
  'deployments/deployment-with-immutable-configmap-as-volume.yaml': [
    three(
      'immutable-configmap-volume',
      [
        container('alpine', 'alpine:3', {
          ...sh(loop('The name of the company is $(cat /etc/config/company_name)')),
          ...ports(80),
          volumeMounts: [mount('config-volume', '/etc/config')],
        }),
      ],
      { volumes: [{ name: 'config-volume', configMap: { name: 'company-name-20150801' } }] },
    ),
  ],
  'service/networking/nginx-secure-app.yaml': [
    service(
      'my-nginx',
      {
        type: 'NodePort',
        ports: [
          { port: 8080, targetPort: 80, protocol: 'TCP', name: 'http' },
          { port: 443, protocol: 'TCP', name: 'https' },
        ],
        selector: { run: 'my-nginx' },
      },
      { run: 'my-nginx' },
    ),
    workload(
      'Deployment',
      'my-nginx',
      { run: 'my-nginx' },
      { replicas: 1 },
      [
        container('nginxhttps', 'bprashanth/nginxhttps:1.0', {
          ...ports(443, 80),
          volumeMounts: [mount('secret-volume', '/etc/nginx/ssl'), mount('configmap-volume', '/etc/nginx/conf.d')],
        }),
      ],
      {
        volumes: [
          { name: 'secret-volume', secret: { secretName: 'nginxsecret' } },
          { name: 'configmap-volume', configMap: { name: 'nginxconfigmap' } },
        ],
      },
    ),
  ],
  'service/networking/curlpod.yaml': [
    workload(
      'Deployment',
      'curl-deployment',
      { app: 'curlpod' },
      { replicas: 1 },
      [
        container('curlpod', 'radial/busyboxplus:curl', {
          command: ['sh', '-c', 'while true; do sleep 1; done'],
          volumeMounts: [mount('secret-volume', '/etc/nginx/ssl')],
        }),
      ],
      { volumes: [{ name: 'secret-volume', secret: { secretName: 'nginxsecret' } }] },
    ),
  ],
  'service/pod-with-graceful-termination.yaml': [
    labelled(
      workload(
        'Deployment',
        'nginx-deployment',
        { app: 'nginx' },
        { replicas: 1 },
        [
          container('nginx', 'nginx:latest', {
            ...ports(80),
            lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'sleep 180'] } } },
          }),
        ],
        { terminationGracePeriodSeconds: 120 },
      ),
    ),
    service('nginx-service', { selector: { app: 'nginx' }, ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }] }),
  ],
  'access/manifest-admission-control/vap-min-replicas.yaml': [
    policy(
      'ValidatingAdmissionPolicy',
      'enforce-multiple-replicas-deployments',
      'Require that matching Deployments have multiple replicas',
      {
        matchConstraints: rule('apps', 'deployments', 'CREATE', 'UPDATE'),
        validations: [{ expression: 'object.spec.replicas >= 2' }],
      },
    ),
  ],
  'access/manifest-admission-control/default-pod-security-baseline.yaml': [
    policy(
      'MutatingAdmissionPolicy',
      'default-pod-security-baseline',
      'Default new namespaces to enforce the Baseline pod security standard',
      defaulted("'baseline'", {}),
    ),
  ],
  'access/manifest-admission-control/default-pod-security-configurable.yaml': [
    policy(
      'MutatingAdmissionPolicy',
      'default-pod-security-configurable',
      'Default new namespaces to enforce the chosen pod security standard',
      defaulted('params.data.default', { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } }),
    ),
  ],
  'pods/security/seccomp/ga/default-pod.yaml': [
    echoing('default-pod', { type: 'RuntimeDefault' }, 'just made some more syscalls!'),
  ],
}
