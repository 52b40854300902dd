/** The operator that the learner installs: a loop in a pod that turns Websites into Deployments, with its account and its rights. */
export const OPERATOR = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: website-operator
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: website-operator
rules:
  - apiGroups: [example.com]
    resources: [websites, websites/status]
    verbs: [get, list, patch]
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, create, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: website-operator
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: website-operator
subjects:
  - kind: ServiceAccount
    name: website-operator
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: website-operator
spec:
  selector:
    matchLabels:
      app: website-operator
  template:
    metadata:
      labels:
        app: website-operator
    spec:
      serviceAccountName: website-operator
      terminationGracePeriodSeconds: 1
      containers:
        - name: loop
          image: curlimages/curl:8.10.1
          command: [sh, -c]
          args:
            - |
              API=https://$KUBERNETES_SERVICE_HOST/apis
              DEPLOYMENTS=$API/apps/v1/namespaces/default/deployments
              WEBSITES=$API/example.com/v1/namespaces/default/websites
              KEYS=/var/run/secrets/kubernetes.io/serviceaccount
              call() { curl -s --cacert $KEYS/ca.crt -H "Authorization: Bearer $(cat $KEYS/token)" "$@"; }
              while true; do
                call $WEBSITES |
                awk -F'"' '/^        "name":/ {n=$4} /^        "uid":/ {u=$4} /^        "image":/ {print n, u, $4}' |
                while read name uid image; do
                  wanted='{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"'$name'","ownerReferences":[{"apiVersion":"example.com/v1","kind":"Website","name":"'$name'","uid":"'$uid'"}]},
                    "spec":{"replicas":2,"selector":{"matchLabels":{"website":"'$name'"}},"template":{"metadata":{"labels":{"website":"'$name'"}},
                    "spec":{"containers":[{"name":"web","image":"'$image'"}]}}}}'
                  is=$(call -X PATCH -H 'Content-Type: application/strategic-merge-patch+json' -d "$wanted" $DEPLOYMENTS/$name)
                  case $is in *'"NotFound"'*) is=$(call -X POST -H 'Content-Type: application/json' -d "$wanted" $DEPLOYMENTS) ;; esac
                  case $is in *'"readyReplicas": 2'*) phase=Ready ;; *) phase=Building ;; esac
                  call -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"status":{"phase":"'$phase'"}}' $WEBSITES/$name/status > /dev/null
                done
                sleep 5
              done
`
