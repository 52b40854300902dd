/** Single Pods: of the tasks about configuring Pods and containers. */
import { container, type Examples, env, mount, object, pod, ports, shell } from './shapes.ts'

const field = (fieldPath: string) => ({ fieldRef: { fieldPath } })
const qos = (name: string, ...containers: object[]) => [
  pod(
    name,
    { containers: containers.map((rest, i) => container(`${name}-ctr${i ? `-${i + 1}` : ''}`, 'nginx', { ...rest })) },
    { namespace: 'qos-example' },
  ),
]
const resources = (limits: object | null, requests: object | null) => ({
  resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
})
const stress = (name: string, vm: string, limit: string, request: string) => [
  pod(
    name,
    {
      containers: [
        container(`${name}-ctr`, 'polinux/stress', {
          ...resources({ memory: limit }, { memory: request }),
          command: ['stress'],
          args: ['--vm', '1', '--vm-bytes', vm, '--vm-hang', '1'],
        }),
      ],
    },
    { namespace: 'mem-example' },
  ),
]
const burn = (name: string, limit: string, request: string) => [
  pod(
    name,
    {
      containers: [
        container(`${name}-ctr`, 'vish/stress', { ...resources({ cpu: limit }, { cpu: request }), args: ['-cpus', '2'] }),
      ],
    },
    { namespace: 'cpu-example' },
  ),
]
const demo = { labels: { purpose: 'demonstrate-envars' } }

