/** Namespaces, quotas, defaults, Jobs and DaemonSets: of the pages for who looks after a cluster. */
import { container, deployment, type Examples, env, labelled, mount, object, pod, ports, shell, workload } from './shapes.ts'

const namespace = (name: string) => [object('v1', 'Namespace', name, {}, { labels: { name } })]
const cpu = (number: string, resources?: object) => [
  pod(`default-cpu-demo${number}`, {
    containers: [container(`default-cpu-demo${number}-ctr`, 'nginx', resources ? { resources } : {})],
  }),
]
const quota = (number: string, image: string, memory: [limit: string, request: string]) => [
  pod(`quota-mem-cpu-demo${number}`, {
    containers: [
      container(`quota-mem-cpu-demo${number}-ctr`, image, {
        resources: { limits: { memory: memory[0], cpu: '800m' }, requests: { memory: memory[1], cpu: '400m' } },
      }),
    ],
  }),
]
const fluentd = (resources: object) => [
  object(
    'apps/v1',
    'DaemonSet',
    'fluentd-elasticsearch',
    {
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/name': 'fluentd-elasticsearch' } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': 'fluentd-elasticsearch' } },
          spec: {
            tolerations: ['control-plane', 'master'].map((role) => ({
              key: `node-role.kubernetes.io/${role}`,
              operator: 'Exists',
              effect: 'NoSchedule',
            })),
            containers: [
              container('fluentd-elasticsearch', 'quay.io/fluentd_elasticsearch/fluentd:v5.0.1', {
                ...resources,
                volumeMounts: [
                  mount('varlog', '/var/log'),
                  { ...mount('varlibdockercontainers', '/var/lib/docker/containers'), readOnly: true },
                ],
              }),
            ],
            terminationGracePeriodSeconds: 30,
            volumes: [
              { name: 'varlog', hostPath: { path: '/var/log' } },
              { name: 'varlibdockercontainers', hostPath: { path: '/var/lib/docker/containers' } },
            ],
          },
        },
      },
    },
    { namespace: 'kube-system', labels: { 'k8s-app': 'fluentd-logging' } },
  ),
]
const job = (name: string, spec: object, template: object) => [
  object('batch/v1', 'Job', name, { spec: { ...spec, template: { spec: { restartPolicy: 'Never', ...template } } } }),
]
const onExit = (action: string) => ({
  podFailurePolicy: { rules: [{ action, onExitCodes: { containerName: 'main', operator: 'In', values: [42] } }] },
})
/** Every ten seconds a line. */
const telling = (name: string, text: string, more: object) =>
  labelled(
    workload(
      'Deployment',
      name,
      { 'app.kubernetes.io/name': name },
      { replicas: 3 },
      [container('alpine', 'alpine:3', { ...loop(text), ...ports(80), ...more })],
      name === 'configmap-volume' ? { volumes: [{ name: 'config-volume', configMap: { name: 'sport' } }] } : {},
    ),
  )
const loop = (text: string) => {
  const { command, args } = shell(`while true; do echo "$(date) ${text}"; sleep 10; done;`) as Record<string, string[]>
  return { command: [...(command as string[]), ...(args as string[])] }
}
const items = `items=(foo bar baz qux xyz)\necho \${items[$JOB_COMPLETION_INDEX]} > /input/data.txt\n`

export const administration: Examples = {
  'admin/namespace-dev.yaml': namespace('development'),
  'admin/namespace-prod.yaml': namespace('production'),
  'admin/snowflake-deployment.yaml': [
    labelled(
      deployment('snowflake', { app: 'snowflake' }, 2, [
        container('snowflake', 'registry.k8s.io/serve_hostname', { imagePullPolicy: 'Always' }),
      ]),
    ),
  ],
  'admin/resource/cpu-defaults.yaml': [
    object('v1', 'LimitRange', 'cpu-limit-range', {
      spec: { limits: [{ default: { cpu: '1' }, defaultRequest: { cpu: '0.5' }, type: 'Container' }] },
    }),
  ],
  'admin/resource/cpu-defaults-pod.yaml': cpu(''),
  'admin/resource/cpu-defaults-pod-2.yaml': cpu('-2', { limits: { cpu: '1' } }),
  'admin/resource/cpu-defaults-pod-3.yaml': cpu('-3', { requests: { cpu: '0.75' } }),
  'admin/resource/quota-mem-cpu.yaml': [
    object('v1', 'ResourceQuota', 'mem-cpu-demo', {
      spec: {
        hard: { 'requests.cpu': '1', 'requests.memory': '1Gi', 'limits.cpu': '2', 'limits.memory': '2Gi' },
      },
    }),
  ],
  'admin/resource/quota-mem-cpu-pod.yaml': quota('', 'nginx', ['800Mi', '600Mi']),
  'admin/resource/quota-mem-cpu-pod-2.yaml': quota('-2', 'redis', ['1Gi', '700Mi']),
  'controllers/fluentd-daemonset.yaml': fluentd({}),
  'controllers/fluentd-daemonset-update.yaml': fluentd({
    resources: { limits: { memory: '200Mi' }, requests: { cpu: '100m', memory: '200Mi' } },
  }),
  'controllers/job-pod-failure-policy-failjob.yaml': job(
    'job-pod-failure-policy-failjob',
    { completions: 8, parallelism: 2, backoffLimit: 6, ...onExit('FailJob') },
    {
      containers: [
        container('main', 'docker.io/library/bash:5', {
          command: ['bash'],
          args: ['-c', 'echo "Hello world! I\'m going to exit with 42 to simulate a software bug." && sleep 30 && exit 42'],
        }),
      ],
    },
  ),
  'application/job/indexed-job.yaml': job(
    'indexed-job',
    { completions: 5, parallelism: 3, completionMode: 'Indexed' },
    {
      initContainers: [
        container('input', 'docker.io/library/bash', {
          command: ['bash', '-c', items],
          volumeMounts: [mount('input', '/input')],
        }),
      ],
      containers: [
        container('worker', 'docker.io/library/busybox', {
          command: ['rev', '/input/data.txt'],
          volumeMounts: [mount('input', '/input')],
        }),
      ],
      volumes: [{ name: 'input', emptyDir: {} }],
    },
  ),
  'deployments/deployment-with-configmap-as-volume.yaml': [
    telling('configmap-volume', 'My preferred sport is $(cat /etc/config/sport)', {
      volumeMounts: [mount('config-volume', '/etc/config')],
    }),
  ],
  'deployments/deployment-with-configmap-as-envvar.yaml': [
    telling('configmap-env-var', 'The basket is full of $FRUITS', {
      ...env({ FRUITS: { configMapKeyRef: { key: 'fruits', name: 'fruits' } } }),
    }),
  ],
  'security/example-baseline-pod.yaml': [pod('nginx', { containers: [container('nginx', 'nginx', ports(80))] })],
}
