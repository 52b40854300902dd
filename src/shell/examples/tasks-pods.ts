/** Single Pods of the tasks: affinity, probes, projected volumes, security, resizing, what is injected. */
import { container, type Examples, env, mount, object, pod, ports, shell } from './shapes.ts'

const disktype = [{ key: 'disktype', operator: 'In', values: ['ssd'] }]
const onSsd = (nodeAffinity: object) => [
  pod('nginx', {
    affinity: { nodeAffinity },
    containers: [container('nginx', 'nginx', { imagePullPolicy: 'IfNotPresent' })],
  }),
]
const HELLO = 'gcr.io/google-samples/hello-app:2.0'
const groups = (policy: object, image: string) => [
  pod('security-context-demo', {
    securityContext: { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000], ...policy },
    containers: [
      container('sec-ctx-demo', image, {
        command: ['sh', '-c', 'sleep 1h'],
        securityContext: { allowPrivilegeEscalation: false },
      }),
    ],
  }),
]
const both = (cpu: string, memory: string) => ({ limits: { cpu, memory }, requests: { cpu, memory } })
const dongles = (name: string, count: number) => [
  pod(name, {
    containers: [
      container(`${name}-ctr`, 'nginx', {
        resources: { requests: { 'example.com/dongle': count }, limits: { 'example.com/dongle': count } },
      }),
    ],
  }),
]
const artifact = (volumeMount: object) => [
  pod('image-volume', {
    containers: [
      container('shell', 'debian', {
        command: ['sleep', 'infinity'],
        volumeMounts: [{ ...mount('volume', '/volume'), ...volumeMount }],
      }),
    ],
    volumes: [{ name: 'volume', image: { reference: 'quay.io/crio/artifact:v2', pullPolicy: 'IfNotPresent' } }],
  }),
]
const resource = (resource: string, divisor?: string) => ({
  resourceFieldRef: { containerName: 'client-container', resource, ...(divisor ? { divisor } : {}) },
})
const ofContainer = (resource: string) => ({ resourceFieldRef: { containerName: 'test-container', resource } })
const small = {
  resources: { requests: { memory: '32Mi', cpu: '125m' }, limits: { memory: '64Mi', cpu: '250m' } },
}
const secretKey = (name: string, key: string) => ({ secretKeyRef: { name, key } })
const configKey = (name: string, key: string) => ({ configMapKeyRef: { name, key } })

const placed: Examples = {
  'pods/pod-nginx-required-affinity.yaml': onSsd({
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: disktype }] },
  }),
  'pods/pod-nginx-preferred-affinity.yaml': onSsd({
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: disktype } }],
  }),
  'pods/pod-nginx-specific-node.yaml': [
    pod('nginx', {
      nodeName: 'foo-node',
      containers: [container('nginx', 'nginx', { imagePullPolicy: 'IfNotPresent' })],
    }),
  ],
  'pods/resource/extended-resource-pod.yaml': dongles('extended-resource-demo', 3),
  'pods/resource/extended-resource-pod-2.yaml': dongles('extended-resource-demo-2', 2),
  'service/networking/hostaliases-pod.yaml': [
    pod('hostaliases-pod', {
      restartPolicy: 'Never',
      hostAliases: [
        { ip: '127.0.0.1', hostnames: ['foo.local', 'bar.local'] },
        { ip: '10.1.2.3', hostnames: ['foo.remote', 'bar.remote'] },
      ],
      containers: [container('cat-hosts', 'busybox:1.28', { command: ['cat'], args: ['/etc/hosts'] })],
    }),
  ],
}

const secured: Examples = {
  'pods/security/security-context-3.yaml': [pod('security-context-demo-3', { containers: [container('sec-ctx-3', HELLO)] })],
  'pods/security/security-context-4.yaml': [
    pod('security-context-demo-4', {
      containers: [container('sec-ctx-4', HELLO, { securityContext: { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } } })],
    }),
  ],
  'pods/security/security-context-5.yaml': groups({}, 'registry.k8s.io/e2e-test-images/agnhost:2.45'),
  'pods/security/security-context-6.yaml': groups(
    { supplementalGroupsPolicy: 'Strict' },
    'registry.k8s.io/e2e-test-images/agnhost:2.45',
  ),
  'pods/pod-projected-svc-token.yaml': [
    pod('nginx', {
      containers: [container('nginx', 'nginx', { volumeMounts: [mount('vault-token', '/var/run/secrets/tokens')] })],
      serviceAccountName: 'build-robot',
      volumes: [
        {
          name: 'vault-token',
          projected: {
            sources: [{ serviceAccountToken: { path: 'vault-token', expirationSeconds: 7200, audience: 'vault' } }],
          },
        },
      ],
    }),
  ],
  'pods/private-reg-pod.yaml': [
    pod('private-reg', {
      containers: [container('private-reg-container', '<your-private-image>')],
      imagePullSecrets: [{ name: 'regcred' }],
    }),
  ],
  'pods/share-process-namespace.yaml': [
    pod('nginx', {
      shareProcessNamespace: true,
      containers: [
        container('nginx', 'nginx'),
        container('shell', 'busybox:1.28', {
          command: ['sleep', '3600'],
          securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
          stdin: true,
          tty: true,
        }),
      ],
    }),
  ],
}

