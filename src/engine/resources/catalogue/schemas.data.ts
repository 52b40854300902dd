/** The definitions of the published OpenAPI, packed. Written by scripts/catalogue.mjs. */
export const SCHEMAS =
  `@io.k8s.api.admissionregistration.v1 admissionregistration.k8s.io/v1
ApplyConfiguration expression:s
AuditAnnotation key*:!s valueExpression*:!s
ExpressionWarning fieldRef*:!s warning*:!s
JSONPatch expression:s
MatchCondition name*:!s expression*:!s
MatchResources@a excludeResourceRules:[NamedRuleWithOperations;a matchPolicy:&s<Equivalent|Exact>'MatchPolicyType namespaceSelector:&22.LabelSelector objectSelector:&22.LabelSelector resourceRules:[NamedRuleWithOperations;a
MutatingAdmissionPolicy^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingList^ items*:![MutatingAdmissionPolicyBinding apiVersion:s kind:s metadata:!22.ListMeta
MutatingAdmissionPolicyBindingSpec matchResources:&MatchResources paramRef:&ParamRef policyName:s
MutatingAdmissionPolicyList^ items*:![MutatingAdmissionPolicy apiVersion:s kind:s metadata:!22.ListMeta
MutatingAdmissionPolicySpec failurePolicy:&s<Fail|Ignore>'FailurePolicyType matchConditions:[MatchCondition;Mname matchConstraints:&MatchResources mutations:[Mutation;a paramKind:&ParamKind reinvocationPolicy:s<IfNeeded|Never>'ReinvocationPolicyType variables:[Variable;a
MutatingWebhook name*:!s clientConfig*:!WebhookClientConfig sideEffects*:&!s<None|NoneOnDryRun|Some|Unknown>'SideEffectClass admissionReviewVersions*:![s;a failurePolicy:&s<Fail|Ignore>'FailurePolicyType matchConditions:[MatchCondition;Mname matchPolicy:&s<Equivalent|Exact>'MatchPolicyType namespaceSelector:&22.LabelSelector objectSelector:&22.LabelSelector reinvocationPolicy:&s<IfNeeded|Never>'ReinvocationPolicyType rules:[RuleWithOperations;a timeoutSeconds:&i
MutatingWebhookConfiguration^ apiVersion:s kind:s metadata:!22.ObjectMeta webhooks:[MutatingWebhook;Mname
MutatingWebhookConfigurationList^ items*:![MutatingWebhookConfiguration apiVersion:s kind:s metadata:!22.ListMeta
Mutation patchType*:!s<ApplyConfiguration|JSONPatch>'PatchType applyConfiguration:&ApplyConfiguration jsonPatch:&JSONPatch
NamedRuleWithOperations@a apiGroups:[s;a>RuleWithOperations.Rule apiVersions:[s;a>RuleWithOperations.Rule operations:[s<*|CONNECT|CREATE|DELETE|UPDATE>'OperationType;a>RuleWithOperations resourceNames:[s;a resources:[s;a>RuleWithOperations.Rule scope:&s<*|Cluster|Namespaced>'ScopeType>RuleWithOperations.Rule
ParamKind@a apiVersion:s kind:s
ParamRef@a name:s namespace:s parameterNotFoundAction:&s'ParameterNotFoundActionType selector:&22.LabelSelector
RuleWithOperations apiGroups:[s;a>Rule apiVersions:[s;a>Rule operations:[s<*|CONNECT|CREATE|DELETE|UPDATE>'OperationType;a resources:[s;a>Rule scope:&s<*|Cluster|Namespaced>'ScopeType>Rule
ServiceReference namespace*:!s name*:!s path:&s port:&i
TypeChecking expressionWarnings:[ExpressionWarning;a
ValidatingAdmissionPolicy^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ValidatingAdmissionPolicySpec status:!ValidatingAdmissionPolicyStatus
ValidatingAdmissionPolicyBinding^ spec*:!ValidatingAdmissionPolicyBindingSpec apiVersion:s kind:s metadata:!22.ObjectMeta
ValidatingAdmissionPolicyBindingList^ items*:![ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:!22.ListMeta
ValidatingAdmissionPolicyBindingSpec policyName*:s validationActions*:[s<Audit|Deny|Warn>'ValidationAction;s matchResources:&MatchResources paramRef:&ParamRef
ValidatingAdmissionPolicyList^ items*:![ValidatingAdmissionPolicy apiVersion:s kind:s metadata:!22.ListMeta
ValidatingAdmissionPolicySpec auditAnnotations:[AuditAnnotation;a failurePolicy:&s<Fail|Ignore>'FailurePolicyType matchConditions:[MatchCondition;Mname matchConstraints:&MatchResources paramKind:&ParamKind validations:[Validation;a variables:[Variable;Mname
ValidatingAdmissionPolicyStatus conditions:[22.Condition;mtype observedGeneration:l typeChecking:&TypeChecking
ValidatingWebhook name*:!s clientConfig*:!WebhookClientConfig sideEffects*:&!s<None|NoneOnDryRun|Some|Unknown>'SideEffectClass admissionReviewVersions*:![s;a failurePolicy:&s<Fail|Ignore>'FailurePolicyType matchConditions:[MatchCondition;Mname matchPolicy:&s<Equivalent|Exact>'MatchPolicyType namespaceSelector:&22.LabelSelector objectSelector:&22.LabelSelector rules:[RuleWithOperations;a timeoutSeconds:&i
ValidatingWebhookConfiguration^ apiVersion:s kind:s metadata:!22.ObjectMeta webhooks:[ValidatingWebhook;Mname
ValidatingWebhookConfigurationList^ items*:![ValidatingWebhookConfiguration apiVersion:s kind:s metadata:!22.ListMeta
Validation expression*:!s message:s messageExpression:s reason:&s'StatusReason
Variable@a name*:!s expression*:!s
WebhookClientConfig caBundle:y service:&ServiceReference url:&s
@io.k8s.api.apps.v1 apps/v1
ControllerRevision^ revision*:!l apiVersion:s data:!23.RawExtension kind:s metadata:!22.ObjectMeta
ControllerRevisionList^ items*:![ControllerRevision apiVersion:s kind:s metadata:!22.ListMeta
DaemonSet^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!DaemonSetSpec status:!DaemonSetStatus
DaemonSetCondition type*:!s'DaemonSetConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
DaemonSetList^ items*:![DaemonSet apiVersion:s kind:s metadata:!22.ListMeta
DaemonSetSpec selector*:&!22.LabelSelector template*:!9.PodTemplateSpec minReadySeconds:i revisionHistoryLimit:&i updateStrategy:!DaemonSetUpdateStrategy
DaemonSetStatus currentNumberScheduled*:!i numberMisscheduled*:!i desiredNumberScheduled*:!i numberReady*:!i collisionCount:&i conditions:[DaemonSetCondition;Mtype numberAvailable:i numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
DaemonSetUpdateStrategy rollingUpdate:&RollingUpdateDaemonSet type:s<OnDelete|RollingUpdate>'DaemonSetUpdateStrategyType
Deployment^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!DeploymentSpec status:!DeploymentStatus
DeploymentCondition type*:!s'DeploymentConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time lastUpdateTime:!22.Time message:s reason:s
DeploymentList^ items*:![Deployment apiVersion:s kind:s metadata:!22.ListMeta
DeploymentSpec selector*:&!22.LabelSelector template*:!9.PodTemplateSpec minReadySeconds:i paused:b progressDeadlineSeconds:&i replicas:&i revisionHistoryLimit:&i strategy:!DeploymentStrategy%retainKeys
DeploymentStatus availableReplicas:i collisionCount:&i conditions:[DeploymentCondition;Mtype observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:&i unavailableReplicas:i updatedReplicas:i
DeploymentStrategy rollingUpdate:&RollingUpdateDeployment type:s<Recreate|RollingUpdate>'DeploymentStrategyType
ReplicaSet^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ReplicaSetSpec status:!ReplicaSetStatus
ReplicaSetCondition type*:!s'ReplicaSetConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
ReplicaSetList^ items*:![ReplicaSet apiVersion:s kind:s metadata:!22.ListMeta
ReplicaSetSpec selector*:&!22.LabelSelector minReadySeconds:i replicas:&i template:!9.PodTemplateSpec
ReplicaSetStatus replicas*:!i availableReplicas:i conditions:[ReplicaSetCondition;Mtype fullyLabeledReplicas:i observedGeneration:l readyReplicas:i terminatingReplicas:&i
RollingUpdateDaemonSet maxSurge:&24.IntOrString maxUnavailable:&24.IntOrString
RollingUpdateDeployment maxSurge:&24.IntOrString maxUnavailable:&24.IntOrString
RollingUpdateStatefulSetStrategy maxUnavailable:&24.IntOrString partition:&i
StatefulSet^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!StatefulSetSpec status:!StatefulSetStatus
StatefulSetCondition type*:!s'StatefulSetConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
StatefulSetList^ items*:![StatefulSet apiVersion:s kind:s metadata:!22.ListMeta
StatefulSetOrdinals start:!i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s'PersistentVolumeClaimRetentionPolicyType whenScaled:s'PersistentVolumeClaimRetentionPolicyType
StatefulSetSpec selector*:&!22.LabelSelector template*:!9.PodTemplateSpec minReadySeconds:i ordinals:&StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:&StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s<OrderedReady|Parallel>'PodManagementPolicyType replicas:&i revisionHistoryLimit:&i serviceName:!s updateStrategy:!StatefulSetUpdateStrategy volumeClaimTemplates:[9.PersistentVolumeClaim;a
StatefulSetStatus replicas*:!i availableReplicas:!i collisionCount:&i conditions:[StatefulSetCondition;Mtype currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i updateRevision:s updatedReplicas:i
StatefulSetUpdateStrategy rollingUpdate:&RollingUpdateStatefulSetStrategy type:s<OnDelete|RollingUpdate>'StatefulSetUpdateStrategyType
@io.k8s.api.authentication.v1 authentication.k8s.io/v1
BoundObjectReference apiVersion:s kind:s name:s uid:s'types.UID
SelfSubjectReview^ apiVersion:s kind:s metadata:!22.ObjectMeta status:!SelfSubjectReviewStatus
SelfSubjectReviewStatus userInfo:!UserInfo
TokenRequest^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!TokenRequestSpec status:!TokenRequestStatus
TokenRequestSpec audiences:![s;a boundObjectRef:&!BoundObjectReference expirationSeconds:&!l
TokenRequestStatus expirationTimestamp:!22.Time token:!s
TokenReview^ spec*:!TokenReviewSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!TokenReviewStatus
TokenReviewSpec token*:s audiences:[s;a
TokenReviewStatus audiences:[s;a authenticated:b error:s user:!UserInfo
UserInfo extra:{['ExtraValue's groups:[s;a uid:s username:s
@io.k8s.api.authorization.v1 authorization.k8s.io/v1
FieldSelectorAttributes rawSelector:s requirements:[22.FieldSelectorRequirement;a
LabelSelectorAttributes rawSelector:s requirements:[22.LabelSelectorRequirement;a
LocalSubjectAccessReview^ spec*:!SubjectAccessReviewSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!SubjectAccessReviewStatus
NonResourceAttributes path:s verb:s
NonResourceRule verbs*:![s;a nonResourceURLs:[s;a
ResourceAttributes fieldSelector:&FieldSelectorAttributes group:s labelSelector:&LabelSelectorAttributes name:s namespace:s resource:s subresource:s verb:s version:s
ResourceRule verbs*:![s;a apiGroups:[s;a resourceNames:[s;a resources:[s;a
SelfSubjectAccessReview^ spec*:!SelfSubjectAccessReviewSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec nonResourceAttributes:&NonResourceAttributes resourceAttributes:&ResourceAttributes
SelfSubjectRulesReview^ spec*:!SelfSubjectRulesReviewSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec namespace:s
SubjectAccessReview^ spec*:!SubjectAccessReviewSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!SubjectAccessReviewStatus
SubjectAccessReviewSpec extra:{['ExtraValue's groups:[s;a nonResourceAttributes:&NonResourceAttributes resourceAttributes:&ResourceAttributes uid:s user:s
SubjectAccessReviewStatus allowed*:!b denied:b evaluationError:s reason:s
SubjectRulesReviewStatus resourceRules*:![ResourceRule;a nonResourceRules*:![NonResourceRule;a incomplete*:!b evaluationError:s
@io.k8s.api.autoscaling.v1 autoscaling/v1
CrossVersionObjectReference@a kind*:!s name*:!s apiVersion:s
HorizontalPodAutoscaler^ spec*:!HorizontalPodAutoscalerSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerList^ items*:![HorizontalPodAutoscaler apiVersion:s kind:s metadata:!22.ListMeta
HorizontalPodAutoscalerSpec scaleTargetRef*:!CrossVersionObjectReference maxReplicas*:!i minReplicas:&i targetCPUUtilizationPercentage:&i
HorizontalPodAutoscalerStatus currentReplicas*:!i desiredReplicas*:!i currentCPUUtilizationPercentage:&i lastScaleTime:&22.Time observedGeneration:&l
Scale^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ScaleSpec status:!ScaleStatus
ScaleSpec replicas:i=0
ScaleStatus replicas*:!i selector:s
@io.k8s.api.autoscaling.v2 autoscaling/v2
ContainerResourceMetricSource name*:!s'v1.ResourceName target*:!MetricTarget container*:!s
ContainerResourceMetricStatus name*:!s'v1.ResourceName current*:!MetricValueStatus container*:!s
CrossVersionObjectReference kind*:!s name*:!s apiVersion:s
ExternalMetricSource metric*:!MetricIdentifier target*:!MetricTarget
ExternalMetricStatus metric*:!MetricIdentifier current*:!MetricValueStatus
HPAScalingPolicy type*:!s'HPAScalingPolicyType value*:!i periodSeconds*:!i
HPAScalingRules policies:[HPAScalingPolicy;a selectPolicy:&s'ScalingPolicySelect stabilizationWindowSeconds:&i tolerance:&21.Quantity
HorizontalPodAutoscaler^ spec*:!HorizontalPodAutoscalerSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior scaleDown:&HPAScalingRules scaleUp:&HPAScalingRules
HorizontalPodAutoscalerCondition type*:!s'HorizontalPodAutoscalerConditionType status*:!s'v1.ConditionStatus lastTransitionTime:!22.Time message:s reason:s
HorizontalPodAutoscalerList^ items*:![HorizontalPodAutoscaler apiVersion:s kind:s metadata:!22.ListMeta
HorizontalPodAutoscalerSpec scaleTargetRef*:!CrossVersionObjectReference maxReplicas*:!i behavior:&HorizontalPodAutoscalerBehavior metrics:[MetricSpec;a minReplicas:&i
HorizontalPodAutoscalerStatus desiredReplicas*:!i conditions:[HorizontalPodAutoscalerCondition;Mtype currentMetrics:![MetricStatus;a currentReplicas:i lastScaleTime:&22.Time observedGeneration:&l
MetricIdentifier name*:!s selector:&22.LabelSelector
MetricSpec type*:!s'MetricSourceType containerResource:&ContainerResourceMetricSource external:&ExternalMetricSource object:&ObjectMetricSource pods:&PodsMetricSource resource:&ResourceMetricSource
MetricStatus type*:!s'MetricSourceType containerResource:&ContainerResourceMetricStatus external:&ExternalMetricStatus object:&ObjectMetricStatus pods:&PodsMetricStatus resource:&ResourceMetricStatus
MetricTarget type*:!s'MetricTargetType averageUtilization:&i averageValue:&21.Quantity value:&21.Quantity
MetricValueStatus averageUtilization:&i averageValue:&21.Quantity value:&21.Quantity
ObjectMetricSource describedObject*:!CrossVersionObjectReference target*:!MetricTarget metric*:!MetricIdentifier
ObjectMetricStatus metric*:!MetricIdentifier current*:!MetricValueStatus describedObject*:!CrossVersionObjectReference
PodsMetricSource metric*:!MetricIdentifier target*:!MetricTarget
PodsMetricStatus metric*:!MetricIdentifier current*:!MetricValueStatus
ResourceMetricSource name*:!s'v1.ResourceName target*:!MetricTarget
ResourceMetricStatus name*:!s'v1.ResourceName current*:!MetricValueStatus
@io.k8s.api.batch.v1 batch/v1
CronJob^ spec*:!CronJobSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!CronJobStatus
CronJobList^ items*:![CronJob apiVersion:s kind:s metadata:!22.ListMeta
CronJobSpec schedule*:!s jobTemplate*:!JobTemplateSpec concurrencyPolicy:s<Allow|Forbid|Replace>'ConcurrencyPolicy failedJobsHistoryLimit:&i startingDeadlineSeconds:&l successfulJobsHistoryLimit:&i suspend:&b timeZone:&s
CronJobStatus active:[9.ObjectReference;a lastScheduleTime:&22.Time lastSuccessfulTime:&22.Time
Job^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!JobSpec status:!JobStatus
JobCondition type*:!s'JobConditionType status*:!s'ConditionStatus lastProbeTime:!22.Time lastTransitionTime:!22.Time message:s reason:s
JobList^ items*:![Job apiVersion:s kind:s metadata:!22.ListMeta
JobSpec template*:!9.PodTemplateSpec activeDeadlineSeconds:&l backoffLimit:&i backoffLimitPerIndex:&i completionMode:&s<Indexed|NonIndexed>'CompletionMode completions:&i managedBy:&s manualSelector:&b maxFailedIndexes:&i parallelism:&i podFailurePolicy:&PodFailurePolicy podReplacementPolicy:&s<Failed|TerminatingOrFailed>'PodReplacementPolicy selector:&22.LabelSelector successPolicy:&SuccessPolicy suspend:&b ttlSecondsAfterFinished:&i
JobStatus active:i completedIndexes:s completionTime:&22.Time conditions:[JobCondition;a%merge$type failed:i failedIndexes:&s ready:&i startTime:&22.Time succeeded:i terminating:&i uncountedTerminatedPods:&UncountedTerminatedPods
JobTemplateSpec metadata:!22.ObjectMeta spec:!JobSpec
PodFailurePolicy rules*:![PodFailurePolicyRule;a
PodFailurePolicyOnExitCodesRequirement operator*:!s<In|NotIn>'PodFailurePolicyOnExitCodesOperator values*:![i;s containerName:&s
PodFailurePolicyOnPodConditionsPattern type*:!s'PodConditionType status:!s'ConditionStatus
PodFailurePolicyRule action*:!s<Count|FailIndex|FailJob|Ignore>'PodFailurePolicyAction onExitCodes:&PodFailurePolicyOnExitCodesRequirement onPodConditions:[PodFailurePolicyOnPodConditionsPattern;a
SuccessPolicy rules*:![SuccessPolicyRule;a
SuccessPolicyRule succeededCount:&i succeededIndexes:&s
UncountedTerminatedPods failed:[s'types.UID;s succeeded:[s'types.UID;s
@io.k8s.api.certificates.v1 certificates.k8s.io/v1
CertificateSigningRequest^ spec*:!CertificateSigningRequestSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!CertificateSigningRequestStatus
CertificateSigningRequestCondition type*:!s'RequestConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time lastUpdateTime:!22.Time message:s reason:s
CertificateSigningRequestList^ items*:![CertificateSigningRequest apiVersion:s kind:s metadata:!22.ListMeta
CertificateSigningRequestSpec request*:!y signerName*:!s expirationSeconds:&i extra:{['ExtraValue's groups:[s;a uid:s usages:[s<any|cert~sign|client~auth|code~signing|content~commitment|crl~sign|data~encipherment|decipher~only|digital~signature|email~protection|encipher~only|ipsec~end~system|ipsec~tunnel|ipsec~user|key~agreement|key~encipherment|microsoft~sgc|netscape~sgc|ocsp~signing|s/mime|server~auth|signing|timestamping>'KeyUsage;a username:s
CertificateSigningRequestStatus certificate:y conditions:[CertificateSigningRequestCondition;mtype
@io.k8s.api.coordination.v1 coordination.k8s.io/v1
Lease^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!LeaseSpec
LeaseList^ items*:![Lease apiVersion:s kind:s metadata:!22.ListMeta
LeaseSpec acquireTime:&22.MicroTime holderIdentity:&s leaseDurationSeconds:&i leaseTransitions:&i preferredHolder:&s renewTime:&22.MicroTime strategy:&s'CoordinatedLeaseStrategy
@io.k8s.api.core.v1 v1
AWSElasticBlockStoreVolumeSource volumeID*:!s fsType:s partition:i readOnly:b
Affinity nodeAffinity:&NodeAffinity podAffinity:&PodAffinity podAntiAffinity:&PodAntiAffinity
AppArmorProfile|[{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}] type*:!s<Localhost|RuntimeDefault|Unconfined>'AppArmorProfileType localhostProfile:&s
AttachedVolume name*:!s'UniqueVolumeName devicePath*:!s
AzureDiskVolumeSource diskName*:!s diskURI*:!s cachingMode:&s<None|ReadOnly|ReadWrite>'AzureDataDiskCachingMode="ReadWrite" fsType:&s="ext4" kind:&s<Dedicated|Managed|Shared>'AzureDataDiskKind="Shared" readOnly:&b=false
AzureFilePersistentVolumeSource secretName*:!s shareName*:!s readOnly:b secretNamespace:&!s
AzureFileVolumeSource secretName*:!s shareName*:!s readOnly:b
Binding^ target*:!ObjectReference apiVersion:s kind:s metadata:!22.ObjectMeta
CSIPersistentVolumeSource driver*:!s volumeHandle*:!s controllerExpandSecretRef:&SecretReference controllerPublishSecretRef:&SecretReference fsType:s nodeExpandSecretRef:&SecretReference nodePublishSecretRef:&SecretReference nodeStageSecretRef:&SecretReference readOnly:b volumeAttributes:{s
CSIVolumeSource driver*:!s fsType:&s nodePublishSecretRef:&LocalObjectReference readOnly:&b volumeAttributes:{s
Capabilities add:[s'Capability;a drop:[s'Capability;a
CephFSPersistentVolumeSource monitors*:![s;a path:s readOnly:b secretFile:s secretRef:&SecretReference user:s
CephFSVolumeSource monitors*:![s;a path:s readOnly:b secretFile:s secretRef:&LocalObjectReference user:s
CinderPersistentVolumeSource volumeID*:!s fsType:s readOnly:b secretRef:&SecretReference
CinderVolumeSource volumeID*:!s fsType:s readOnly:b secretRef:&LocalObjectReference
ClientIPConfig timeoutSeconds:&i
ClusterTrustBundleProjection path*:!s labelSelector:&22.LabelSelector name:&s optional:&b signerName:&s
ComponentCondition type*:!s'ComponentConditionType status*:!s'ConditionStatus error:s message:s
ComponentStatus^ apiVersion:s conditions:[ComponentCondition;Mtype kind:s metadata:!22.ObjectMeta
ComponentStatusList^ items*:![ComponentStatus apiVersion:s kind:s metadata:!22.ListMeta
ConfigMap^ apiVersion:s binaryData:{y data:{s immutable:&b kind:s metadata:!22.ObjectMeta
ConfigMapEnvSource name:s>LocalObjectReference="" optional:&b
ConfigMapKeySelector@a key*:!s name:s>LocalObjectReference="" optional:&b
ConfigMapList^ items*:![ConfigMap apiVersion:s kind:s metadata:!22.ListMeta
ConfigMapNodeConfigSource namespace*:!s name*:!s kubeletConfigKey*:!s resourceVersion:s uid:s'types.UID
ConfigMapProjection items:[KeyToPath;a name:s>LocalObjectReference="" optional:&b
ConfigMapVolumeSource defaultMode:&i items:[KeyToPath;a name:s>LocalObjectReference="" optional:&b
Container name*:!s args:[s;a command:[s;a env:[EnvVar;Mname envFrom:[EnvFromSource;a image:s imagePullPolicy:s<Always|IfNotPresent|Never>'PullPolicy lifecycle:&Lifecycle livenessProbe:&Probe ports:[ContainerPort;McontainerPort,protocol readinessProbe:&Probe resizePolicy:[ContainerResizePolicy;a resources:!ResourceRequirements restartPolicy:&s'ContainerRestartPolicy restartPolicyRules:[ContainerRestartRule;a securityContext:&SecurityContext startupProbe:&Probe stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s<FallbackToLogsOnError|File>'TerminationMessagePolicy tty:b volumeDevices:[VolumeDevice;MdevicePath volumeMounts:[VolumeMount;MmountPath workingDir:s
ContainerExtendedResourceRequest containerName*:!s resourceName*:!s requestName*:!s
ContainerImage names:![s;a sizeBytes:l
ContainerPort containerPort*:!i hostIP:s hostPort:i name:s protocol:s<SCTP|TCP|UDP>'Protocol="TCP"
ContainerResizePolicy resourceName*:!s'ResourceName restartPolicy*:!s'ResourceResizeRestartPolicy
ContainerRestartRule action*:s'ContainerRestartRuleAction exitCodes:&ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator*:s'ContainerRestartRuleOnExitCodesOperator values:[i;s
ContainerState running:&ContainerStateRunning terminated:&ContainerStateTerminated waiting:&ContainerStateWaiting
ContainerStateRunning startedAt:!22.Time
ContainerStateTerminated exitCode*:!i containerID:s finishedAt:!22.Time message:s reason:s signal:i startedAt:!22.Time
ContainerStateWaiting message:s reason:s
ContainerStatus name*:!s ready*:!b restartCount*:!i image*:!s imageID*:!s allocatedResources:{'ResourceList'21.Quantity allocatedResourcesStatus:[ResourceStatus;Mname containerID:s lastState:!ContainerState resources:&ResourceRequirements started:&b state:!ContainerState stopSignal:&s<SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ>'Signal user:&ContainerUser volumeMounts:[VolumeMountStatus;MmountPath
ContainerUser linux:&LinuxContainerUser
DaemonEndpoint Port*:!i
DownwardAPIProjection items:[DownwardAPIVolumeFile;a
DownwardAPIVolumeFile path*:!s fieldRef:&ObjectFieldSelector mode:&i resourceFieldRef:&ResourceFieldSelector
DownwardAPIVolumeSource defaultMode:&i items:[DownwardAPIVolumeFile;a
EmptyDirVolumeSource medium:s'StorageMedium sizeLimit:&21.Quantity
EndpointAddress@a ip*:!s hostname:s nodeName:&s targetRef:&ObjectReference
EndpointPort@a port*:!i appProtocol:&s name:s protocol:s<SCTP|TCP|UDP>'Protocol
EndpointSubset addresses:[EndpointAddress;a notReadyAddresses:[EndpointAddress;a ports:[EndpointPort;a
Endpoints^ apiVersion:s kind:s metadata:!22.ObjectMeta subsets:[EndpointSubset;a
EndpointsList^ items*:![Endpoints apiVersion:s kind:s metadata:!22.ListMeta
EnvFromSource configMapRef:&ConfigMapEnvSource prefix:s secretRef:&SecretEnvSource
EnvVar name*:!s value:s valueFrom:&EnvVarSource
EnvVarSource configMapKeyRef:&ConfigMapKeySelector fieldRef:&ObjectFieldSelector fileKeyRef:&FileKeySelector resourceFieldRef:&ResourceFieldSelector secretKeyRef:&SecretKeySelector
EphemeralContainer name*:!s>EphemeralContainerCommon args:[s;a>EphemeralContainerCommon command:[s;a>EphemeralContainerCommon env:[EnvVar;Mname>EphemeralContainerCommon envFrom:[EnvFromSource;a>EphemeralContainerCommon image:s>EphemeralContainerCommon imagePullPolicy:s<Always|IfNotPresent|Never>'PullPolicy>EphemeralContainerCommon lifecycle:&Lifecycle>EphemeralContainerCommon livenessProbe:&Probe>EphemeralContainerCommon ports:[ContainerPort;McontainerPort,protocol>EphemeralContainerCommon readinessProbe:&Probe>EphemeralContainerCommon resizePolicy:[ContainerResizePolicy;a>EphemeralContainerCommon resources:!ResourceRequirements>EphemeralContainerCommon restartPolicy:&s'ContainerRestartPolicy>EphemeralContainerCommon restartPolicyRules:[ContainerRestartRule;a>EphemeralContainerCommon securityContext:&SecurityContext>EphemeralContainerCommon startupProbe:&Probe>EphemeralContainerCommon stdin:b>EphemeralContainerCommon stdinOnce:b>EphemeralContainerCommon targetContainerName:s terminationMessagePath:s>EphemeralContainerCommon terminationMessagePolicy:s<FallbackToLogsOnError|File>'TerminationMessagePolicy>EphemeralContainerCommon tty:b>EphemeralContainerCommon volumeDevices:[VolumeDevice;MdevicePath>EphemeralContainerCommon volumeMounts:[VolumeMount;MmountPath>EphemeralContainerCommon workingDir:s>EphemeralContainerCommon
EphemeralVolumeSource volumeClaimTemplate:&PersistentVolumeClaimTemplate
Event^ metadata*:!22.ObjectMeta involvedObject*:!ObjectReference action:s apiVersion:s count:i eventTime:!22.MicroTime firstTimestamp:!22.Time kind:s lastTimestamp:!22.Time message:s reason:s related:&ObjectReference reportingComponent:!s reportingInstance:!s series:&EventSeries source:!EventSource type:s
EventList^ items*:![Event apiVersion:s kind:s metadata:!22.ListMeta
EventSeries count:i lastObservedTime:!22.MicroTime
EventSource component:s host:s
ExecAction command:[s;a
FCVolumeSource fsType:s lun:&i readOnly:b targetWWNs:[s;a wwids:[s;a
FileKeySelector@a volumeName*:!s path*:!s key*:!s optional:&b=false
FlexPersistentVolumeSource driver*:!s fsType:s options:{s readOnly:b secretRef:&SecretReference
FlexVolumeSource driver*:!s fsType:s options:{s readOnly:b secretRef:&LocalObjectReference
FlockerVolumeSource datasetName:s datasetUUID:s
GCEPersistentDiskVolumeSource pdName*:!s fsType:s partition:i readOnly:b
GRPCAction port*:!i service:&!s=""
GitRepoVolumeSource repository*:!s directory:s revision:s
GlusterfsPersistentVolumeSource endpoints*:!s path*:!s endpointsNamespace:&s readOnly:b
GlusterfsVolumeSource endpoints*:!s path*:!s readOnly:b
HTTPGetAction port*:!24.IntOrString host:s httpHeaders:[HTTPHeader;a path:s scheme:s<HTTP|HTTPS>'URIScheme
HTTPHeader name*:!s value*:!s
HostAlias ip*:!s hostnames:[s;a
HostIP ip*:!s
HostPathVolumeSource path*:!s type:&s<|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket>'HostPathType
ISCSIPersistentVolumeSource targetPortal*:!s iqn*:!s lun*:!i chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:&s iscsiInterface:s="default" portals:[s;a readOnly:b secretRef:&SecretReference
ISCSIVolumeSource targetPortal*:!s iqn*:!s lun*:!i chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:&s iscsiInterface:s="default" portals:[s;a readOnly:b secretRef:&LocalObjectReference
ImageVolumeSource pullPolicy:s<Always|IfNotPresent|Never>'PullPolicy reference:s
ImageVolumeStatus imageRef*:s
KeyToPath key*:!s path*:!s mode:&i
Lifecycle postStart:&LifecycleHandler preStop:&LifecycleHandler stopSignal:&s<SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ>'Signal
LifecycleHandler exec:&ExecAction httpGet:&HTTPGetAction sleep:&SleepAction tcpSocket:&TCPSocketAction
LimitRange^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!LimitRangeSpec
LimitRangeItem type*:!s'LimitType default:{'ResourceList'21.Quantity defaultRequest:{'ResourceList'21.Quantity max:{'ResourceList'21.Quantity maxLimitRequestRatio:{'ResourceList'21.Quantity min:{'ResourceList'21.Quantity
LimitRangeList^ items*:![LimitRange apiVersion:s kind:s metadata:!22.ListMeta
LimitRangeSpec limits*:![LimitRangeItem;a
LinuxContainerUser uid*:!l gid*:!l supplementalGroups:[l;a
LoadBalancerIngress hostname:s ip:s ipMode:&s'LoadBalancerIPMode ports:[PortStatus;a
LoadBalancerStatus ingress:[LoadBalancerIngress;a
LocalObjectReference@a name:s=""
LocalVolumeSource path*:!s fsType:&s
ModifyVolumeStatus status*:!s<InProgress|Infeasible|Pending>'PersistentVolumeClaimModifyVolumeStatus targetVolumeAttributesClassName:s
NFSVolumeSource server*:!s path*:!s readOnly:b
Namespace^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!NamespaceSpec status:!NamespaceStatus
NamespaceCondition type*:!s'NamespaceConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
NamespaceList^ items*:![Namespace apiVersion:s kind:s metadata:!22.ListMeta
NamespaceSpec finalizers:[s'FinalizerName;a
NamespaceStatus conditions:[NamespaceCondition;Mtype phase:s<Active|Terminating>'NamespacePhase
Node^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!NodeSpec status:!NodeStatus
NodeAddress type*:!s'NodeAddressType address*:!s
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm;a requiredDuringSchedulingIgnoredDuringExecution:&NodeSelector
NodeAllocatableResourceClaimStatus resourceClaimName*:!s resources*:!{'map[v1.ResourceName]resource.Quantity'21.Quantity containers:[s;s
NodeCondition type*:!s'NodeConditionType status*:!s'ConditionStatus lastHeartbeatTime:!22.Time lastTransitionTime:!22.Time message:s reason:s
NodeConfigSource configMap:&ConfigMapNodeConfigSource
NodeConfigStatus active:&NodeConfigSource assigned:&NodeConfigSource error:s lastKnownGood:&NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:!DaemonEndpoint
NodeFeatures supplementalGroupsPolicy:&b
NodeList^ items*:![Node apiVersion:s kind:s metadata:!22.ListMeta
NodeRuntimeHandler features:&NodeRuntimeHandlerFeatures name:!s
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:&b userNamespaces:&b
NodeSelector@a nodeSelectorTerms*:![NodeSelectorTerm;a
NodeSelectorRequirement key*:!s operator*:!s<DoesNotExist|Exists|Gt|In|Lt|NotIn>'NodeSelectorOperator values:[s;a
NodeSelectorTerm@a matchExpressions:[NodeSelectorRequirement;a matchFields:[NodeSelectorRequirement;a
NodeSpec configSource:&NodeConfigSource externalID:s podCIDR:s podCIDRs:[s;s%merge providerID:s taints:[Taint;a unschedulable:b
NodeStatus addresses:[NodeAddress;Mtype allocatable:{'ResourceList'21.Quantity capacity:{'ResourceList'21.Quantity conditions:[NodeCondition;Mtype config:&NodeConfigStatus daemonEndpoints:!NodeDaemonEndpoints declaredFeatures:[s;a features:&NodeFeatures images:[ContainerImage;a nodeInfo:!NodeSystemInfo phase:s<Pending|Running|Terminated>'NodePhase runtimeHandlers:[NodeRuntimeHandler;a volumesAttached:[AttachedVolume;a volumesInUse:[s'UniqueVolumeName;a
NodeSwapStatus capacity:&l
NodeSystemInfo machineID*:!s systemUUID*:!s bootID*:!s kernelVersion*:!s osImage*:!s containerRuntimeVersion*:!s kubeletVersion*:!s kubeProxyVersion*:!s operatingSystem*:!s architecture*:!s swap:&NodeSwapStatus
ObjectFieldSelector@a fieldPath*:!s apiVersion:s
ObjectReference@a apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s'types.UID
PersistentVolume^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!PersistentVolumeSpec status:!PersistentVolumeStatus
PersistentVolumeClaim^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!PersistentVolumeClaimSpec status:!PersistentVolumeClaimStatus
PersistentVolumeClaimCondition type*:!s'PersistentVolumeClaimConditionType status*:!s'ConditionStatus lastProbeTime:!22.Time lastTransitionTime:!22.Time message:s reason:s
PersistentVolumeClaimList^ items*:![PersistentVolumeClaim apiVersion:s kind:s metadata:!22.ListMeta
PersistentVolumeClaimSpec accessModes:[s<ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod>'PersistentVolumeAccessMode;a dataSource:&TypedLocalObjectReference dataSourceRef:&TypedObjectReference resources:!VolumeResourceRequirements selector:&22.LabelSelector storageClassName:&s volumeAttributesClassName:&s volumeMode:&s<Block|Filesystem>'PersistentVolumeMode volumeName:s
PersistentVolumeClaimStatus accessModes:[s<ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod>'PersistentVolumeAccessMode;a allocatedResourceStatuses:{'map[v1.ResourceName]v1.ClaimResourceStatus's<ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|NodeResizeInfeasible|NodeResizePending>'ClaimResourceStatus@g allocatedResources:{'ResourceList'21.Quantity capacity:{'ResourceList'21.Quantity conditions:[PersistentVolumeClaimCondition;Mtype currentVolumeAttributesClassName:&s modifyVolumeStatus:&ModifyVolumeStatus phase:s<Bound|Lost|Pending>'PersistentVolumeClaimPhase
PersistentVolumeClaimTemplate spec*:!PersistentVolumeClaimSpec metadata:!22.ObjectMeta
PersistentVolumeClaimVolumeSource claimName*:!s readOnly:b
PersistentVolumeList^ items*:![PersistentVolume apiVersion:s kind:s metadata:!22.ListMeta
PersistentVolumeSpec accessModes:[s<ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod>'PersistentVolumeAccessMode;a awsElasticBlockStore:&AWSElasticBlockStoreVolumeSource>PersistentVolumeSource azureDisk:&AzureDiskVolumeSource>PersistentVolumeSource azureFile:&AzureFilePersistentVolumeSource>PersistentVolumeSource capacity:{'ResourceList'21.Quantity cephfs:&CephFSPersistentVolumeSource>PersistentVolumeSource cinder:&CinderPersistentVolumeSource>PersistentVolumeSource claimRef:&ObjectReference@g csi:&CSIPersistentVolumeSource>PersistentVolumeSource fc:&FCVolumeSource>PersistentVolumeSource flexVolume:&FlexPersistentVolumeSource>PersistentVolumeSource flocker:&FlockerVolumeSource>PersistentVolumeSource gcePersistentDisk:&GCEPersistentDiskVolumeSource>PersistentVolumeSource glusterfs:&GlusterfsPersistentVolumeSource>PersistentVolumeSource hostPath:&HostPathVolumeSource>PersistentVolumeSource iscsi:&ISCSIPersistentVolumeSource>PersistentVolumeSource local:&LocalVolumeSource>PersistentVolumeSource mountOptions:[s;a nfs:&NFSVolumeSource>PersistentVolumeSource nodeAffinity:&VolumeNodeAffinity persistentVolumeReclaimPolicy:s<Delete|Recycle|Retain>'PersistentVolumeReclaimPolicy photonPersistentDisk:&PhotonPersistentDiskVolumeSource>PersistentVolumeSource portworxVolume:&PortworxVolumeSource>PersistentVolumeSource quobyte:&QuobyteVolumeSource>PersistentVolumeSource rbd:&RBDPersistentVolumeSource>PersistentVolumeSource scaleIO:&ScaleIOPersistentVolumeSource>PersistentVolumeSource storageClassName:s storageos:&StorageOSPersistentVolumeSource>PersistentVolumeSource volumeAttributesClassName:&s volumeMode:&s<Block|Filesystem>'PersistentVolumeMode vsphereVolume:&VsphereVirtualDiskVolumeSource>PersistentVolumeSource
PersistentVolumeStatus lastPhaseTransitionTime:&22.Time message:s phase:s<Available|Bound|Failed|Pending|Released>'PersistentVolumePhase reason:s
PhotonPersistentDiskVolumeSource pdID*:!s fsType:s
Pod^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!PodSpec status:!PodStatus
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm;a requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm;a
PodAffinityTerm topologyKey*:!s labelSelector:&22.LabelSelector matchLabelKeys:[s;a mismatchLabelKeys:[s;a namespaceSelector:&22.LabelSelector namespaces:[s;a
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm;a requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm;a
PodCertificateProjection signerName*:s keyType*:s certificateChainPath:s credentialBundlePath:s keyPath:s maxExpirationSeconds:&i userAnnotations:{s
PodCondition type*:!s'PodConditionType status*:!s'ConditionStatus lastProbeTime:!22.Time lastTransitionTime:!22.Time message:s observedGeneration:l reason:s
PodDNSConfig nameservers:[s;a options:[PodDNSConfigOption;a searches:[s;a
PodDNSConfigOption name:s value:&s
PodExtendedResourceClaimStatus requestMappings*:![ContainerExtendedResourceRequest;a resourceClaimName*:!s
PodIP ip*:!s
PodList^ items*:![Pod apiVersion:s kind:s metadata:!22.ListMeta
PodOS name*:!s'OSName
PodReadinessGate conditionType*:!s'PodConditionType
PodResourceClaim name*:!s resourceClaimName:&s resourceClaimTemplateName:&s
PodResourceClaimStatus name*:!s resourceClaimName:&s
PodSchedulingGate name*:!s
PodSchedulingGroup|[{"fields-to-discriminateBy":{"podGroupName":"PodGroupName"}}] podGroupName:&s
PodSecurityContext appArmorProfile:&AppArmorProfile fsGroup:&l fsGroupChangePolicy:&s<Always|OnRootMismatch>'PodFSGroupChangePolicy runAsGroup:&l runAsNonRoot:&b runAsUser:&l seLinuxChangePolicy:&s'PodSELinuxChangePolicy seLinuxOptions:&SELinuxOptions seccompProfile:&SeccompProfile supplementalGroups:[l;a supplementalGroupsPolicy:&s<Merge|Strict>'SupplementalGroupsPolicy sysctls:[Sysctl;a windowsOptions:&WindowsSecurityContextOptions
PodSpec containers*:![Container;Mname activeDeadlineSeconds:&l affinity:&Affinity automountServiceAccountToken:&b dnsConfig:&PodDNSConfig dnsPolicy:s<ClusterFirst|ClusterFirstWithHostNet|Default|None>'DNSPolicy enableServiceLinks:&b ephemeralContainers:[EphemeralContainer;Mname hostAliases:[HostAlias;Mip hostIPC:b hostNetwork:b hostPID:b hostUsers:&b hostname:s hostnameOverride:&s imagePullSecrets:[LocalObjectReference;Mname initContainers:[Container;Mname nodeName:s nodeSelector:{s@a os:&PodOS overhead:{'ResourceList'21.Quantity preemptionPolicy:&s<Never|PreemptLowerPriority>'PreemptionPolicy priority:&i priorityClassName:s readinessGates:[PodReadinessGate;a resourceClaims:[PodResourceClaim;mname%merge,retainKeys$name resources:&ResourceRequirements restartPolicy:s<Always|Never|OnFailure>'RestartPolicy runtimeClassName:&s schedulerName:s schedulingGates:[PodSchedulingGate;Mname schedulingGroup:&PodSchedulingGroup securityContext:&PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:&b shareProcessNamespace:&b subdomain:s terminationGracePeriodSeconds:&l tolerations:[Toleration;a topologySpreadConstraints:[TopologySpreadConstraint;MtopologyKey,whenUnsatisfiable volumes:[Volume;mname%merge,retainKeys$name
PodStatus allocatedResources:{'ResourceList'21.Quantity conditions:[PodCondition;Mtype containerStatuses:[ContainerStatus;a ephemeralContainerStatuses:[ContainerStatus;a extendedResourceClaimStatus:&PodExtendedResourceClaimStatus hostIP:s hostIPs:[HostIP;a%merge$ip initContainerStatuses:[ContainerStatus;a message:s nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus;a nominatedNodeName:s observedGeneration:l phase:s<Failed|Pending|Running|Succeeded|Unknown>'PodPhase podIP:s podIPs:[PodIP;Mip qosClass:s<BestEffort|Burstable|Guaranteed>'PodQOSClass reason:s resize:s'PodResizeStatus resourceClaimStatuses:[PodResourceClaimStatus;mname%merge,retainKeys$name resources:&ResourceRequirements startTime:&22.Time
PodTemplate^ apiVersion:s kind:s metadata:!22.ObjectMeta template:!PodTemplateSpec
PodTemplateList^ items*:![PodTemplate apiVersion:s kind:s metadata:!22.ListMeta
PodTemplateSpec metadata:!22.ObjectMeta spec:!PodSpec
PortStatus port*:!i protocol*:!s<SCTP|TCP|UDP>'Protocol error:&s
PortworxVolumeSource volumeID*:!s fsType:s readOnly:b
PreferredSchedulingTerm weight*:!i preference*:!NodeSelectorTerm
Probe exec:&ExecAction>ProbeHandler failureThreshold:i grpc:&GRPCAction>ProbeHandler httpGet:&HTTPGetAction>ProbeHandler initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:&TCPSocketAction>ProbeHandler terminationGracePeriodSeconds:&l timeoutSeconds:i
ProjectedVolumeSource defaultMode:&i sources:![VolumeProjection;a
QuobyteVolumeSource registry*:!s volume*:!s group:s readOnly:b tenant:s user:s
RBDPersistentVolumeSource monitors*:![s;a image*:!s fsType:s keyring:s="/etc/ceph/keyring" pool:s="rbd" readOnly:b secretRef:&SecretReference user:s="admin"
RBDVolumeSource monitors*:![s;a image*:!s fsType:s keyring:s="/etc/ceph/keyring" pool:s="rbd" readOnly:b secretRef:&LocalObjectReference user:s="admin"
ReplicationController^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ReplicationControllerSpec status:!ReplicationControllerStatus
ReplicationControllerCondition type*:!s'ReplicationControllerConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
ReplicationControllerList^ items*:![ReplicationController apiVersion:s kind:s metadata:!22.ListMeta
ReplicationControllerSpec minReadySeconds:i=0 replicas:&i=1 selector:{s@a template:&PodTemplateSpec
ReplicationControllerStatus replicas*:!i availableReplicas:i conditions:[ReplicationControllerCondition;Mtype fullyLabeledReplicas:i observedGeneration:l readyReplicas:i
ResourceClaim name*:!s request:s
ResourceFieldSelector@a resource*:!s containerName:s divisor:!21.Quantity
ResourceHealth resourceID*:!s'ResourceID health:s'ResourceHealthStatus message:&s
ResourceQuota^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ResourceQuotaSpec status:!ResourceQuotaStatus
ResourceQuotaList^ items*:![ResourceQuota apiVersion:s kind:s metadata:!22.ListMeta
ResourceQuotaSpec hard:{'ResourceList'21.Quantity scopeSelector:&ScopeSelector scopes:[s<BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass>'ResourceQuotaScope;a
ResourceQuotaStatus hard:{'ResourceList'21.Quantity used:{'ResourceList'21.Quantity
ResourceRequirements claims:[ResourceClaim;mname limits:{'ResourceList'21.Quantity requests:{'ResourceList'21.Quantity
ResourceStatus name*:!s'ResourceName resources:[ResourceHealth;mresourceID
SELinuxOptions level:s role:s type:s user:s
ScaleIOPersistentVolumeSource gateway*:!s system*:!s secretRef*:&!SecretReference fsType:s="xfs" protectionDomain:s readOnly:b sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s volumeName:s
ScaleIOVolumeSource gateway*:!s system*:!s secretRef*:&!LocalObjectReference fsType:s="xfs" protectionDomain:s readOnly:b sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s volumeName:s
ScopeSelector@a matchExpressions:[ScopedResourceSelectorRequirement;a
ScopedResourceSelectorRequirement scopeName*:!s<BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass>'ResourceQuotaScope operator*:!s<DoesNotExist|Exists|In|NotIn>'ScopeSelectorOperator values:[s;a
SeccompProfile|[{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}] type*:!s<Localhost|RuntimeDefault|Unconfined>'SeccompProfileType localhostProfile:&s
Secret^ apiVersion:s data:{y immutable:&b kind:s metadata:!22.ObjectMeta stringData:{s type:s'SecretType
SecretEnvSource name:s>LocalObjectReference="" optional:&b
SecretKeySelector@a key*:!s name:s>LocalObjectReference="" optional:&b
SecretList^ items*:![Secret apiVersion:s kind:s metadata:!22.ListMeta
SecretProjection items:[KeyToPath;a name:s>LocalObjectReference="" optional:&b
SecretReference@a name:s namespace:s
SecretVolumeSource defaultMode:&i items:[KeyToPath;a optional:&b secretName:s
SecurityContext allowPrivilegeEscalation:&b appArmorProfile:&AppArmorProfile capabilities:&Capabilities privileged:&b procMount:&s<Default|Unmasked>'ProcMountType readOnlyRootFilesystem:&b runAsGroup:&l runAsNonRoot:&b runAsUser:&l seLinuxOptions:&SELinuxOptions seccompProfile:&SeccompProfile windowsOptions:&WindowsSecurityContextOptions
Service^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ServiceSpec status:!ServiceStatus
ServiceAccount^ apiVersion:s automountServiceAccountToken:&b imagePullSecrets:[LocalObjectReference;a kind:s metadata:!22.ObjectMeta secrets:[ObjectReference;Mname
ServiceAccountList^ items*:![ServiceAccount apiVersion:s kind:s metadata:!22.ListMeta
ServiceAccountTokenProjection path*:!s audience:s expirationSeconds:&l
ServiceList^ items*:![Service apiVersion:s kind:s metadata:!22.ListMeta
ServicePort port*:!i appProtocol:&s name:s nodePort:i protocol:s<SCTP|TCP|UDP>'Protocol="TCP" targetPort:!24.IntOrString
ServiceSpec allocateLoadBalancerNodePorts:&b clusterIP:s clusterIPs:[s;a externalIPs:[s;a externalName:s externalTrafficPolicy:s<Cluster|Local>'ServiceExternalTrafficPolicy healthCheckNodePort:i internalTrafficPolicy:&s<Cluster|Local>'ServiceInternalTrafficPolicy ipFamilies:[s<|IPv4|IPv6>'IPFamily;a ipFamilyPolicy:&s<PreferDualStack|RequireDualStack|SingleStack>'IPFamilyPolicy loadBalancerClass:&s loadBalancerIP:s loadBalancerSourceRanges:[s;a ports:[ServicePort;Mport,protocol publishNotReadyAddresses:b selector:{s@a sessionAffinity:s<ClientIP|None>'ServiceAffinity sessionAffinityConfig:&SessionAffinityConfig trafficDistribution:&s type:s<ClusterIP|ExternalName|LoadBalancer|NodePort>'ServiceType
ServiceStatus conditions:[22.Condition;Mtype loadBalancer:!LoadBalancerStatus
SessionAffinityConfig clientIP:&ClientIPConfig
SleepAction seconds*:!l
StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef:&ObjectReference volumeName:s volumeNamespace:s
StorageOSVolumeSource fsType:s readOnly:b secretRef:&LocalObjectReference volumeName:s volumeNamespace:s
Sysctl name*:!s value*:!s
TCPSocketAction port*:!24.IntOrString host:s
Taint key*:!s effect*:!s<NoExecute|NoSchedule|PreferNoSchedule>'TaintEffect timeAdded:&22.Time value:s
Toleration effect:s<NoExecute|NoSchedule|PreferNoSchedule>'TaintEffect key:s operator:s<Equal|Exists|Gt|Lt>'TolerationOperator tolerationSeconds:&l value:s
TopologySelectorLabelRequirement key*:!s values*:![s;a
TopologySelectorTerm@a matchLabelExpressions:[TopologySelectorLabelRequirement;a
TopologySpreadConstraint maxSkew*:!i topologyKey*:!s whenUnsatisfiable*:!s<DoNotSchedule|ScheduleAnyway>'UnsatisfiableConstraintAction labelSelector:&22.LabelSelector matchLabelKeys:[s;a minDomains:&i nodeAffinityPolicy:&s<Honor|Ignore>'NodeInclusionPolicy nodeTaintsPolicy:&s<Honor|Ignore>'NodeInclusionPolicy
TypedLocalObjectReference@a kind*:!s name*:!s apiGroup:&!s
TypedObjectReference kind*:!s name*:!s apiGroup:&!s namespace:&s
Volume name*:!s awsElasticBlockStore:&AWSElasticBlockStoreVolumeSource>VolumeSource azureDisk:&AzureDiskVolumeSource>VolumeSource azureFile:&AzureFileVolumeSource>VolumeSource cephfs:&CephFSVolumeSource>VolumeSource cinder:&CinderVolumeSource>VolumeSource configMap:&ConfigMapVolumeSource>VolumeSource csi:&CSIVolumeSource>VolumeSource downwardAPI:&DownwardAPIVolumeSource>VolumeSource emptyDir:&EmptyDirVolumeSource>VolumeSource ephemeral:&EphemeralVolumeSource>VolumeSource fc:&FCVolumeSource>VolumeSource flexVolume:&FlexVolumeSource>VolumeSource flocker:&FlockerVolumeSource>VolumeSource gcePersistentDisk:&GCEPersistentDiskVolumeSource>VolumeSource gitRepo:&GitRepoVolumeSource>VolumeSource glusterfs:&GlusterfsVolumeSource>VolumeSource hostPath:&HostPathVolumeSource>VolumeSource image:&ImageVolumeSource>VolumeSource iscsi:&ISCSIVolumeSource>VolumeSource nfs:&NFSVolumeSource>VolumeSource persistentVolumeClaim:&PersistentVolumeClaimVolumeSource>VolumeSource photonPersistentDisk:&PhotonPersistentDiskVolumeSource>VolumeSource portworxVolume:&PortworxVolumeSource>VolumeSource projected:&ProjectedVolumeSource>VolumeSource quobyte:&QuobyteVolumeSource>VolumeSource rbd:&RBDVolumeSource>VolumeSource scaleIO:&ScaleIOVolumeSource>VolumeSource secret:&SecretVolumeSource>VolumeSource storageos:&StorageOSVolumeSource>VolumeSource vsphereVolume:&VsphereVirtualDiskVolumeSource>VolumeSource
VolumeDevice name*:!s devicePath*:!s
VolumeMount name*:!s mountPath*:!s mountPropagation:&s<Bidirectional|HostToContainer|None>'MountPropagationMode readOnly:b recursiveReadOnly:&s'RecursiveReadOnlyMode subPath:s subPathExpr:s
VolumeMountStatus name*:!s mountPath*:!s readOnly:b recursiveReadOnly:&s'RecursiveReadOnlyMode volumeStatus:&VolumeStatus
VolumeNodeAffinity required:&NodeSelector
VolumeProjection clusterTrustBundle:&ClusterTrustBundleProjection configMap:&ConfigMapProjection downwardAPI:&DownwardAPIProjection podCertificate:&PodCertificateProjection secret:&SecretProjection serviceAccountToken:&ServiceAccountTokenProjection
VolumeResourceRequirements limits:{'ResourceList'21.Quantity requests:{'ResourceList'21.Quantity
VolumeStatus image:&ImageVolumeStatus
VsphereVirtualDiskVolumeSource volumePath*:!s fsType:s storagePolicyID:s storagePolicyName:s
WeightedPodAffinityTerm weight*:!i podAffinityTerm*:!PodAffinityTerm
WindowsSecurityContextOptions gmsaCredentialSpec:&s gmsaCredentialSpecName:&s hostProcess:&b runAsUserName:&s
@io.k8s.api.discovery.v1 discovery.k8s.io/v1
Endpoint addresses*:![s;s conditions:!EndpointConditions deprecatedTopology:{s hints:&EndpointHints hostname:&s nodeName:&s targetRef:&9.ObjectReference zone:&s
EndpointConditions ready:&b serving:&b terminating:&b
EndpointHints forNodes:[ForNode;a forZones:[ForZone;a
EndpointPort@a appProtocol:&s name:&s port:&i protocol:&s<SCTP|TCP|UDP>'Protocol
EndpointSlice^ addressType*:!s<FQDN|IPv4|IPv6>'AddressType apiVersion:s endpoints:![Endpoint;a kind:s metadata:!22.ObjectMeta ports:![EndpointPort;a
EndpointSliceList^ items*:![EndpointSlice apiVersion:s kind:s metadata:!22.ListMeta
ForNode name*:!s
ForZone name*:!s
@io.k8s.api.events.v1 events.k8s.io/v1
Event^ eventTime*:!22.MicroTime action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:!22.Time deprecatedLastTimestamp:!22.Time deprecatedSource:!9.EventSource kind:s metadata:!22.ObjectMeta note:s reason:s regarding:!9.ObjectReference related:&9.ObjectReference reportingController:s reportingInstance:s series:&EventSeries type:s
EventList^ items*:![Event apiVersion:s kind:s metadata:!22.ListMeta
EventSeries count*:!i lastObservedTime*:!22.MicroTime
@io.k8s.api.flowcontrol.v1 flowcontrol.apiserver.k8s.io/v1
ExemptPriorityLevelConfiguration lendablePercent:&i nominalConcurrencyShares:&i
FlowDistinguisherMethod type*:!s'FlowDistinguisherMethodType
FlowSchema^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!FlowSchemaSpec status:!FlowSchemaStatus
FlowSchemaCondition lastTransitionTime:!22.Time message:s reason:s status:s'ConditionStatus type:s'FlowSchemaConditionType
FlowSchemaList^ items*:![FlowSchema apiVersion:s kind:s metadata:!22.ListMeta
FlowSchemaSpec priorityLevelConfiguration*:!PriorityLevelConfigurationReference distinguisherMethod:&FlowDistinguisherMethod matchingPrecedence:!i rules:[PolicyRulesWithSubjects;a
FlowSchemaStatus conditions:[FlowSchemaCondition;Mtype
GroupSubject name*:!s
LimitResponse|[{"discriminator":"type","fields-to-discriminateBy":{"queuing":"Queuing"}}] type*:!s'LimitResponseType queuing:&QueuingConfiguration
LimitedPriorityLevelConfiguration borrowingLimitPercent:&i lendablePercent:&i limitResponse:!LimitResponse nominalConcurrencyShares:&!i
NonResourcePolicyRule verbs*:![s;s nonResourceURLs*:![s;s
PolicyRulesWithSubjects subjects*:![Subject;a nonResourceRules:[NonResourcePolicyRule;a resourceRules:[ResourcePolicyRule;a
PriorityLevelConfiguration^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!PriorityLevelConfigurationSpec status:!PriorityLevelConfigurationStatus
PriorityLevelConfigurationCondition lastTransitionTime:!22.Time message:s reason:s status:s'ConditionStatus type:s'PriorityLevelConfigurationConditionType
PriorityLevelConfigurationList^ items*:![PriorityLevelConfiguration apiVersion:s kind:s metadata:!22.ListMeta
PriorityLevelConfigurationReference name*:!s
PriorityLevelConfigurationSpec|[{"discriminator":"type","fields-to-discriminateBy":{"exempt":"Exempt","limited":"Limited"}}] type*:!s'PriorityLevelEnablement exempt:&ExemptPriorityLevelConfiguration limited:&LimitedPriorityLevelConfiguration
PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition;Mtype
QueuingConfiguration handSize:!i queueLengthLimit:!i queues:!i
ResourcePolicyRule verbs*:![s;s apiGroups*:![s;s resources*:![s;s clusterScope:b namespaces:![s;s
ServiceAccountSubject namespace*:!s name*:!s
Subject|[{"discriminator":"kind","fields-to-discriminateBy":{"group":"Group","serviceAccount":"ServiceAccount","user":"User"}}] kind*:!s'SubjectKind group:&GroupSubject serviceAccount:&ServiceAccountSubject user:&UserSubject
UserSubject name*:!s
@io.k8s.api.networking.v1 networking.k8s.io/v1
HTTPIngressPath pathType*:&!s<Exact|ImplementationSpecific|Prefix>'PathType backend*:!IngressBackend path:s
HTTPIngressRuleValue paths*:![HTTPIngressPath;a
IPAddress^ spec*:!IPAddressSpec apiVersion:s kind:s metadata:!22.ObjectMeta
IPAddressList^ items*:![IPAddress apiVersion:s kind:s metadata:!22.ListMeta
IPAddressSpec parentRef*:&ParentReference
IPBlock cidr*:!s except:[s;a
Ingress^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!IngressSpec status:!IngressStatus
IngressBackend resource:&9.TypedLocalObjectReference service:&IngressServiceBackend
IngressClass^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!IngressClassSpec
IngressClassList^ items*:![IngressClass apiVersion:s kind:s metadata:!22.ListMeta
IngressClassParametersReference kind*:!s name*:!s apiGroup:&s namespace:&s scope:&!s
IngressClassSpec controller:s parameters:&IngressClassParametersReference
IngressList^ items*:![Ingress apiVersion:s kind:s metadata:!22.ListMeta
IngressLoadBalancerIngress hostname:s ip:s ports:[IngressPortStatus;a
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress;a
IngressPortStatus port*:!i protocol*:!s<SCTP|TCP|UDP>'Protocol error:&s
IngressRule host:s http:&/HTTPIngressRuleValue>IngressRuleValue
IngressServiceBackend name*:!s port:!ServiceBackendPort
IngressSpec defaultBackend:&IngressBackend ingressClassName:&s rules:[IngressRule;a tls:[IngressTLS;a
IngressStatus loadBalancer:!IngressLoadBalancerStatus
IngressTLS hosts:[s;a secretName:s
NetworkPolicy^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!NetworkPolicySpec
NetworkPolicyEgressRule ports:[NetworkPolicyPort;a to:[NetworkPolicyPeer;a
NetworkPolicyIngressRule from:[NetworkPolicyPeer;a ports:[NetworkPolicyPort;a
NetworkPolicyList^ items*:![NetworkPolicy apiVersion:s kind:s metadata:!22.ListMeta
NetworkPolicyPeer ipBlock:&IPBlock namespaceSelector:&22.LabelSelector podSelector:&22.LabelSelector
NetworkPolicyPort endPort:&i port:&24.IntOrString protocol:&s<SCTP|TCP|UDP>'Protocol
NetworkPolicySpec egress:[NetworkPolicyEgressRule;a ingress:[NetworkPolicyIngressRule;a podSelector:!22.LabelSelector policyTypes:[s<Egress|Ingress>'PolicyType;a
ParentReference resource*:s name*:s group:s namespace:s
ServiceBackendPort@a name:s number:i
ServiceCIDR^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!ServiceCIDRSpec status:!ServiceCIDRStatus
ServiceCIDRList^ items*:![ServiceCIDR apiVersion:s kind:s metadata:!22.ListMeta
ServiceCIDRSpec cidrs:[s;a
ServiceCIDRStatus conditions:[22.Condition;Mtype
@io.k8s.api.node.v1 node.k8s.io/v1
Overhead podFixed:{'ResourceList'21.Quantity
RuntimeClass^ handler*:!s apiVersion:s kind:s metadata:!22.ObjectMeta overhead:&Overhead scheduling:&Scheduling
RuntimeClassList^ items*:![RuntimeClass apiVersion:s kind:s metadata:!22.ListMeta
Scheduling nodeSelector:{s@a tolerations:[9.Toleration;a
@io.k8s.api.policy.v1 policy/v1
Eviction^ apiVersion:s deleteOptions:&22.DeleteOptions kind:s metadata:!22.ObjectMeta
PodDisruptionBudget^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!PodDisruptionBudgetSpec status:!PodDisruptionBudgetStatus
PodDisruptionBudgetList^ items*:![PodDisruptionBudget apiVersion:s kind:s metadata:!22.ListMeta
PodDisruptionBudgetSpec maxUnavailable:&24.IntOrString minAvailable:&24.IntOrString selector:&22.LabelSelector%replace unhealthyPodEvictionPolicy:&s<AlwaysAllow|IfHealthyBudget>'UnhealthyPodEvictionPolicyType
PodDisruptionBudgetStatus conditions:[22.Condition;Mtype currentHealthy:!i desiredHealthy:!i disruptedPods:{22.Time disruptionsAllowed:!i expectedPods:!i observedGeneration:l
@io.k8s.api.rbac.v1 rbac.authorization.k8s.io/v1
AggregationRule clusterRoleSelectors:[22.LabelSelector;a
ClusterRole^ aggregationRule:&AggregationRule apiVersion:s kind:s metadata:!22.ObjectMeta rules:![PolicyRule;a
ClusterRoleBinding^ roleRef*:!RoleRef apiVersion:s kind:s metadata:!22.ObjectMeta subjects:[Subject;a
ClusterRoleBindingList^ items*:![ClusterRoleBinding apiVersion:s kind:s metadata:!22.ListMeta
ClusterRoleList^ items*:![ClusterRole apiVersion:s kind:s metadata:!22.ListMeta
PolicyRule verbs*:![s;a apiGroups:[s;a nonResourceURLs:[s;a resourceNames:[s;a resources:[s;a
Role^ apiVersion:s kind:s metadata:!22.ObjectMeta rules:![PolicyRule;a
RoleBinding^ roleRef*:!RoleRef apiVersion:s kind:s metadata:!22.ObjectMeta subjects:[Subject;a
RoleBindingList^ items*:![RoleBinding apiVersion:s kind:s metadata:!22.ListMeta
RoleList^ items*:![Role apiVersion:s kind:s metadata:!22.ListMeta
RoleRef@a kind*:!s name*:!s apiGroup:!s
Subject@a kind*:!s name*:!s apiGroup:s namespace:s
@io.k8s.api.resource.v1 resource.k8s.io/v1
AllocatedDeviceStatus driver*:!s pool*:!s device*:!s conditions:![22.Condition;mtype data:&23.RawExtension networkData:&NetworkDeviceData shareID:&s
AllocationResult allocationTimestamp:&22.Time devices:!DeviceAllocationResult nodeSelector:&9.NodeSelector
CELDeviceSelector expression*:!s
CapacityRequestPolicy default:&!21.Quantity validRange:&CapacityRequestPolicyRange validValues:[21.Quantity;a
CapacityRequestPolicyRange min*:&21.Quantity max:&21.Quantity step:&21.Quantity
CapacityRequirements requests:{'map[v1.QualifiedName]resource.Quantity'21.Quantity
Counter value*:!21.Quantity
CounterSet name*:!s counters*:{Counter
Device name*:!s allNodes:&b allowMultipleAllocations:&b attributes:{'map[v1.QualifiedName]v1.DeviceAttribute'DeviceAttribute bindingConditions:[s;a bindingFailureConditions:[s;a bindsToNode:&b capacity:{'map[v1.QualifiedName]v1.DeviceCapacity'DeviceCapacity consumesCounters:[DeviceCounterConsumption;a nodeAllocatableResourceMappings:{'map[v1.ResourceName]v1.NodeAllocatableResourceMapping'NodeAllocatableResourceMapping nodeName:&s nodeSelector:&9.NodeSelector taints:[DeviceTaint;a
DeviceAllocationConfiguration source*:!s<FromClaim|FromClass>'AllocationConfigSource opaque:&OpaqueDeviceConfiguration>DeviceConfiguration requests:[s;a
DeviceAllocationResult config:[DeviceAllocationConfiguration;a results:[DeviceRequestAllocationResult;a
DeviceAttribute bool:&b bools:[b;a int:&l ints:[l;a string:&s strings:[s;a version:&s versions:[s;a
DeviceCapacity value*:!21.Quantity requestPolicy:&CapacityRequestPolicy
DeviceClaim config:[DeviceClaimConfiguration;a constraints:[DeviceConstraint;a requests:![DeviceRequest;a
DeviceClaimConfiguration opaque:&OpaqueDeviceConfiguration>DeviceConfiguration requests:[s;a
DeviceClass^ spec*:!DeviceClassSpec apiVersion:s kind:s metadata:!22.ObjectMeta
DeviceClassConfiguration opaque:&OpaqueDeviceConfiguration>DeviceConfiguration
DeviceClassList^ items*:![DeviceClass apiVersion:s kind:s metadata:!22.ListMeta
DeviceClassSpec config:[DeviceClassConfiguration;a extendedResourceName:&s selectors:[DeviceSelector;a
DeviceConstraint distinctAttribute:&s'FullyQualifiedName matchAttribute:&s'FullyQualifiedName requests:[s;a
DeviceCounterConsumption counterSet*:!s counters*:{Counter
DeviceRequest name*:!s exactly:&ExactDeviceRequest firstAvailable:[DeviceSubRequest;a
DeviceRequestAllocationResult request*:!s driver*:!s pool*:!s device*:!s adminAccess:&b bindingConditions:[s;a bindingFailureConditions:[s;a consumedCapacity:{'map[v1.QualifiedName]resource.Quantity'21.Quantity shareID:&s'types.UID tolerations:[DeviceToleration;a
DeviceSelector cel:&CELDeviceSelector
DeviceSubRequest name*:!s deviceClassName*:!s allocationMode:s<All|ExactCount>'DeviceAllocationMode capacity:&CapacityRequirements count:l selectors:[DeviceSelector;a tolerations:[DeviceToleration;a
DeviceTaint key*:!s effect*:!s<NoExecute|NoSchedule|None>'DeviceTaintEffect timeAdded:&22.Time value:s
DeviceToleration effect:s<NoExecute|NoSchedule|None>'DeviceTaintEffect key:s operator:s<Equal|Exists>'DeviceTolerationOperator="Equal" tolerationSeconds:&l value:s
ExactDeviceRequest deviceClassName*:!s adminAccess:&b allocationMode:s<All|ExactCount>'DeviceAllocationMode capacity:&CapacityRequirements count:l selectors:[DeviceSelector;a tolerations:[DeviceToleration;a
NetworkDeviceData hardwareAddress:s interfaceName:s ips:[s;a
NodeAllocatableResourceMapping allocationMultiplier:&21.Quantity capacityKey:&s'QualifiedName
OpaqueDeviceConfiguration driver*:!s parameters*:!23.RawExtension
ResourceClaim^ spec*:!ResourceClaimSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!ResourceClaimStatus
ResourceClaimConsumerReference resource*:!s name*:!s uid*:!s'types.UID apiGroup:s
ResourceClaimList^ items*:![ResourceClaim apiVersion:s kind:s metadata:!22.ListMeta
ResourceClaimSpec devices:!DeviceClaim
ResourceClaimStatus allocation:&AllocationResult devices:[AllocatedDeviceStatus;mdriver,device,pool,shareID reservedFor:[ResourceClaimConsumerReference;Muid
ResourceClaimTemplate^ spec*:!ResourceClaimTemplateSpec apiVersion:s kind:s metadata:!22.ObjectMeta
ResourceClaimTemplateList^ items*:![ResourceClaimTemplate apiVersion:s kind:s metadata:!22.ListMeta
ResourceClaimTemplateSpec spec*:!ResourceClaimSpec metadata:!22.ObjectMeta
ResourcePool name*:!s generation*:!l resourceSliceCount*:!l
ResourceSlice^ spec*:!ResourceSliceSpec apiVersion:s kind:s metadata:!22.ObjectMeta
ResourceSliceList^ items*:![ResourceSlice apiVersion:s kind:s metadata:!22.ListMeta
ResourceSliceSpec driver*:!s pool*:!ResourcePool allNodes:&b devices:[Device;a nodeName:&s nodeSelector:&9.NodeSelector perDeviceNodeSelection:&b sharedCounters:[CounterSet;a
@io.k8s.api.scheduling.v1 scheduling.k8s.io/v1
PriorityClass^ apiVersion:s description:s globalDefault:b kind:s metadata:!22.ObjectMeta preemptionPolicy:&s<Never|PreemptLowerPriority>'PreemptionPolicy value:!i
PriorityClassList^ items*:![PriorityClass apiVersion:s kind:s metadata:!22.ListMeta
@io.k8s.api.storage.v1 storage.k8s.io/v1
CSIDriver^ spec*:!CSIDriverSpec apiVersion:s kind:s metadata:!22.ObjectMeta
CSIDriverList^ items*:![CSIDriver apiVersion:s kind:s metadata:!22.ListMeta
CSIDriverSpec attachRequired:&b fsGroupPolicy:&s'FSGroupPolicy nodeAllocatableUpdatePeriodSeconds:&l podInfoOnMount:&b preventPodSchedulingIfMissing:&b requiresRepublish:&b seLinuxMount:&b serviceAccountTokenInSecrets:&b storageCapacity:&b tokenRequests:[TokenRequest;a volumeLifecycleModes:[s'VolumeLifecycleMode;s
CSINode^ spec*:!CSINodeSpec apiVersion:s kind:s metadata:!22.ObjectMeta
CSINodeDriver name*:!s nodeID*:!s allocatable:&VolumeNodeResources topologyKeys:![s;a
CSINodeList^ items*:![CSINode apiVersion:s kind:s metadata:!22.ListMeta
CSINodeSpec drivers*:![CSINodeDriver;Mname
CSIStorageCapacity^ storageClassName*:!s apiVersion:s capacity:&21.Quantity kind:s maximumVolumeSize:&21.Quantity metadata:!22.ObjectMeta nodeTopology:&22.LabelSelector
CSIStorageCapacityList^ items*:![CSIStorageCapacity apiVersion:s kind:s metadata:!22.ListMeta
StorageClass^ provisioner*:!s allowVolumeExpansion:&b allowedTopologies:[9.TopologySelectorTerm;a apiVersion:s kind:s metadata:!22.ObjectMeta mountOptions:[s;a parameters:{s reclaimPolicy:&s<Delete|Recycle|Retain>'PersistentVolumeReclaimPolicy volumeBindingMode:&s<Immediate|WaitForFirstConsumer>'VolumeBindingMode
StorageClassList^ items*:![StorageClass apiVersion:s kind:s metadata:!22.ListMeta
TokenRequest audience*:!s expirationSeconds:&l
VolumeAttachment^ spec*:!VolumeAttachmentSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!VolumeAttachmentStatus
VolumeAttachmentList^ items*:![VolumeAttachment apiVersion:s kind:s metadata:!22.ListMeta
VolumeAttachmentSource inlineVolumeSpec:&9.PersistentVolumeSpec persistentVolumeName:&s
VolumeAttachmentSpec attacher*:!s source*:!VolumeAttachmentSource nodeName*:!s
VolumeAttachmentStatus attached*:!b attachError:&VolumeError attachmentMetadata:{s detachError:&VolumeError
VolumeAttributesClass^ driverName*:!s apiVersion:s kind:s metadata:!22.ObjectMeta parameters:{s
VolumeAttributesClassList^ items*:![VolumeAttributesClass apiVersion:s kind:s metadata:!22.ListMeta
VolumeError errorCode:&i message:s time:!22.Time
VolumeNodeResources count:&i
@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1 apiextensions.k8s.io/v1
CustomResourceColumnDefinition name*:!s type*:!s jsonPath*:!s description:s format:s priority:i
CustomResourceConversion strategy*:!s'ConversionStrategyType webhook:&WebhookConversion
CustomResourceDefinition^ spec*:!CustomResourceDefinitionSpec apiVersion:s kind:s metadata:!22.ObjectMeta status:!CustomResourceDefinitionStatus
CustomResourceDefinitionCondition type*:!s'CustomResourceDefinitionConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s observedGeneration:l reason:s
CustomResourceDefinitionList^ items*:![CustomResourceDefinition apiVersion:s kind:s metadata:!22.ListMeta
CustomResourceDefinitionNames plural*:!s kind*:!s categories:[s;a listKind:s shortNames:[s;a singular:s
CustomResourceDefinitionSpec group*:!s names*:!CustomResourceDefinitionNames scope*:!s'ResourceScope versions*:![CustomResourceDefinitionVersion;a conversion:&CustomResourceConversion preserveUnknownFields:b
CustomResourceDefinitionStatus acceptedNames:!CustomResourceDefinitionNames conditions:![CustomResourceDefinitionCondition;mtype observedGeneration:l storedVersions:![s;a
CustomResourceDefinitionVersion name*:!s served*:!b storage*:!b additionalPrinterColumns:[CustomResourceColumnDefinition;a deprecated:b deprecationWarning:&s schema:&CustomResourceValidation selectableFields:[SelectableField;a subresources:&CustomResourceSubresources
CustomResourceSubresourceScale specReplicasPath*:!s statusReplicasPath*:!s labelSelectorPath:&s
CustomResourceSubresourceStatus
CustomResourceSubresources scale:&CustomResourceSubresourceScale status:&CustomResourceSubresourceStatus
CustomResourceValidation openAPIV3Schema:&JSONSchemaProps
ExternalDocumentation description:s url:s
JSON?
JSONSchemaProps $ref:&s $schema:s'JSONSchemaURL additionalItems:&/JSONSchemaPropsOrBool additionalProperties:&/JSONSchemaPropsOrBool allOf:[JSONSchemaProps;a anyOf:[JSONSchemaProps;a default:&JSON definitions:{'JSONSchemaDefinitions'JSONSchemaProps dependencies:{'JSONSchemaDependencies'JSONSchemaPropsOrStringArray description:s enum:[JSON;a example:&/JSON exclusiveMaximum:b exclusiveMinimum:b externalDocs:&/ExternalDocumentation format:s id:s items:&/JSONSchemaPropsOrArray maxItems:&l maxLength:&l maxProperties:&l maximum:&d minItems:&l minLength:&l minProperties:&l minimum:&d multipleOf:&d not:&/JSONSchemaProps nullable:b oneOf:[JSONSchemaProps;a pattern:s patternProperties:{JSONSchemaProps properties:{JSONSchemaProps required:[s;a title:s type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s;a x-kubernetes-list-type:&s x-kubernetes-map-type:&s x-kubernetes-preserve-unknown-fields:&b x-kubernetes-validations:['ValidationRules'ValidationRule;Mrule
JSONSchemaPropsOrArray?
JSONSchemaPropsOrBool?
JSONSchemaPropsOrStringArray?
SelectableField jsonPath*:!s
ServiceReference namespace*:!s name*:!s path:&s port:&i
ValidationRule rule*:!s fieldPath:s message:s messageExpression:s optionalOldSelf:&b reason:&s<FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired>'FieldValueErrorReason
WebhookClientConfig caBundle:y service:&ServiceReference url:&s
WebhookConversion conversionReviewVersions*:![s;a clientConfig:&WebhookClientConfig
@io.k8s.apimachinery.pkg.api.resource 
Quantity?
@io.k8s.apimachinery.pkg.apis.meta.v1 v1
APIGroup^ name*:!s versions*:![GroupVersionForDiscovery;a apiVersion:s kind:s preferredVersion:!GroupVersionForDiscovery serverAddressByClientCIDRs:[ServerAddressByClientCIDR;a
APIGroupList^ groups*:![APIGroup;a apiVersion:s kind:s
APIResource name*:!s singularName*:!s namespaced*:!b kind*:!s verbs*:!['Verbs's categories:[s;a group:s shortNames:[s;a storageVersionHash:s version:s
APIResourceList^ groupVersion*:!s resources*:![APIResource;a apiVersion:s kind:s
APIVersions^ versions*:![s;a serverAddressByClientCIDRs*:![ServerAddressByClientCIDR;a apiVersion:s kind:s
Condition type*:!s status*:!s'ConditionStatus lastTransitionTime*:!Time reason*:!s message*:!s observedGeneration:l
DeleteOptions* apiVersion:s dryRun:[s;a gracePeriodSeconds:&l ignoreStoreReadErrorWithClusterBreakingPotential:&b kind:s orphanDependents:&b preconditions:&Preconditions propagationPolicy:&s'DeletionPropagation
FieldSelectorRequirement key*:!s operator*:!s'FieldSelectorOperator values:[s;a
FieldsV1
GroupVersionForDiscovery groupVersion*:!s version*:!s
LabelSelector@a matchExpressions:[LabelSelectorRequirement;a matchLabels:{s
LabelSelectorRequirement key*:!s operator*:!s'LabelSelectorOperator values:[s;a
ListMeta continue:s remainingItemCount:&l resourceVersion:s selfLink:s shardInfo:&ShardInfo
ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1:&FieldsV1 manager:s operation:s'ManagedFieldsOperationType subresource:s time:&Time
MicroTime
ObjectMeta annotations:{s creationTimestamp:Time deletionGracePeriodSeconds:&l deletionTimestamp:&Time finalizers:[s;s%merge generateName:s generation:l labels:{s managedFields:[ManagedFieldsEntry;a name:s namespace:s ownerReferences:[OwnerReference;Muid resourceVersion:s selfLink:s uid:s'types.UID
OwnerReference@a apiVersion*:!s kind*:!s name*:!s uid*:!s'types.UID blockOwnerDeletion:&b controller:&b
Patch
Preconditions resourceVersion:&s uid:&s'types.UID
ServerAddressByClientCIDR clientCIDR*:!s serverAddress*:!s
ShardInfo selector*:!s
Status^ apiVersion:s code:i details:&StatusDetails kind:s message:s metadata:!ListMeta reason:s'StatusReason status:s
StatusCause field:s message:s reason:s'CauseType
StatusDetails causes:[StatusCause;a group:s kind:s name:s retryAfterSeconds:i uid:s'types.UID
Time
WatchEvent* type*:!s object*:!23.RawExtension
@io.k8s.apimachinery.pkg.runtime 
RawExtension
@io.k8s.apimachinery.pkg.util.intstr 
IntOrString?
@io.k8s.apimachinery.pkg.version 
Info major*:!s minor*:!s gitVersion*:!s gitCommit*:!s gitTreeState*:!s buildDate*:!s goVersion*:!s compiler*:!s platform*:!s emulationMajor:s emulationMinor:s minCompatibilityMajor:s minCompatibilityMinor:s
@io.k8s.kube-aggregator.pkg.apis.apiregistration.v1 apiregistration.k8s.io/v1
APIService^ apiVersion:s kind:s metadata:!22.ObjectMeta spec:!APIServiceSpec status:!APIServiceStatus
APIServiceCondition type*:!s'APIServiceConditionType status*:!s'ConditionStatus lastTransitionTime:!22.Time message:s reason:s
APIServiceList^ items*:![APIService apiVersion:s kind:s metadata:!22.ListMeta
APIServiceSpec groupPriorityMinimum*:!i versionPriority*:!i caBundle:y;a group:s insecureSkipTLSVerify:b service:&ServiceReference version:s
APIServiceStatus conditions:[APIServiceCondition;Mtype
ServiceReference name:s namespace:s port:&i`
export const KNOWN_GROUP_VERSIONS =
  `v1 admission.k8s.io/v1 admission.k8s.io/v1beta1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 apiextensions.k8s.io/v1 apiextensions.k8s.io/v1beta1 apiregistration.k8s.io/v1 apiregistration.k8s.io/v1beta1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1alpha1 certificates.k8s.io/v1beta1 coordination.k8s.io/v1 coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3 imagepolicy.k8s.io/v1alpha1 internal.apiserver.k8s.io/v1alpha1 networking.k8s.io/v1 networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1alpha1 rbac.authorization.k8s.io/v1beta1 resource.k8s.io/v1 resource.k8s.io/v1alpha3 resource.k8s.io/v1beta1 resource.k8s.io/v1beta2 scheduling.k8s.io/v1 scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 storage.k8s.io/v1beta1 storagemigration.k8s.io/v1beta1`