export const pods: Examples = {
  'pods/simple-pod.yaml': [pod('nginx', { containers: [container('nginx', 'nginx:1.14.2', ports(80))] })],
  'pods/pod-nginx.yaml': [
    pod(
      'nginx',
      { containers: [container('nginx', 'nginx', { imagePullPolicy: 'IfNotPresent' })], nodeSelector: { disktype: 'ssd' } },
      { labels: { env: 'test' } },
    ),
  ],
  'application/shell-demo.yaml': [
    pod('shell-demo', {
      volumes: [{ name: 'shared-data', emptyDir: {} }],
      containers: [container('nginx', 'nginx', { volumeMounts: [mount('shared-data', '/usr/share/nginx/html')] })],
      hostNetwork: true,
      dnsPolicy: 'Default',
    }),
  ],
  'pods/commands.yaml': [
    pod(
      'command-demo',
      {
        containers: [
          container('command-demo-container', 'debian', { command: ['printenv'], args: ['HOSTNAME', 'KUBERNETES_PORT'] }),
        ],
        restartPolicy: 'OnFailure',
      },
      { labels: { purpose: 'demonstrate-command' } },
    ),
  ],
  'pods/lifecycle-events.yaml': [
    pod('lifecycle-demo', {
      containers: [
        container('lifecycle-demo-container', 'nginx', {
          lifecycle: {
            postStart: { exec: { command: ['/bin/sh', '-c', 'echo Hello from the postStart handler > /usr/share/message'] } },
            preStop: { exec: { command: ['/bin/sh', '-c', 'nginx -s quit; while killall -0 nginx; do sleep 1; done'] } },
          },
        }),
      ],
    }),
  ],
  'pods/two-container-pod.yaml': [
    pod('two-containers', {
      restartPolicy: 'Never',
      volumes: [{ name: 'shared-data', emptyDir: {} }],
      containers: [
        container('nginx-container', 'nginx', { volumeMounts: [mount('shared-data', '/usr/share/nginx/html')] }),
        container('debian-container', 'debian', {
          ...shell('echo Hello from the debian container > /pod-data/index.html'),
          volumeMounts: [mount('shared-data', '/pod-data')],
        }),
      ],
    }),
  ],
  'pods/probe/exec-liveness.yaml': [
    pod(
      'liveness-exec',
      {
        containers: [
          container('liveness', 'registry.k8s.io/busybox:1.27.2', {
            args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
            livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
          }),
        ],
      },
      { labels: { test: 'liveness' } },
    ),
  ],
  'pods/probe/http-liveness.yaml': [
    pod(
      'liveness-http',
      {
        containers: [
          container('liveness', 'registry.k8s.io/e2e-test-images/agnhost:2.40', {
            args: ['liveness'],
            livenessProbe: {
              httpGet: { path: '/healthz', port: 8080, httpHeaders: [{ name: 'Custom-Header', value: 'Awesome' }] },
              initialDelaySeconds: 3,
              periodSeconds: 3,
            },
          }),
        ],
      },
      { labels: { test: 'liveness' } },
    ),
  ],
  'pods/probe/tcp-liveness-readiness.yaml': [
    pod(
      'goproxy',
      {
        containers: [
          container('goproxy', 'registry.k8s.io/goproxy:0.1', {
            ...ports(8080),
            readinessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, periodSeconds: 10 },
            livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, periodSeconds: 10 },
          }),
        ],
      },
      { labels: { app: 'goproxy' } },
    ),
  ],
  'pods/inject/envars.yaml': [
    pod(
      'envar-demo',
      {
        containers: [
          container('envar-demo-container', 'gcr.io/google-samples/hello-app:2.0', {
            ...env({ DEMO_GREETING: 'Hello from the environment', DEMO_FAREWELL: 'Such a sweet sorrow' }),
          }),
        ],
      },
      demo,
    ),
  ],
  'pods/inject/dependent-envars.yaml': [
    pod('dependent-envars-demo', {
      containers: [
        container('dependent-envars-demo', 'busybox:1.28', {
          command: ['sh', '-c'],
          args: [
            'while true; do echo -en "\\n"; printf UNCHANGED_REFERENCE=$UNCHANGED_REFERENCE"\\n"; printf SERVICE_ADDRESS=$SERVICE_ADDRESS"\\n"; printf ESCAPED_REFERENCE=$ESCAPED_REFERENCE"\\n"; sleep 30; done;',
          ],
          ...env({
            SERVICE_PORT: '80',
            SERVICE_IP: '172.17.0.1',
            UNCHANGED_REFERENCE: '$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
            PROTOCOL: 'https',
            SERVICE_ADDRESS: '$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
            ESCAPED_REFERENCE: '$$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)',
          }),
        }),
      ],
    }),
  ],
  'pods/inject/dapi-envars-pod.yaml': [
    pod('dapi-envars-fieldref', {
      containers: [
        container('test-container', 'registry.k8s.io/busybox:1.27.2', {
          command: ['sh', '-c'],
          args: [
            'while true; do echo -en "\\n"; printenv MY_NODE_NAME MY_POD_NAME MY_POD_NAMESPACE; printenv MY_POD_IP MY_POD_SERVICE_ACCOUNT; sleep 10; done;',
          ],
          ...env({
            MY_NODE_NAME: field('spec.nodeName'),
            MY_POD_NAME: field('metadata.name'),
            MY_POD_NAMESPACE: field('metadata.namespace'),
            MY_POD_IP: field('status.podIP'),
            MY_POD_SERVICE_ACCOUNT: field('spec.serviceAccountName'),
          }),
        }),
      ],
      restartPolicy: 'Never',
    }),
  ],
  'pods/inject/dapi-volume.yaml': [
    pod(
      'kubernetes-downwardapi-volume-example',
      {
        containers: [
          container('client-container', 'registry.k8s.io/busybox:1.27.2', {
            command: ['sh', '-c'],
            args: [
              'while true; do if [[ -e /etc/podinfo/labels ]]; then echo -en "\\n\\n"; cat /etc/podinfo/labels; fi; if [[ -e /etc/podinfo/annotations ]]; then echo -en "\\n\\n"; cat /etc/podinfo/annotations; fi; sleep 5; done;',
            ],
            volumeMounts: [mount('podinfo', '/etc/podinfo')],
          }),
        ],
        volumes: [
          {
            name: 'podinfo',
            downwardAPI: {
              items: [
                { path: 'labels', ...field('metadata.labels') },
                { path: 'annotations', ...field('metadata.annotations') },
              ],
            },
          },
        ],
      },
      {
        labels: { zone: 'us-est-coast', cluster: 'test-cluster1', rack: 'rack-22' },
        annotations: { build: 'two', builder: 'john-doe' },
      },
    ),
  ],
  'pods/qos/qos-pod.yaml': qos('qos-demo', resources({ memory: '200Mi', cpu: '700m' }, { memory: '200Mi', cpu: '700m' })),
  'pods/qos/qos-pod-2.yaml': qos('qos-demo-2', resources({ memory: '200Mi' }, { memory: '100Mi' })),
  'pods/qos/qos-pod-3.yaml': qos('qos-demo-3', {}),
  'pods/qos/qos-pod-4.yaml': qos('qos-demo-4', resources(null, { memory: '200Mi' }), {}),
  'pods/resource/memory-request-limit.yaml': stress('memory-demo', '150M', '200Mi', '100Mi'),
  'pods/resource/memory-request-limit-2.yaml': stress('memory-demo-2', '250M', '100Mi', '50Mi'),
  'pods/resource/memory-request-limit-3.yaml': stress('memory-demo-3', '150M', '1000Gi', '1000Gi'),
  'pods/resource/cpu-request-limit.yaml': burn('cpu-demo', '1', '500m'),
  'pods/resource/cpu-request-limit-2.yaml': burn('cpu-demo-2', '100', '100'),
  'pods/storage/redis.yaml': [
    pod('redis', {
      containers: [container('redis', 'redis', { volumeMounts: [mount('redis-storage', '/data/redis')] })],
      volumes: [{ name: 'redis-storage', emptyDir: {} }],
    }),
  ],
  'pods/storage/pv-volume.yaml': [
    object(
      'v1',
      'PersistentVolume',
      'task-pv-volume',
      {
        spec: {
          storageClassName: 'manual',
          capacity: { storage: '10Gi' },
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: '/mnt/data' },
        },
      },
      { labels: { type: 'local' } },
    ),
  ],
  'pods/storage/pv-claim.yaml': [
    object('v1', 'PersistentVolumeClaim', 'task-pv-claim', {
      spec: { storageClassName: 'manual', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '3Gi' } } },
    }),
  ],
  'pods/storage/pv-pod.yaml': [
    pod('task-pv-pod', {
      volumes: [{ name: 'task-pv-storage', persistentVolumeClaim: { claimName: 'task-pv-claim' } }],
      containers: [
        container('task-pv-container', 'nginx', {
          ports: [{ containerPort: 80, name: 'http-server' }],
          volumeMounts: [mount('task-pv-storage', '/usr/share/nginx/html')],
        }),
      ],
    }),
  ],
  'pods/security/security-context.yaml': [
    pod('security-context-demo', {
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
      volumes: [{ name: 'sec-ctx-vol', emptyDir: {} }],
      containers: [
        container('sec-ctx-demo', 'busybox:1.28', {
          command: ['sh', '-c', 'sleep 1h'],
          volumeMounts: [mount('sec-ctx-vol', '/data/demo')],
          securityContext: { allowPrivilegeEscalation: false },
        }),
      ],
    }),
  ],
  'pods/security/security-context-2.yaml': [
    pod('security-context-demo-2', {
      securityContext: { runAsUser: 1000 },
      containers: [
        container('sec-ctx-demo-2', 'gcr.io/google-samples/hello-app:2.0', {
          securityContext: { runAsUser: 2000, allowPrivilegeEscalation: false },
        }),
      ],
    }),
  ],
}
