/** Deployments, StatefulSets, Jobs and their Services: of the tutorials, and the tasks about running applications. */
import { container, deployment, type Examples, env, labelled, mount, object, ports, service, shell, workload } from './shapes.ts'

const nginx = (version: string) => container('nginx', `nginx:${version}`, ports(80))
const app = (name: string) => ({ app: name })
const redis = (role: string) => ({ app: 'redis', role, tier: 'backend' })
const small = { resources: { requests: { cpu: '100m', memory: '100Mi' } } }
const guestbook = { app: 'guestbook', tier: 'frontend' }
const web = (spec: object) => [
  service('nginx', { ports: [{ port: 80, name: 'web' }], clusterIP: 'None', selector: app('nginx') }, app('nginx')),
  {
    ...workload(
      'StatefulSet',
      'web',
      app('nginx'),
      {
        serviceName: 'nginx',
        replicas: 2,
        ...spec,
        volumeClaimTemplates: [
          { metadata: { name: 'www' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
        ],
      },
      [
        container('nginx', 'registry.k8s.io/nginx-slim:0.21', {
          ports: [{ containerPort: 80, name: 'web' }],
          volumeMounts: [mount('www', '/usr/share/nginx/html')],
        }),
      ],
    ),
  },
]
const hello = { 'app.kubernetes.io/name': 'load-balancer-example' }
const pi = container('pi', 'perl:5.34.0', { command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] })

export const workloads: Examples = {
  'application/deployment.yaml': [deployment('nginx-deployment', app('nginx'), 2, [nginx('1.14.2')])],
  'application/deployment-update.yaml': [deployment('nginx-deployment', app('nginx'), 2, [nginx('1.16.1')])],
  'application/deployment-scale.yaml': [deployment('nginx-deployment', app('nginx'), 4, [nginx('1.16.1')])],
  'application/simple_deployment.yaml': [
    workload('Deployment', 'nginx-deployment', app('nginx'), { minReadySeconds: 5 }, [nginx('1.14.2')]),
  ],
  'application/update_deployment.yaml': [workload('Deployment', 'nginx-deployment', app('nginx'), {}, [nginx('1.16.1')])],
  'application/nginx-app.yaml': [
    service('my-nginx-svc', { type: 'LoadBalancer', ports: [{ port: 80 }], selector: app('nginx') }, app('nginx')),
    labelled(deployment('my-nginx', app('nginx'), 3, [nginx('1.14.2')])),
  ],
  'controllers/nginx-deployment.yaml': [labelled(deployment('nginx-deployment', app('nginx'), 3, [nginx('1.14.2')]))],
  'controllers/frontend.yaml': [
    workload('ReplicaSet', 'frontend', { tier: 'frontend' }, { replicas: 3 }, [
      container('php-redis', 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5'),
    ]),
  ],
  'controllers/replication.yaml': [
    object('v1', 'ReplicationController', 'nginx', {
      spec: {
        replicas: 3,
        selector: app('nginx'),
        template: {
          metadata: { name: 'nginx', labels: app('nginx') },
          spec: { containers: [container('nginx', 'nginx', ports(80))] },
        },
      },
    }),
  ],
  'application/web/web.yaml': web({}),
  'application/web/web-parallel.yaml': web({ podManagementPolicy: 'Parallel' }),
  'application/guestbook/redis-leader-deployment.yaml': [
    labelled(
      deployment('redis-leader', redis('leader'), 1, [
        container('leader', 'docker.io/redis:6.0.5', { ...small, ...ports(6379) }),
      ]),
    ),
  ],
  'application/guestbook/redis-leader-service.yaml': [
    service('redis-leader', { ports: [{ port: 6379, targetPort: 6379 }], selector: redis('leader') }, redis('leader')),
  ],
  'application/guestbook/redis-follower-deployment.yaml': [
    labelled(
      deployment('redis-follower', redis('follower'), 2, [
        container('follower', 'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower:v2', {
          ...small,
          ...ports(6379),
        }),
      ]),
    ),
  ],
  'application/guestbook/redis-follower-service.yaml': [
    service('redis-follower', { ports: [{ port: 6379 }], selector: redis('follower') }, redis('follower')),
  ],
  'application/guestbook/frontend-deployment.yaml': [
    deployment('frontend', guestbook, 3, [
      container('php-redis', 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5', {
        ...env({ GET_HOSTS_FROM: 'dns' }),
        ...small,
        ...ports(80),
      }),
    ]),
  ],
  'application/guestbook/frontend-service.yaml': [service('frontend', { ports: [{ port: 80 }], selector: guestbook }, guestbook)],
  'service/load-balancer-example.yaml': [
    deployment('hello-world', hello, 5, [container('hello-world', 'gcr.io/google-samples/node-hello:1.0', ports(8080))]),
  ],
  'service/access/hello-application.yaml': [
    deployment('hello-world', { run: 'load-balancer-example' }, 2, [
      container('hello-world', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app:2.0', {
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
      }),
    ]),
  ],
  'service/networking/run-my-nginx.yaml': [
    deployment('my-nginx', { run: 'my-nginx' }, 2, [container('my-nginx', 'nginx', ports(80))]),
  ],
  'service/networking/nginx-svc.yaml': [
    service('my-nginx', { ports: [{ port: 80, protocol: 'TCP' }], selector: { run: 'my-nginx' } }, { run: 'my-nginx' }),
  ],
  'controllers/job.yaml': [
    object('batch/v1', 'Job', 'pi', {
      spec: { template: { spec: { containers: [pi], restartPolicy: 'Never' } }, backoffLimit: 4 },
    }),
  ],
  'application/job/cronjob.yaml': [
    object('batch/v1', 'CronJob', 'hello', {
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          spec: {
            template: {
              spec: {
                containers: [
                  container('hello', 'busybox:1.28', {
                    imagePullPolicy: 'IfNotPresent',
                    command: ['/bin/sh', '-c', 'date; echo Hello from the Kubernetes cluster'],
                  }),
                ],
                restartPolicy: 'OnFailure',
              },
            },
          },
        },
      },
    }),
  ],
  'application/job/job-tmpl.yaml': [
    object(
      'batch/v1',
      'Job',
      'process-item-$ITEM',
      {
        spec: {
          template: {
            metadata: { name: 'jobexample', labels: { jobgroup: 'jobexample' } },
            spec: {
              containers: [container('c', 'busybox:1.28', { command: ['sh', '-c', 'echo Processing item $ITEM && sleep 5'] })],
              restartPolicy: 'Never',
            },
          },
        },
      },
      { labels: { jobgroup: 'jobexample' } },
    ),
  ],
  'application/php-apache.yaml': [
    workload('Deployment', 'php-apache', { run: 'php-apache' }, {}, [
      container('php-apache', 'registry.k8s.io/hpa-example', {
        ...ports(80),
        resources: { limits: { cpu: '500m' }, requests: { cpu: '200m' } },
      }),
    ]),
    service('php-apache', { ports: [{ port: 80 }], selector: { run: 'php-apache' } }, { run: 'php-apache' }),
  ],
  'debug/counter-pod.yaml': [
    object('v1', 'Pod', 'counter', {
      spec: {
        containers: [
          container('count', 'busybox:1.28', {
            args: ['/bin/sh', '-c', 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done'],
          }),
        ],
      },
    }),
  ],
  'debug/termination.yaml': [
    object('v1', 'Pod', 'termination-demo', {
      spec: {
        containers: [
          container('termination-demo-container', 'debian', {
            command: ['/bin/sh'],
            args: ['-c', 'sleep 10 && echo Sleep expired > /dev/termination-log'],
          }),
        ],
      },
    }),
  ],
  'admin/dns/dnsutils.yaml': [
    object(
      'v1',
      'Pod',
      'dnsutils',
      {
        spec: {
          containers: [
            container('dnsutils', 'registry.k8s.io/e2e-test-images/agnhost:2.39', { imagePullPolicy: 'IfNotPresent' }),
          ],
          restartPolicy: 'Always',
        },
      },
      { namespace: 'default' },
    ),
  ],
  'pods/init-containers.yaml': [
    object('v1', 'Pod', 'init-demo', {
      spec: {
        containers: [container('nginx', 'nginx', { ...ports(80), volumeMounts: [mount('workdir', '/usr/share/nginx/html')] })],
        initContainers: [
          container('install', 'busybox:1.28', {
            ...shell('wget -O /work-dir/index.html http://info.cern.ch'),
            volumeMounts: [mount('workdir', '/work-dir')],
          }),
        ],
        dnsPolicy: 'Default',
        volumes: [{ name: 'workdir', emptyDir: {} }],
      },
    }),
  ],
}
