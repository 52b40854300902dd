/** Every served resource, in the order of discovery, packed. Written by scripts/catalogue.mjs. */
export const KINDS =
  `@ v1
bindings|Binding|N|c
componentstatuses|ComponentStatus|C|gl|cs
configmaps|ConfigMap|N|*|cm
endpoints|Endpoints|N|*|ep
events|Event|N|*|ev
limitranges|LimitRange|N|*|limits
namespaces|Namespace|C|cdglpuw|ns||finalize::u,status::gpu
nodes|Node|C|*|no||proxy:NodeProxyOptions:cdgpu,status::gpu
persistentvolumeclaims|PersistentVolumeClaim|N|*|pvc||status::gpu
persistentvolumes|PersistentVolume|C|*|pv||status::gpu
pods|Pod|N|*|po|all|attach:PodAttachOptions:cg,binding:Binding:c,ephemeralcontainers::gpu,eviction:policy/v1/Eviction:c,exec:PodExecOptions:cg,log::g,portforward:PodPortForwardOptions:cg,proxy:PodProxyOptions:cdgpu,resize::gpu,status::gpu
podtemplates|PodTemplate|N|*
replicationcontrollers|ReplicationController|N|*|rc|all|scale:autoscaling/v1/Scale:gpu,status::gpu
resourcequotas|ResourceQuota|N|*|quota||status::gpu
secrets|Secret|N|*
serviceaccounts|ServiceAccount|N|*|sa||token:authentication.k8s.io/v1/TokenRequest:c
services|Service|N|*|svc|all|proxy:ServiceProxyOptions:cdgpu,status::gpu
@apiregistration.k8s.io v1
apiservices|APIService|C|*||api-extensions|status::gpu
@apps v1
controllerrevisions|ControllerRevision|N|*
daemonsets|DaemonSet|N|*|ds|all|status::gpu
deployments|Deployment|N|*|deploy|all|scale:autoscaling/v1/Scale:gpu,status::gpu
replicasets|ReplicaSet|N|*|rs|all|scale:autoscaling/v1/Scale:gpu,status::gpu
statefulsets|StatefulSet|N|*|sts|all|scale:autoscaling/v1/Scale:gpu,status::gpu
@events.k8s.io v1
events|Event|N|*|ev
@authentication.k8s.io v1
selfsubjectreviews|SelfSubjectReview|C|c
tokenreviews|TokenReview|C|c
@authorization.k8s.io v1
localsubjectaccessreviews|LocalSubjectAccessReview|N|c
selfsubjectaccessreviews|SelfSubjectAccessReview|C|c
selfsubjectrulesreviews|SelfSubjectRulesReview|C|c
subjectaccessreviews|SubjectAccessReview|C|c
@autoscaling v2
horizontalpodautoscalers|HorizontalPodAutoscaler|N|*|hpa|all|status::gpu
@autoscaling v1
horizontalpodautoscalers|HorizontalPodAutoscaler|N|*|hpa|all|status::gpu
@batch v1
cronjobs|CronJob|N|*|cj|all|status::gpu
jobs|Job|N|*||all|status::gpu
@certificates.k8s.io v1
certificatesigningrequests|CertificateSigningRequest|C|*|csr||approval::gpu,status::gpu
@networking.k8s.io v1
ingressclasses|IngressClass|C|*
ingresses|Ingress|N|*|ing||status::gpu
ipaddresses|IPAddress|C|*|ip
networkpolicies|NetworkPolicy|N|*|netpol
servicecidrs|ServiceCIDR|C|*|||status::gpu
@policy v1
poddisruptionbudgets|PodDisruptionBudget|N|*|pdb||status::gpu
@rbac.authorization.k8s.io v1
clusterrolebindings|ClusterRoleBinding|C|*
clusterroles|ClusterRole|C|*
rolebindings|RoleBinding|N|*
roles|Role|N|*
@storage.k8s.io v1
csidrivers|CSIDriver|C|*
csinodes|CSINode|C|*
csistoragecapacities|CSIStorageCapacity|N|*
storageclasses|StorageClass|C|*|sc
volumeattachments|VolumeAttachment|C|*|||status::gpu
volumeattributesclasses|VolumeAttributesClass|C|*|vac
@admissionregistration.k8s.io v1
mutatingadmissionpolicies|MutatingAdmissionPolicy|C|*||api-extensions
mutatingadmissionpolicybindings|MutatingAdmissionPolicyBinding|C|*||api-extensions
mutatingwebhookconfigurations|MutatingWebhookConfiguration|C|*||api-extensions
validatingadmissionpolicies|ValidatingAdmissionPolicy|C|*||api-extensions|status::gpu
validatingadmissionpolicybindings|ValidatingAdmissionPolicyBinding|C|*||api-extensions
validatingwebhookconfigurations|ValidatingWebhookConfiguration|C|*||api-extensions
@apiextensions.k8s.io v1
customresourcedefinitions|CustomResourceDefinition|C|*|crd,crds|api-extensions|status::gpu
@scheduling.k8s.io v1
priorityclasses|PriorityClass|C|*|pc
@coordination.k8s.io v1
leases|Lease|N|*
@node.k8s.io v1
runtimeclasses|RuntimeClass|C|*
@discovery.k8s.io v1
endpointslices|EndpointSlice|N|*
@resource.k8s.io v1
deviceclasses|DeviceClass|C|*
resourceclaims|ResourceClaim|N|*|||status::gpu
resourceclaimtemplates|ResourceClaimTemplate|N|*
resourceslices|ResourceSlice|C|*
@flowcontrol.apiserver.k8s.io v1
flowschemas|FlowSchema|C|*|||status::gpu
prioritylevelconfigurations|PriorityLevelConfiguration|C|*|||status::gpu`