const sized: Examples = {
  'pods/qos/qos-pod-5.yaml': [
    pod(
      'qos-demo-5',
      { containers: [container('qos-demo-ctr-5', 'nginx', { resources: both('700m', '200Mi') })] },
      { namespace: 'qos-example' },
    ),
  ],
  'pods/resource/pod-resize.yaml': [
    pod('resize-demo', {
      containers: [
        container('pause', 'registry.k8s.io/pause:3.8', {
          resizePolicy: [
            { resourceName: 'cpu', restartPolicy: 'NotRequired' },
            { resourceName: 'memory', restartPolicy: 'RestartContainer' },
          ],
          resources: both('700m', '200Mi'),
        }),
      ],
    }),
  ],
  'pods/resource/pod-level-memory-request-limit.yaml': [
    pod(
      'memory-demo',
      {
        resources: { requests: { memory: '100Mi' }, limits: { memory: '200Mi' } },
        containers: [
          container('memory-demo-ctr', 'nginx', {
            command: ['stress'],
            args: ['--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'],
          }),
        ],
      },
      { namespace: 'pod-resources-example' },
    ),
  ],
  'pods/resource/pod-level-cpu-request-limit.yaml': [
    pod(
      'cpu-demo',
      {
        resources: { limits: { cpu: '1' }, requests: { cpu: '0.5' } },
        containers: [container('cpu-demo-ctr', 'vish/stress', { args: ['-cpus', '2'] })],
      },
      { namespace: 'pod-resources-example' },
    ),
  ],
  'pods/resource/pod-level-resources.yaml': [
    pod(
      'pod-resources-demo',
      {
        resources: { limits: { cpu: '1', memory: '200Mi' }, requests: { cpu: '1', memory: '100Mi' } },
        containers: [
          container('pod-resources-demo-ctr-1', 'nginx', {
            resources: { limits: { cpu: '0.5', memory: '100Mi' }, requests: { cpu: '0.5', memory: '50Mi' } },
          }),
          container('pod-resources-demo-ctr-2', 'fedora', { command: ['sleep', 'inf'] }),
        ],
      },
      { namespace: 'pod-resources-example' },
    ),
  ],
}

