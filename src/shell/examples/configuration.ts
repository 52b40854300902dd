/** ConfigMaps and Secrets, and the Pods that use them. */
import { container, type Examples, env, mount, object, pod } from './shapes.ts'

const key = (name: string, which: string) => ({ configMapKeyRef: { name, key: which } })
const configMap = (name: string, data: object) => object('v1', 'ConfigMap', name, { data })
const busybox = (command: string, rest: object) =>
  pod('dapi-test-pod', {
    containers: [container('test-container', 'registry.k8s.io/busybox:1.27.2', { command: ['/bin/sh', '-c', command], ...rest })],
    restartPolicy: 'Never',
  })
const withVolume = (command: string, volume: object) =>
  pod('dapi-test-pod', {
    containers: [
      container('test-container', 'registry.k8s.io/busybox:1.27.2', {
        command: ['/bin/sh', '-c', command],
        volumeMounts: [mount('config-volume', '/etc/config')],
      }),
    ],
    volumes: [{ name: 'config-volume', configMap: volume }],
    restartPolicy: 'Never',
  })

export const configuration: Examples = {
  'configmap/configmap-multikeys.yaml': [configMap('special-config', { SPECIAL_LEVEL: 'very', SPECIAL_TYPE: 'charm' })],
  'configmap/configmaps.yaml': [
    configMap('special-config', { 'special.how': 'very' }),
    configMap('env-config', { log_level: 'INFO' }),
  ],
  'pods/pod-configmap-envFrom.yaml': [busybox('env', { envFrom: [{ configMapRef: { name: 'special-config' } }] })],
  'pods/pod-multiple-configmap-env-variable.yaml': [
    busybox('env', env({ SPECIAL_LEVEL_KEY: key('special-config', 'special.how'), LOG_LEVEL: key('env-config', 'log_level') })),
  ],
  'pods/pod-configmap-env-var-valueFrom.yaml': [
    pod('dapi-test-pod', {
      containers: [
        container('test-container', 'registry.k8s.io/busybox:1.27.2', {
          command: ['/bin/echo', '$(SPECIAL_LEVEL_KEY) $(SPECIAL_TYPE_KEY)'],
          ...env({
            SPECIAL_LEVEL_KEY: key('special-config', 'SPECIAL_LEVEL'),
            SPECIAL_TYPE_KEY: key('special-config', 'SPECIAL_TYPE'),
          }),
        }),
      ],
      restartPolicy: 'Never',
    }),
  ],
  'pods/pod-configmap-volume.yaml': [withVolume('ls /etc/config/', { name: 'special-config' })],
  'pods/pod-configmap-volume-specific-key.yaml': [
    withVolume('cat /etc/config/keys', { name: 'special-config', items: [{ key: 'SPECIAL_LEVEL', path: 'keys' }] }),
  ],
  'pods/config/example-redis-config.yaml': [
    configMap('example-redis-config', { 'redis-config': 'maxmemory 2mb\nmaxmemory-policy allkeys-lru\n' }),
  ],
  'pods/config/redis-pod.yaml': [
    pod('redis', {
      containers: [
        container('redis', 'redis:8.0.2', {
          command: ['redis-server', '/redis-master/redis.conf'],
          ...env({ MASTER: 'true' }),
          ports: [{ containerPort: 6379 }],
          resources: { limits: { cpu: '0.1' } },
          volumeMounts: [mount('data', '/redis-master-data'), mount('config', '/redis-master')],
        }),
      ],
      volumes: [
        { name: 'data', emptyDir: {} },
        { name: 'config', configMap: { name: 'example-redis-config', items: [{ key: 'redis-config', path: 'redis.conf' }] } },
      ],
    }),
  ],
  'pods/inject/secret.yaml': [
    object('v1', 'Secret', 'test-secret', { data: { username: 'bXktYXBw', password: 'Mzk1MjgkdmRnN0pi' } }),
  ],
  'pods/inject/secret-pod.yaml': [
    pod('secret-test-pod', {
      containers: [
        container('test-container', 'nginx', {
          volumeMounts: [{ ...mount('secret-volume', '/etc/secret-volume'), readOnly: true }],
        }),
      ],
      volumes: [{ name: 'secret-volume', secret: { secretName: 'test-secret' } }],
    }),
  ],
  'pods/inject/pod-single-secret-env-variable.yaml': [
    pod('env-single-secret', {
      containers: [
        container('envars-test-container', 'nginx', {
          env: [{ name: 'SECRET_USERNAME', valueFrom: { secretKeyRef: { name: 'backend-user', key: 'backend-username' } } }],
        }),
      ],
    }),
  ],
}
