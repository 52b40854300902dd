/** StatefulSets and databases of the tutorials: Cassandra, ZooKeeper, WordPress with MySQL. */
import { container, type Examples, env, mount, object, service, workload } from './shapes.ts'

const app = (name: string) => ({ app: name })
const named = (ports: Record<string, number>) => ({
  ports: Object.entries(ports).map(([name, containerPort]) => ({ containerPort, name })),
})
const numbered = (ports: Record<string, number>) => Object.entries(ports).map(([name, port]) => ({ port, name }))
const claim = (storage: string, rest: object = {}) => ({
  accessModes: ['ReadWriteOnce'],
  ...rest,
  resources: { requests: { storage } },
})

const cassandra = container('cassandra', 'gcr.io/google-samples/cassandra:v13', {
  imagePullPolicy: 'Always',
  ...named({ 'intra-node': 7000, 'tls-intra-node': 7001, jmx: 7199, cql: 9042 }),
  resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '500m', memory: '1Gi' } },
  securityContext: { capabilities: { add: ['IPC_LOCK'] } },
  lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'nodetool drain'] } } },
  ...env({
    MAX_HEAP_SIZE: '512M',
    HEAP_NEWSIZE: '100M',
    CASSANDRA_SEEDS: 'cassandra-0.cassandra.default.svc.cluster.local',
    CASSANDRA_CLUSTER_NAME: 'K8Demo',
    CASSANDRA_DC: 'DC1-K8Demo',
    CASSANDRA_RACK: 'Rack1-K8Demo',
    POD_IP: { fieldRef: { fieldPath: 'status.podIP' } },
  }),
  readinessProbe: {
    exec: { command: ['/bin/bash', '-c', '/ready-probe.sh'] },
    initialDelaySeconds: 15,
    timeoutSeconds: 5,
  },
  volumeMounts: [mount('cassandra-data', '/cassandra_data')],
})

const probe = { exec: { command: ['sh', '-c', 'zookeeper-ready 2181'] }, initialDelaySeconds: 10, timeoutSeconds: 5 }
const START = [
  'start-zookeeper --servers=3 --data_dir=/var/lib/zookeeper/data --data_log_dir=/var/lib/zookeeper/data/log',
  '--conf_dir=/opt/zookeeper/conf --client_port=2181 --election_port=3888 --server_port=2888 --tick_time=2000 --init_limit=10',
  '--sync_limit=5 --heap=512M --max_client_cnxns=60 --snap_retain_count=3 --purge_interval=12 --max_session_timeout=40000',
  '--min_session_timeout=4000 --log_level=INFO',
].join(' ')
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['zk'] }] },
        topologyKey: 'kubernetes.io/hostname',
      },
    ],
  },
}
const zookeeper = container('kubernetes-zookeeper', 'registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10', {
  imagePullPolicy: 'Always',
  resources: { requests: { memory: '1Gi', cpu: '0.5' } },
  ...named({ client: 2181, server: 2888, 'leader-election': 3888 }),
  command: ['sh', '-c', START],
  readinessProbe: probe,
  livenessProbe: probe,
  volumeMounts: [mount('datadir', '/var/lib/zookeeper')],
})

const tier = (name: string) => ({ app: 'wordpress', tier: name })
const secret = { secretKeyRef: { name: 'mysql-pass', key: 'password' } }
const pvc = (name: string) => object('v1', 'PersistentVolumeClaim', name, { spec: claim('20Gi') }, { labels: app('wordpress') })
const recreated = (
  name: string,
  labels: Record<string, string>,
  made: Record<string, unknown>,
  volume: string,
  claimName: string,
) => ({
  ...workload('Deployment', name, labels, { strategy: { type: 'Recreate' } }, [made], {
    volumes: [{ name: volume, persistentVolumeClaim: { claimName } }],
  }),
  metadata: { name, labels: app('wordpress') },
})

export const stateful: Examples = {
  'application/cassandra/cassandra-service.yaml': [
    service('cassandra', { clusterIP: 'None', ports: [{ port: 9042 }], selector: app('cassandra') }, app('cassandra')),
  ],
  'application/cassandra/cassandra-statefulset.yaml': [
    {
      ...workload(
        'StatefulSet',
        'cassandra',
        app('cassandra'),
        {
          serviceName: 'cassandra',
          replicas: 3,
          volumeClaimTemplates: [{ metadata: { name: 'cassandra-data' }, spec: claim('1Gi', { storageClassName: 'fast' }) }],
        },
        [cassandra],
        { terminationGracePeriodSeconds: 500 },
      ),
      metadata: { name: 'cassandra', labels: app('cassandra') },
    },
    object('storage.k8s.io/v1', 'StorageClass', 'fast', {
      provisioner: 'k8s.io/minikube-hostpath',
      parameters: { type: 'pd-ssd' },
    }),
  ],
  'application/zookeeper/zookeeper.yaml': [
    service(
      'zk-hs',
      { ports: numbered({ server: 2888, 'leader-election': 3888 }), clusterIP: 'None', selector: app('zk') },
      app('zk'),
    ),
    service('zk-cs', { ports: numbered({ client: 2181 }), selector: app('zk') }, app('zk')),
    object('policy/v1', 'PodDisruptionBudget', 'zk-pdb', { spec: { selector: { matchLabels: app('zk') }, maxUnavailable: 1 } }),
    workload(
      'StatefulSet',
      'zk',
      app('zk'),
      {
        serviceName: 'zk-hs',
        replicas: 3,
        updateStrategy: { type: 'RollingUpdate' },
        podManagementPolicy: 'OrderedReady',
        volumeClaimTemplates: [{ metadata: { name: 'datadir' }, spec: claim('10Gi') }],
      },
      [zookeeper],
      { affinity: apart, securityContext: { runAsUser: 1000, fsGroup: 1000 } },
    ),
  ],
  'application/wordpress/mysql-deployment.yaml': [
    service('wordpress-mysql', { ports: [{ port: 3306 }], selector: tier('mysql'), clusterIP: 'None' }, app('wordpress')),
    pvc('mysql-pv-claim'),
    recreated(
      'wordpress-mysql',
      tier('mysql'),
      container('mysql', 'mysql:8.0', {
        ...env({ MYSQL_ROOT_PASSWORD: secret, MYSQL_DATABASE: 'wordpress', MYSQL_USER: 'wordpress', MYSQL_PASSWORD: secret }),
        ...named({ mysql: 3306 }),
        volumeMounts: [mount('mysql-persistent-storage', '/var/lib/mysql')],
      }),
      'mysql-persistent-storage',
      'mysql-pv-claim',
    ),
  ],
  'application/wordpress/wordpress-deployment.yaml': [
    service('wordpress', { ports: [{ port: 80 }], selector: tier('frontend'), type: 'LoadBalancer' }, app('wordpress')),
    pvc('wp-pv-claim'),
    recreated(
      'wordpress',
      tier('frontend'),
      container('wordpress', 'wordpress:6.2.1-apache', {
        ...env({ WORDPRESS_DB_HOST: 'wordpress-mysql', WORDPRESS_DB_PASSWORD: secret, WORDPRESS_DB_USER: 'wordpress' }),
        ...named({ wordpress: 80 }),
        volumeMounts: [mount('wordpress-persistent-storage', '/var/www/html')],
      }),
      'wordpress-persistent-storage',
      'wp-pv-claim',
    ),
  ],
}
