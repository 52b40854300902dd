/** The controller: a loop that pulls, applies what is in Git, and takes away what is no longer there. */
import type { AnyObject } from '#api/meta.ts'

export const NAME = 'gitops'

/** Applying is a patch of the API server's own kind; what carries the label and has no file is deleted. */
const LOOP = `API=https://$KUBERNETES_SERVICE_HOST
KEYS=/var/run/secrets/kubernetes.io/serviceaccount
TOKEN=$(cat $KEYS/token)
call() { curl -s --cacert $KEYS/ca.crt -H "Authorization: Bearer $TOKEN" "$@"; }
where() {
  case $1 in
    Deployment) echo $API/apis/apps/v1/namespaces/default/deployments ;;
    ConfigMap) echo $API/api/v1/namespaces/default/configmaps ;;
  esac
}

# What is in Git: a file and the address of its object, each.
read_files() {
  for file in *.yaml; do
    kind=$(sed -n 's/^kind: //p' $file)
    name=$(sed -n 's/^  name: //p' $file | head -1)
    echo "$file $(where $kind)/$name"
  done
}

apply() {
  answer=$(call -X PATCH -H 'Content-Type: application/apply-patch+yaml' --data-binary @$1 "$2?fieldManager=gitops&force=true")
  case $answer in *'"kind": "Status"'*) echo "$1 is refused: $answer" ;; esac
}

# Takes away what carries our label and has no file.
prune() {
  for kind in Deployment ConfigMap; do
    for name in $(call "$(where $kind)?labelSelector=managed-by%3Dgitops" | awk -F'"' '/^        "name":/ {print $4}'); do
      case $files in
        *"$(where $kind)/$name"*) ;;
        *) call -X DELETE $(where $kind)/$name > /dev/null && echo "$kind $name is no longer in Git" ;;
      esac
    done
  done
}

until git clone -q http://$GIT_SERVICE_HOST/shop.git /tmp/shop; do sleep 2; done
cd /tmp/shop
while true; do
  git pull -q --ff-only
  now=$(git rev-parse HEAD)
  [ "$now" = "$before" ] || files=$(read_files)
  set -- $files
  while [ $# -gt 0 ]; do
    apply $1 $2
    shift 2
  done
  if [ "$now" != "$before" ]; then
    prune
    git log -1 --format='in step with %h: %s'
    before=$now
  fi
  sleep 5
done
`

const subject = { kind: 'ServiceAccount', name: NAME, namespace: 'default' }
export const controller = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: NAME },
    rules: [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: NAME },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
    subjects: [subject],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME },
    spec: {
      selector: { matchLabels: { app: NAME } },
      template: {
        metadata: { labels: { app: NAME } },
        spec: {
          serviceAccountName: NAME,
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'loop', image: 'buildpack-deps:bookworm-scm', command: ['sh', '-c', LOOP] }],
        },
      },
    },
  },
] as unknown as AnyObject[]
