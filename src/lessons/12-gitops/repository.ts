/** What the team keeps in Git, and the server it lies on: a repository of one commit, behind a Service. */
import type { AnyObject } from '#api/meta.ts'

export const PORT = 30080

const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    managed-by: gitops
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: web
          image: nginx:1.27
`
const BANNER = `apiVersion: v1
kind: ConfigMap
metadata:
  name: banner
  labels:
    managed-by: gitops
data:
  text: Summer sale
`

const SEED = `git config --global user.name Team
git config --global user.email team@example.com
git init -q -b main /work
cd /work
cp -L /files/* .
git add .
git commit -q -m 'The shop as it is'
git clone -q --bare /work /repositories/shop.git
`

const labels = { app: 'git' }
export const repository = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first-commit' }, data: { 'shop.yaml': SHOP, 'banner.yaml': BANNER } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'git' },
    spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, nodePort: PORT }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'git' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [
            {
              name: 'first-commit',
              image: 'alpine/git:2.45.2',
              command: ['sh', '-c', SEED],
              volumeMounts: [
                { name: 'files', mountPath: '/files' },
                { name: 'repositories', mountPath: '/repositories' },
              ],
            },
          ],
          containers: [
            {
              name: 'server',
              image: 'cirocosta/gitserver-http',
              volumeMounts: [{ name: 'repositories', mountPath: '/var/lib/git' }],
            },
          ],
          volumes: [
            { name: 'files', configMap: { name: 'first-commit' } },
            { name: 'repositories', emptyDir: {} },
          ],
        },
      },
    },
  },
] as unknown as AnyObject[]
