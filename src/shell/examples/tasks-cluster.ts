/** Limits, quotas, schedulers, Jobs, DaemonSets and Deployments of the tasks. */
import { container, deployment, type Examples, env, mount, object, pod, ports, service, workload } from './shapes.ts'

const limitRange = (name: string, limit: object) => [
  object('v1', 'LimitRange', name, { spec: { limits: [{ ...limit, type: 'Container' }] } }),
]
const limited = (name: string, resources?: object, image = 'nginx') => [
  pod(name, { containers: [container(`${name}-ctr`, image, resources ? { resources } : {})] }),
]
const range = (resource: string, limit: string, request: string) => ({
  limits: { [resource]: limit },
  requests: { [resource]: request },
})
const quota = (name: string, hard: object) => [object('v1', 'ResourceQuota', name, { spec: { hard } })]
const claim = (name: string, storage: string) => [
  object('v1', 'PersistentVolumeClaim', name, {
    spec: { storageClassName: 'manual', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  }),
]
const scheduled = (name: string, label: string, spec: object) => [
  pod(
    name,
    { ...spec, containers: [container(`pod-with-${label}-annotation-container`, 'registry.k8s.io/pause:3.8')] },
    { labels: { name: 'multischeduler-example' } },
  ),
]
const failing = (name: string, main: Record<string, unknown>, spec: object, condition: string, action: string) => [
  object('batch/v1', 'Job', name, {
    spec: {
      ...spec,
      template: { spec: { restartPolicy: 'Never', containers: [container('main', 'docker.io/library/bash:5', main)] } },
      podFailurePolicy: { rules: [{ action, onPodConditions: [{ type: condition }] }] },
    },
  }),
]
const tier = (tierName: string) => ({ app: 'hello', tier: tierName, track: 'stable' })

const limits: Examples = {
  'admin/resource/memory-defaults.yaml': limitRange('mem-limit-range', {
    default: { memory: '512Mi' },
    defaultRequest: { memory: '256Mi' },
  }),
  'admin/resource/memory-defaults-pod.yaml': limited('default-mem-demo'),
  'admin/resource/memory-defaults-pod-2.yaml': limited('default-mem-demo-2', { limits: { memory: '1Gi' } }),
  'admin/resource/memory-defaults-pod-3.yaml': limited('default-mem-demo-3', { requests: { memory: '128Mi' } }),
  'admin/resource/memory-constraints.yaml': limitRange('mem-min-max-demo-lr', {
    max: { memory: '1Gi' },
    min: { memory: '500Mi' },
  }),
  'admin/resource/memory-constraints-pod.yaml': limited('constraints-mem-demo', range('memory', '800Mi', '600Mi')),
  'admin/resource/memory-constraints-pod-2.yaml': limited('constraints-mem-demo-2', range('memory', '1.5Gi', '800Mi')),
  'admin/resource/memory-constraints-pod-3.yaml': limited('constraints-mem-demo-3', range('memory', '800Mi', '100Mi')),
  'admin/resource/memory-constraints-pod-4.yaml': limited('constraints-mem-demo-4'),
  'admin/resource/cpu-constraints.yaml': limitRange('cpu-min-max-demo-lr', { max: { cpu: '800m' }, min: { cpu: '200m' } }),
  'admin/resource/cpu-constraints-pod.yaml': limited('constraints-cpu-demo', range('cpu', '800m', '500m')),
  'admin/resource/cpu-constraints-pod-2.yaml': limited('constraints-cpu-demo-2', range('cpu', '1.5', '500m')),
  'admin/resource/cpu-constraints-pod-3.yaml': limited('constraints-cpu-demo-3', range('cpu', '800m', '100m')),
  'admin/resource/cpu-constraints-pod-4.yaml': limited('constraints-cpu-demo-4', undefined, 'vish/stress'),
  'admin/resource/quota-pod.yaml': quota('pod-demo', { pods: '2' }),
  'admin/resource/quota-pod-deployment.yaml': [
    deployment('pod-quota-demo', { purpose: 'quota-demo' }, 3, [container('pod-quota-demo', 'nginx')]),
  ],
  'admin/resource/quota-objects.yaml': quota('object-quota-demo', {
    persistentvolumeclaims: '1',
    'services.loadbalancers': '2',
    'services.nodeports': '0',
  }),
  'admin/resource/quota-objects-pvc.yaml': claim('pvc-quota-demo', '3Gi'),
  'admin/resource/quota-objects-pvc-2.yaml': claim('pvc-quota-demo-2', '4Gi'),
  'admin/sched/pod1.yaml': scheduled('no-annotation', 'no', {}),
  'admin/sched/pod2.yaml': scheduled('annotation-default-scheduler', 'default', { schedulerName: 'default-scheduler' }),
  'admin/sched/pod3.yaml': scheduled('annotation-second-scheduler', 'second', { schedulerName: 'my-scheduler' }),
}

const batches: Examples = {
  'controllers/job-pod-failure-policy-ignore.yaml': failing(
    'job-pod-failure-policy-ignore',
    { command: ['bash'], args: ['-c', 'echo "Hello world! I\'m going to exit with 0 (success)." && sleep 90 && exit 0'] },
    { completions: 4, parallelism: 2, backoffLimit: 0 },
    'DisruptionTarget',
    'Ignore',
  ),
  'controllers/job-pod-failure-policy-config-issue.yaml': failing(
    'job-pod-failure-policy-config-issue',
    { image: 'non-existing-repo/non-existing-image:example' },
    { completions: 8, parallelism: 2, backoffLimit: 6 },
    'ConfigIssue',
    'FailJob',
  ),
  'application/job/redis/redis-pod.yaml': [
    pod(
      'redis-master',
      { containers: [container('master', 'redis', { ...env({ MASTER: 'true' }), ...ports(6379) })] },
      { labels: { app: 'redis' } },
    ),
  ],
  'application/job/redis/redis-service.yaml': [
    service('redis', { ports: [{ port: 6379, targetPort: 6379 }], selector: { app: 'redis' } }),
  ],
}

const workloads: Examples = {
  'controllers/daemonset-label-selector.yaml': [
    object(
      'apps/v1',
      'DaemonSet',
      'ssd-driver',
      {
        spec: {
          selector: { matchLabels: { app: 'ssd-driver-pod' } },
          template: {
            metadata: { labels: { app: 'ssd-driver-pod' } },
            spec: { nodeSelector: { ssd: 'true' }, containers: [container('example-container', 'example-image')] },
          },
        },
      },
      { labels: { app: 'nginx' } },
    ),
  ],
  'application/basic-daemonset.yaml': [
    workload(
      'DaemonSet',
      'example-daemonset',
      { 'app.kubernetes.io/name': 'example' },
      {},
      [container('pause', 'registry.k8s.io/pause')],
      {
        initContainers: [
          container('log-machine-id', 'busybox:1.37', {
            command: ['sh', '-c', 'cat /etc/machine-id > /var/log/machine-id.log'],
            volumeMounts: [{ ...mount('machine-id', '/etc/machine-id'), readOnly: true }, mount('log-dir', '/var/log')],
          }),
        ],
        volumes: [
          { name: 'machine-id', hostPath: { path: '/etc/machine-id', type: 'File' } },
          { name: 'log-dir', hostPath: { path: '/var/log' } },
        ],
      },
    ),
  ],
  'application/nginx-with-request.yaml': [
    deployment('nginx-deployment', { app: 'nginx' }, 2, [
      container('nginx', 'nginx', { resources: { limits: { memory: '128Mi', cpu: '500m' } }, ...ports(80) }),
    ]),
  ],
  'application/deployment-patch.yaml': [
    workload('Deployment', 'patch-demo', { app: 'nginx' }, { replicas: 2 }, [container('patch-demo-ctr', 'nginx')], {
      tolerations: [{ effect: 'NoSchedule', key: 'dedicated', value: 'test-team' }],
    }),
  ],
  'application/deployment-retainkeys.yaml': [
    workload('Deployment', 'retainkeys-demo', { app: 'nginx' }, { strategy: { rollingUpdate: { maxSurge: '30%' } } }, [
      container('retainkeys-demo-ctr', 'nginx'),
    ]),
  ],
  'application/deployment-subresource.yaml': [
    deployment('nginx-deployment', { app: 'nginx' }, 2, [container('nginx', 'nginx:1.14.2', ports(80))]),
  ],
  'service/access/backend-deployment.yaml': [
    deployment('backend', tier('backend'), 3, [
      container('hello', 'gcr.io/google-samples/hello-go-gke:1.0', { ports: [{ name: 'http', containerPort: 80 }] }),
    ]),
  ],
  'service/access/backend-service.yaml': [
    service('hello', {
      selector: { app: 'hello', tier: 'backend' },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 'http' }],
    }),
  ],
  'service/access/frontend-deployment.yaml': [
    deployment('frontend', tier('frontend'), 1, [
      container('nginx', 'gcr.io/google-samples/hello-frontend:1.0', {
        lifecycle: { preStop: { exec: { command: ['/usr/sbin/nginx', '-s', 'quit'] } } },
      }),
    ]),
  ],
  'service/access/frontend-service.yaml': [
    service('frontend', {
      selector: { app: 'hello', tier: 'frontend' },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      type: 'LoadBalancer',
    }),
  ],
  'service/networking/nginx-policy.yaml': [
    object('networking.k8s.io/v1', 'NetworkPolicy', 'access-nginx', {
      spec: {
        podSelector: { matchLabels: { app: 'nginx' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { access: 'true' } } }] }],
      },
    }),
  ],
  'service/networking/example-ingress.yaml': [
    object('networking.k8s.io/v1', 'Ingress', 'example-ingress', {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'hello-world.example',
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 8080 } } } }] },
          },
        ],
      },
    }),
  ],
}

export const taskObjects: Examples = { ...limits, ...batches, ...workloads }