export const OTHER_KINDS =
  `admissionregistration.k8s.io/v1 ListOptions
admissionregistration.k8s.io/v1alpha1 ListOptions MutatingAdmissionPolicy MutatingAdmissionPolicyBinding ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 ListOptions MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
apiextensions.k8s.io/v1 ConversionReview ListOptions
apiregistration.k8s.io/v1 ListOptions
apps/v1 ListOptions
apps/v1beta1 ControllerRevision Deployment DeploymentRollback ListOptions Scale StatefulSet
apps/v1beta2 ControllerRevision DaemonSet Deployment ListOptions ReplicaSet Scale StatefulSet
authentication.k8s.io/v1 ListOptions
authentication.k8s.io/v1alpha1 ListOptions SelfSubjectReview
authentication.k8s.io/v1beta1 ListOptions SelfSubjectReview TokenReview
authorization.k8s.io/v1 ListOptions
authorization.k8s.io/v1beta1 ListOptions LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
autoscaling/v1 ListOptions
autoscaling/v2 ListOptions
batch/v1 ListOptions
batch/v1beta1 CronJob ListOptions
certificates.k8s.io/v1 ListOptions
certificates.k8s.io/v1alpha1 ClusterTrustBundle ListOptions
certificates.k8s.io/v1beta1 CertificateSigningRequest ClusterTrustBundle ListOptions PodCertificateRequest
coordination.k8s.io/v1 ListOptions
coordination.k8s.io/v1alpha2 LeaseCandidate ListOptions
coordination.k8s.io/v1beta1 Lease LeaseCandidate ListOptions
discovery.k8s.io/v1 ListOptions
discovery.k8s.io/v1beta1 EndpointSlice ListOptions
events.k8s.io/v1 ListOptions
events.k8s.io/v1beta1 Event ListOptions
extensions/v1beta1 DaemonSet Deployment DeploymentRollback Ingress ListOptions NetworkPolicy ReplicaSet Scale
flowcontrol.apiserver.k8s.io/v1 ListOptions
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema ListOptions PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema ListOptions PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema ListOptions PriorityLevelConfiguration
internal.apiserver.k8s.io/v1alpha1 ListOptions StorageVersion
networking.k8s.io/v1 ListOptions
networking.k8s.io/v1beta1 IPAddress Ingress IngressClass ListOptions ServiceCIDR
node.k8s.io/v1 ListOptions
node.k8s.io/v1alpha1 ListOptions RuntimeClass
node.k8s.io/v1beta1 ListOptions RuntimeClass
policy/v1 ListOptions
policy/v1beta1 Eviction ListOptions PodDisruptionBudget
rbac.authorization.k8s.io/v1 ListOptions
rbac.authorization.k8s.io/v1alpha1 ClusterRole ClusterRoleBinding ListOptions Role RoleBinding
rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding ListOptions Role RoleBinding
resource.k8s.io/v1 ListOptions
resource.k8s.io/v1alpha3 DeviceTaintRule ListOptions ResourcePoolStatusRequest
resource.k8s.io/v1beta1 DeviceClass ListOptions ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 DeviceClass DeviceTaintRule ListOptions ResourceClaim ResourceClaimTemplate ResourceSlice
scheduling.k8s.io/v1 ListOptions
scheduling.k8s.io/v1alpha2 ListOptions PodGroup Workload
scheduling.k8s.io/v1beta1 ListOptions PriorityClass
storage.k8s.io/v1 ListOptions
storage.k8s.io/v1alpha1 CSIStorageCapacity ListOptions VolumeAttachment VolumeAttributesClass
storage.k8s.io/v1beta1 CSIDriver CSINode CSIStorageCapacity ListOptions StorageClass VolumeAttachment VolumeAttributesClass
storagemigration.k8s.io/v1beta1 ListOptions StorageVersionMigration
v1 ListOptions NodeProxyOptions PodAttachOptions PodExecOptions PodLogOptions PodPortForwardOptions PodProxyOptions PodStatusResult RangeAllocation SerializedReference ServiceProxyOptions`