const injected: Examples = {
  'pods/inject/secret-envars-pod.yaml': [
    pod('secret-envars-test-pod', {
      containers: [
        container('envars-test-container', 'nginx', {
          ...env({
            SECRET_USERNAME: secretKey('test-secret', 'username'),
            SECRET_PASSWORD: secretKey('test-secret', 'password'),
          }),
        }),
      ],
    }),
  ],
  'pods/inject/pod-multiple-secret-env-variable.yaml': [
    pod('envvars-multiple-secrets', {
      containers: [
        container('envars-test-container', 'nginx', {
          ...env({
            BACKEND_USERNAME: secretKey('backend-user', 'backend-username'),
            DB_USERNAME: secretKey('db-user', 'db-username'),
          }),
        }),
      ],
    }),
  ],
  'pods/inject/pod-secret-envFrom.yaml': [
    pod('envfrom-secret', {
      containers: [container('envars-test-container', 'nginx', { envFrom: [{ secretRef: { name: 'test-secret' } }] })],
    }),
  ],
  'pods/inject/dapi-envars-container.yaml': [
    pod('dapi-envars-resourcefieldref', {
      containers: [
        container('test-container', 'registry.k8s.io/busybox:1.27.2', {
          command: ['sh', '-c'],
          args: [
            "while true; do echo -en '\\n'; printenv MY_CPU_REQUEST MY_CPU_LIMIT; printenv MY_MEM_REQUEST MY_MEM_LIMIT; sleep 10; done;",
          ],
          ...small,
          ...env({
            MY_CPU_REQUEST: ofContainer('requests.cpu'),
            MY_CPU_LIMIT: ofContainer('limits.cpu'),
            MY_MEM_REQUEST: ofContainer('requests.memory'),
            MY_MEM_LIMIT: ofContainer('limits.memory'),
          }),
        }),
      ],
      restartPolicy: 'Never',
    }),
  ],
  'pods/inject/dapi-volume-resources.yaml': [
    pod('kubernetes-downwardapi-volume-example-2', {
      containers: [
        container('client-container', 'registry.k8s.io/busybox:1.27.2', {
          command: ['sh', '-c'],
          args: [
            "while true; do echo -en '\\n'; for f in cpu_limit cpu_request mem_limit mem_request; do if [[ -e /etc/podinfo/$f ]]; then echo -en '\\n'; cat /etc/podinfo/$f; fi; done; sleep 5; done;",
          ],
          ...small,
          volumeMounts: [mount('podinfo', '/etc/podinfo')],
        }),
      ],
      volumes: [
        {
          name: 'podinfo',
          downwardAPI: {
            items: [
              { path: 'cpu_limit', ...resource('limits.cpu', '1m') },
              { path: 'cpu_request', ...resource('requests.cpu', '1m') },
              { path: 'mem_limit', ...resource('limits.memory', '1Mi') },
              { path: 'mem_request', ...resource('requests.memory', '1Mi') },
            ],
          },
        },
      ],
    }),
  ],
  'pods/inject/envars-file-container.yaml': [
    pod('envfile-test-pod', {
      initContainers: [
        container('setup-envfile', 'nginx', {
          command: ['sh', '-c', "echo \"DB_ADDRESS='address'\nREST_ENDPOINT='endpoint'\" > /data/config.env"],
          volumeMounts: [mount('config', '/data')],
        }),
      ],
      containers: [
        container('use-envfile', 'nginx', {
          command: ['/bin/sh', '-c', 'env'],
          ...env({
            DB_ADDRESS: { fileKeyRef: { path: 'config.env', volumeName: 'config', key: 'DB_ADDRESS', optional: false } },
          }),
        }),
      ],
      restartPolicy: 'Never',
      volumes: [{ name: 'config', emptyDir: {} }],
    }),
  ],
  'pods/pod-single-configmap-env-variable.yaml': [
    pod('dapi-test-pod', {
      containers: [
        container('test-container', 'registry.k8s.io/busybox:1.27.2', {
          command: ['/bin/sh', '-c', 'env'],
          ...env({ SPECIAL_LEVEL_KEY: configKey('special-config', 'special.how') }),
        }),
      ],
      restartPolicy: 'Never',
    }),
  ],
}

export const taskPods: Examples = {
  ...placed,
  ...secured,
  ...sized,
  ...injected,
  'pods/probe/grpc-liveness.yaml': [
    pod('etcd-with-grpc', {
      containers: [
        container('etcd', 'registry.k8s.io/etcd:3.5.1-0', {
          command: [
            '/usr/local/bin/etcd',
            '--data-dir',
            '/var/lib/etcd',
            '--listen-client-urls',
            'http://0.0.0.0:2379',
            '--advertise-client-urls',
            'http://127.0.0.1:2379',
            '--log-level',
            'debug',
          ],
          ...ports(2379),
          livenessProbe: { grpc: { port: 2379 }, initialDelaySeconds: 10 },
        }),
      ],
    }),
  ],
  'pods/storage/projected.yaml': [
    pod('test-projected-volume', {
      containers: [
        container('test-projected-volume', 'busybox:1.28', {
          args: ['sleep', '86400'],
          volumeMounts: [{ ...mount('all-in-one', '/projected-volume'), readOnly: true }],
        }),
      ],
      volumes: [{ name: 'all-in-one', projected: { sources: [{ secret: { name: 'user' } }, { secret: { name: 'pass' } }] } }],
    }),
  ],
  'pods/image-volumes.yaml': artifact({}),
  'pods/image-volumes-subpath.yaml': artifact({ subPath: 'dir' }),
  'admin/logging/two-files-counter-pod.yaml': [
    pod('counter', {
      containers: [
        container('count', 'busybox:1.28', {
          ...shell(
            'i=0; while true; do echo "$i: $(date)" >> /var/log/1.log; echo "$(date) INFO $i" >> /var/log/2.log; i=$((i+1)); sleep 1; done',
          ),
          volumeMounts: [mount('varlog', '/var/log')],
        }),
      ],
      volumes: [{ name: 'varlog', emptyDir: {} }],
    }),
  ],
  'policy/zookeeper-pod-disruption-budget-minavailable.yaml': [
    object('policy/v1', 'PodDisruptionBudget', 'zk-pdb', {
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'zookeeper' } } },
    }),
  ],
  'policy/zookeeper-pod-disruption-budget-maxunavailable.yaml': [
    object('policy/v1', 'PodDisruptionBudget', 'zk-pdb', {
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'zookeeper' } } },
    }),
  ],
}
