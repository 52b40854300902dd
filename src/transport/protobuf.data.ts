/** Field numbers of Kubernetes 1.36's protobuf messages, one a line: name, then number, o(ne) p(ointer) l(ist) m(ap), type or line, field. */
export const MESSAGES = `
k8s.io.api.admission.v1.AdmissionRequest 1ostring:uid 2o616:kind 3o617:resource 4ostring:subResource 13p616:requestKind 14p617:requestResource 15ostring:requestSubResource 5ostring:name 6ostring:namespace 7ostring:operation 8o84:userInfo 9o652:object 10o652:oldObject 11pbool:dryRun 12o652:options
k8s.io.api.admission.v1.AdmissionResponse 1ostring:uid 2obool:allowed 3p635:status 4pbytes:patch 5pstring:patchType 6mstring:auditAnnotations 7lstring:warnings
k8s.io.api.admission.v1.AdmissionReview 1p0:request 2p1:response
k8s.io.api.admissionregistration.v1.ApplyConfiguration 1ostring:expression
k8s.io.api.admissionregistration.v1.AuditAnnotation 1ostring:key 2ostring:valueExpression
k8s.io.api.admissionregistration.v1.ExpressionWarning 2ostring:fieldRef 3ostring:warning
k8s.io.api.admissionregistration.v1.JSONPatch 1ostring:expression
k8s.io.api.admissionregistration.v1.MatchCondition 1ostring:name 2ostring:expression
k8s.io.api.admissionregistration.v1.MatchResources 1p618:namespaceSelector 2p618:objectSelector 3l19:resourceRules 4l19:excludeResourceRules 7pstring:matchPolicy
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicy 1o625:metadata 2o14:spec
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBinding 1o625:metadata 2o12:spec
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBindingList 1o621:metadata 2l10:items
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec 1ostring:policyName 2p21:paramRef 3p8:matchResources
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyList 1o621:metadata 2l9:items
k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicySpec 1p20:paramKind 2p8:matchConstraints 3l37:variables 4l18:mutations 5pstring:failurePolicy 6l7:matchConditions 7ostring:reinvocationPolicy
k8s.io.api.admissionregistration.v1.MutatingWebhook 1ostring:name 2o38:clientConfig 3l23:rules 4pstring:failurePolicy 9pstring:matchPolicy 5p618:namespaceSelector 11p618:objectSelector 6pstring:sideEffects 7pint32:timeoutSeconds 8lstring:admissionReviewVersions 10pstring:reinvocationPolicy 12l7:matchConditions
k8s.io.api.admissionregistration.v1.MutatingWebhookConfiguration 1o625:metadata 2l15:Webhooks
k8s.io.api.admissionregistration.v1.MutatingWebhookConfigurationList 1o621:metadata 2l16:items
k8s.io.api.admissionregistration.v1.Mutation 2ostring:patchType 3p3:applyConfiguration 4p6:jsonPatch
k8s.io.api.admissionregistration.v1.NamedRuleWithOperations 1lstring:resourceNames 2o23:ruleWithOperations
k8s.io.api.admissionregistration.v1.ParamKind 1ostring:apiVersion 2ostring:kind
k8s.io.api.admissionregistration.v1.ParamRef 1ostring:name 2ostring:namespace 3p618:selector 4pstring:parameterNotFoundAction
k8s.io.api.admissionregistration.v1.Rule 1lstring:apiGroups 2lstring:apiVersions 3lstring:resources 4pstring:scope
k8s.io.api.admissionregistration.v1.RuleWithOperations 1lstring:operations 2o22:rule
k8s.io.api.admissionregistration.v1.ServiceReference 1ostring:namespace 2ostring:name 3pstring:path 4pint32:port
k8s.io.api.admissionregistration.v1.TypeChecking 1l5:expressionWarnings
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicy 1o625:metadata 2o31:spec 3o32:status
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding 1o625:metadata 2o29:spec
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList 1o621:metadata 2l27:items
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec 1ostring:policyName 2p21:paramRef 3p8:matchResources 4lstring:validationActions
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyList 1o621:metadata 2l26:items
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicySpec 1p20:paramKind 2p8:matchConstraints 3l36:validations 4pstring:failurePolicy 5l4:auditAnnotations 6l7:matchConditions 7l37:variables
k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus 1oint64:observedGeneration 2p25:typeChecking 3l605:conditions
k8s.io.api.admissionregistration.v1.ValidatingWebhook 1ostring:name 2o38:clientConfig 3l23:rules 4pstring:failurePolicy 9pstring:matchPolicy 5p618:namespaceSelector 10p618:objectSelector 6pstring:sideEffects 7pint32:timeoutSeconds 8lstring:admissionReviewVersions 11l7:matchConditions
k8s.io.api.admissionregistration.v1.ValidatingWebhookConfiguration 1o625:metadata 2l33:Webhooks
k8s.io.api.admissionregistration.v1.ValidatingWebhookConfigurationList 1o621:metadata 2l34:items
k8s.io.api.admissionregistration.v1.Validation 1ostring:Expression 2ostring:message 3pstring:reason 4ostring:messageExpression
k8s.io.api.admissionregistration.v1.Variable 1ostring:Name 2ostring:Expression
k8s.io.api.admissionregistration.v1.WebhookClientConfig 3pstring:url 1p24:service 2pbytes:caBundle
k8s.io.api.apidiscovery.v2.APIGroupDiscovery 1o625:metadata 2l43:versions
k8s.io.api.apidiscovery.v2.APIGroupDiscoveryList 1o621:metadata 2l39:items
k8s.io.api.apidiscovery.v2.APIResourceDiscovery 1ostring:resource 2p616:responseKind 3ostring:scope 4ostring:singularResource 5lstring:verbs 6lstring:shortNames 7lstring:categories 8l42:subresources
k8s.io.api.apidiscovery.v2.APISubresourceDiscovery 1ostring:subresource 2p616:responseKind 3l616:acceptedTypes 4lstring:verbs
k8s.io.api.apidiscovery.v2.APIVersionDiscovery 1ostring:version 2l41:resources 3ostring:freshness
k8s.io.api.apps.v1.ControllerRevision 1o625:metadata 2o652:data 3oint64:revision
k8s.io.api.apps.v1.ControllerRevisionList 1o621:metadata 2l44:items
k8s.io.api.apps.v1.DaemonSet 1o625:metadata 2o49:spec 3o50:status
k8s.io.api.apps.v1.DaemonSetCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.apps.v1.DaemonSetList 1o621:metadata 2l46:items
k8s.io.api.apps.v1.DaemonSetSpec 1p618:selector 2o337:template 3o51:updateStrategy 4oint32:minReadySeconds 6pint32:revisionHistoryLimit
k8s.io.api.apps.v1.DaemonSetStatus 1oint32:currentNumberScheduled 2oint32:numberMisscheduled 3oint32:desiredNumberScheduled 4oint32:numberReady 5oint64:observedGeneration 6oint32:updatedNumberScheduled 7oint32:numberAvailable 8oint32:numberUnavailable 9pint32:collisionCount 10l47:conditions
k8s.io.api.apps.v1.DaemonSetUpdateStrategy 1ostring:type 2p63:rollingUpdate
k8s.io.api.apps.v1.Deployment 1o625:metadata 2o55:spec 3o56:status
k8s.io.api.apps.v1.DeploymentCondition 1ostring:type 2ostring:status 6o639:lastUpdateTime 7o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.apps.v1.DeploymentList 1o621:metadata 2l52:items
k8s.io.api.apps.v1.DeploymentSpec 1pint32:replicas 2p618:selector 3o337:template 4o57:strategy 5oint32:minReadySeconds 6pint32:revisionHistoryLimit 7obool:paused 9pint32:progressDeadlineSeconds
k8s.io.api.apps.v1.DeploymentStatus 1oint64:observedGeneration 2oint32:replicas 3oint32:updatedReplicas 7oint32:readyReplicas 4oint32:availableReplicas 5oint32:unavailableReplicas 9pint32:terminatingReplicas 6l53:conditions 8pint32:collisionCount
k8s.io.api.apps.v1.DeploymentStrategy 1ostring:type 2p64:rollingUpdate
k8s.io.api.apps.v1.ReplicaSet 1o625:metadata 2o61:spec 3o62:status
k8s.io.api.apps.v1.ReplicaSetCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.apps.v1.ReplicaSetList 1o621:metadata 2l58:items
k8s.io.api.apps.v1.ReplicaSetSpec 1pint32:replicas 4oint32:minReadySeconds 2p618:selector 3o337:template
k8s.io.api.apps.v1.ReplicaSetStatus 1oint32:replicas 2oint32:fullyLabeledReplicas 4oint32:readyReplicas 5oint32:availableReplicas 7pint32:terminatingReplicas 3oint64:observedGeneration 6l59:conditions
k8s.io.api.apps.v1.RollingUpdateDaemonSet 1p655:maxUnavailable 2p655:maxSurge
k8s.io.api.apps.v1.RollingUpdateDeployment 1p655:maxUnavailable 2p655:maxSurge
k8s.io.api.apps.v1.RollingUpdateStatefulSetStrategy 1pint32:partition 2p655:maxUnavailable
k8s.io.api.apps.v1.StatefulSet 1o625:metadata 2o71:spec 3o72:status
k8s.io.api.apps.v1.StatefulSetCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.apps.v1.StatefulSetList 1o621:metadata 2l66:items
k8s.io.api.apps.v1.StatefulSetOrdinals 1oint32:start
k8s.io.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy 1ostring:whenDeleted 2ostring:whenScaled
k8s.io.api.apps.v1.StatefulSetSpec 1pint32:replicas 2p618:selector 3o337:template 4l296:volumeClaimTemplates 5ostring:serviceName 6ostring:podManagementPolicy 7o73:updateStrategy 8pint32:revisionHistoryLimit 9oint32:minReadySeconds 10p70:persistentVolumeClaimRetentionPolicy 11p69:ordinals
k8s.io.api.apps.v1.StatefulSetStatus 1oint64:observedGeneration 2oint32:replicas 3oint32:readyReplicas 4oint32:currentReplicas 5oint32:updatedReplicas 6ostring:currentRevision 7ostring:updateRevision 9pint32:collisionCount 10l67:conditions 11oint32:availableReplicas
k8s.io.api.apps.v1.StatefulSetUpdateStrategy 1ostring:type 2p65:rollingUpdate
k8s.io.api.authentication.v1.BoundObjectReference 1ostring:kind 2ostring:apiVersion 3ostring:name 4ostring:uID
k8s.io.api.authentication.v1.ExtraValue 1lstring:items
k8s.io.api.authentication.v1.SelfSubjectReview 1o625:metadata 2o77:status
k8s.io.api.authentication.v1.SelfSubjectReviewStatus 1o84:userInfo
k8s.io.api.authentication.v1.TokenRequest 1o625:metadata 2o79:spec 3o80:status
k8s.io.api.authentication.v1.TokenRequestSpec 1lstring:audiences 4pint64:expirationSeconds 3p74:boundObjectRef
k8s.io.api.authentication.v1.TokenRequestStatus 1ostring:token 2o639:expirationTimestamp
k8s.io.api.authentication.v1.TokenReview 1o625:metadata 2o82:spec 3o83:status
k8s.io.api.authentication.v1.TokenReviewSpec 1ostring:token 2lstring:audiences
k8s.io.api.authentication.v1.TokenReviewStatus 1obool:authenticated 2o84:user 4lstring:audiences 3ostring:error
k8s.io.api.authentication.v1.UserInfo 1ostring:username 2ostring:uid 3lstring:groups 4m75:extra
k8s.io.api.authorization.v1.ExtraValue 1lstring:items
k8s.io.api.authorization.v1.FieldSelectorAttributes 1ostring:rawSelector 2l609:requirements
k8s.io.api.authorization.v1.LabelSelectorAttributes 1ostring:rawSelector 2l619:requirements
k8s.io.api.authorization.v1.LocalSubjectAccessReview 1o625:metadata 2o98:spec 3o99:status
k8s.io.api.authorization.v1.NonResourceAttributes 1ostring:path 2ostring:verb
k8s.io.api.authorization.v1.NonResourceRule 1lstring:verbs 2lstring:nonResourceURLs
k8s.io.api.authorization.v1.ResourceAttributes 1ostring:namespace 2ostring:verb 3ostring:group 4ostring:version 5ostring:resource 6ostring:subresource 7ostring:name 8p86:fieldSelector 9p87:labelSelector
k8s.io.api.authorization.v1.ResourceRule 1lstring:verbs 2lstring:apiGroups 3lstring:resources 4lstring:resourceNames
k8s.io.api.authorization.v1.SelfSubjectAccessReview 1o625:metadata 2o94:spec 3o99:status
k8s.io.api.authorization.v1.SelfSubjectAccessReviewSpec 1p91:resourceAttributes 2p89:nonResourceAttributes
k8s.io.api.authorization.v1.SelfSubjectRulesReview 1o625:metadata 2o96:spec 3o100:status
k8s.io.api.authorization.v1.SelfSubjectRulesReviewSpec 1ostring:namespace
k8s.io.api.authorization.v1.SubjectAccessReview 1o625:metadata 2o98:spec 3o99:status
k8s.io.api.authorization.v1.SubjectAccessReviewSpec 1p91:resourceAttributes 2p89:nonResourceAttributes 3ostring:user 4lstring:groups 5m85:extra 6ostring:uid
k8s.io.api.authorization.v1.SubjectAccessReviewStatus 1obool:allowed 4obool:denied 2ostring:reason 3ostring:evaluationError
k8s.io.api.authorization.v1.SubjectRulesReviewStatus 1l92:resourceRules 2l90:nonResourceRules 3obool:incomplete 4ostring:evaluationError
k8s.io.api.autoscaling.v1.ContainerResourceMetricSource 1ostring:name 2pint32:targetAverageUtilization 3p597:targetAverageValue 5ostring:container
k8s.io.api.autoscaling.v1.ContainerResourceMetricStatus 1ostring:name 2pint32:currentAverageUtilization 3o597:currentAverageValue 4ostring:container
k8s.io.api.autoscaling.v1.CrossVersionObjectReference 1ostring:kind 2ostring:name 3ostring:apiVersion
k8s.io.api.autoscaling.v1.ExternalMetricSource 1ostring:metricName 2p618:metricSelector 3p597:targetValue 4p597:targetAverageValue
k8s.io.api.autoscaling.v1.ExternalMetricStatus 1ostring:metricName 2p618:metricSelector 3o597:currentValue 4p597:currentAverageValue
k8s.io.api.autoscaling.v1.HorizontalPodAutoscaler 1o625:metadata 2o109:spec 3o110:status
k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerList 1o621:metadata 2l106:items
k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerSpec 1o103:scaleTargetRef 2pint32:minReplicas 3oint32:maxReplicas 4pint32:targetCPUUtilizationPercentage
k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerStatus 1pint64:observedGeneration 2p639:lastScaleTime 3oint32:currentReplicas 4oint32:desiredReplicas 5pint32:currentCPUUtilizationPercentage
k8s.io.api.autoscaling.v1.MetricSpec 1ostring:type 2p113:object 3p115:pods 4p117:resource 7p101:containerResource 5p104:external
k8s.io.api.autoscaling.v1.MetricStatus 1ostring:type 2p114:object 3p116:pods 4p118:resource 7p102:containerResource 5p105:external
k8s.io.api.autoscaling.v1.ObjectMetricSource 1o103:target 2ostring:metricName 3o597:targetValue 4p618:selector 5p597:averageValue
k8s.io.api.autoscaling.v1.ObjectMetricStatus 1o103:target 2ostring:metricName 3o597:currentValue 4p618:selector 5p597:averageValue
k8s.io.api.autoscaling.v1.PodsMetricSource 1ostring:metricName 2o597:targetAverageValue 3p618:selector
k8s.io.api.autoscaling.v1.PodsMetricStatus 1ostring:metricName 2o597:currentAverageValue 3p618:selector
k8s.io.api.autoscaling.v1.ResourceMetricSource 1ostring:name 2pint32:targetAverageUtilization 3p597:targetAverageValue
k8s.io.api.autoscaling.v1.ResourceMetricStatus 1ostring:name 2pint32:currentAverageUtilization 3o597:currentAverageValue
k8s.io.api.autoscaling.v1.Scale 1o625:metadata 2o120:spec 3o121:status
k8s.io.api.autoscaling.v1.ScaleSpec 1oint32:replicas
k8s.io.api.autoscaling.v1.ScaleStatus 1oint32:replicas 2ostring:selector
k8s.io.api.autoscaling.v2.ContainerResourceMetricSource 1ostring:name 2o138:target 3ostring:container
k8s.io.api.autoscaling.v2.ContainerResourceMetricStatus 1ostring:name 2o139:current 3ostring:container
k8s.io.api.autoscaling.v2.CrossVersionObjectReference 1ostring:kind 2ostring:name 3ostring:apiVersion
k8s.io.api.autoscaling.v2.ExternalMetricSource 1o135:metric 2o138:target
k8s.io.api.autoscaling.v2.ExternalMetricStatus 1o135:metric 2o139:current
k8s.io.api.autoscaling.v2.HPAScalingPolicy 1ostring:type 2oint32:value 3oint32:periodSeconds
k8s.io.api.autoscaling.v2.HPAScalingRules 3pint32:stabilizationWindowSeconds 1pstring:selectPolicy 2l127:policies 4p597:tolerance
k8s.io.api.autoscaling.v2.HorizontalPodAutoscaler 1o625:metadata 2o133:spec 3o134:status
k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerBehavior 1p128:scaleUp 2p128:scaleDown
k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerList 1o621:metadata 2l129:items
k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerSpec 1o124:scaleTargetRef 2pint32:minReplicas 3oint32:maxReplicas 4l136:metrics 5p130:behavior
k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerStatus 1pint64:observedGeneration 2p639:lastScaleTime 3oint32:currentReplicas 4oint32:desiredReplicas 5l137:currentMetrics 6l131:conditions
k8s.io.api.autoscaling.v2.MetricIdentifier 1ostring:name 2p618:selector
k8s.io.api.autoscaling.v2.MetricSpec 1ostring:type 2p140:object 3p142:pods 4p144:resource 7p122:containerResource 5p125:external
k8s.io.api.autoscaling.v2.MetricStatus 1ostring:type 2p141:object 3p143:pods 4p145:resource 7p123:containerResource 5p126:external
k8s.io.api.autoscaling.v2.MetricTarget 1ostring:type 2p597:value 3p597:averageValue 4pint32:averageUtilization
k8s.io.api.autoscaling.v2.MetricValueStatus 1p597:value 2p597:averageValue 3pint32:averageUtilization
k8s.io.api.autoscaling.v2.ObjectMetricSource 1o124:describedObject 2o138:target 3o135:metric
k8s.io.api.autoscaling.v2.ObjectMetricStatus 1o135:metric 2o139:current 3o124:describedObject
k8s.io.api.autoscaling.v2.PodsMetricSource 1o135:metric 2o138:target
k8s.io.api.autoscaling.v2.PodsMetricStatus 1o135:metric 2o139:current
k8s.io.api.autoscaling.v2.ResourceMetricSource 1ostring:name 2o138:target
k8s.io.api.autoscaling.v2.ResourceMetricStatus 1ostring:name 2o139:current
k8s.io.api.batch.v1.CronJob 1o625:metadata 2o148:spec 3o149:status
k8s.io.api.batch.v1.CronJobList 1o621:metadata 2l146:items
k8s.io.api.batch.v1.CronJobSpec 1ostring:schedule 8pstring:timeZone 2pint64:startingDeadlineSeconds 3ostring:concurrencyPolicy 4pbool:suspend 5o155:jobTemplate 6pint32:successfulJobsHistoryLimit 7pint32:failedJobsHistoryLimit
k8s.io.api.batch.v1.CronJobStatus 1l294:active 4p639:lastScheduleTime 5p639:lastSuccessfulTime
k8s.io.api.batch.v1.Job 1o625:metadata 2o153:spec 3o154:status
k8s.io.api.batch.v1.JobCondition 1ostring:type 2ostring:status 3o639:lastProbeTime 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.api.batch.v1.JobList 1o621:metadata 2l150:items
k8s.io.api.batch.v1.JobSpec 1pint32:parallelism 2pint32:completions 3pint64:activeDeadlineSeconds 11p156:podFailurePolicy 16p160:successPolicy 7pint32:backoffLimit 12pint32:backoffLimitPerIndex 13pint32:maxFailedIndexes 4p618:selector 5pbool:manualSelector 6o337:template 8pint32:ttlSecondsAfterFinished 9pstring:completionMode 10pbool:suspend 14pstring:podReplacementPolicy 15pstring:managedBy
k8s.io.api.batch.v1.JobStatus 1l151:conditions 2p639:startTime 3p639:completionTime 4oint32:active 5oint32:succeeded 6oint32:failed 11pint32:terminating 7ostring:completedIndexes 10pstring:failedIndexes 8p162:uncountedTerminatedPods 9pint32:ready
k8s.io.api.batch.v1.JobTemplateSpec 1o625:metadata 2o153:spec
k8s.io.api.batch.v1.PodFailurePolicy 1l159:rules
k8s.io.api.batch.v1.PodFailurePolicyOnExitCodesRequirement 1pstring:containerName 2ostring:operator 3lint32:values
k8s.io.api.batch.v1.PodFailurePolicyOnPodConditionsPattern 1ostring:type 2ostring:status
k8s.io.api.batch.v1.PodFailurePolicyRule 1ostring:action 2p157:onExitCodes 3l158:onPodConditions
k8s.io.api.batch.v1.SuccessPolicy 1l161:rules
k8s.io.api.batch.v1.SuccessPolicyRule 1pstring:succeededIndexes 2pint32:succeededCount
k8s.io.api.batch.v1.UncountedTerminatedPods 1lstring:succeeded 2lstring:failed
k8s.io.api.certificates.v1.CertificateSigningRequest 1o625:metadata 2o166:spec 3o167:status
k8s.io.api.certificates.v1.CertificateSigningRequestCondition 1ostring:type 6ostring:status 2ostring:reason 3ostring:message 4o639:lastUpdateTime 5o639:lastTransitionTime
k8s.io.api.certificates.v1.CertificateSigningRequestList 1o621:metadata 2l163:items
k8s.io.api.certificates.v1.CertificateSigningRequestSpec 1pbytes:request 7ostring:signerName 8pint32:expirationSeconds 5lstring:usages 2ostring:username 3ostring:uid 4lstring:groups 6m168:extra
k8s.io.api.certificates.v1.CertificateSigningRequestStatus 1l164:conditions 2pbytes:certificate
k8s.io.api.certificates.v1.ExtraValue 1lstring:items
k8s.io.api.coordination.v1.Lease 1o625:metadata 2o171:spec
k8s.io.api.coordination.v1.LeaseList 1o621:metadata 2l169:items
k8s.io.api.coordination.v1.LeaseSpec 1pstring:holderIdentity 2pint32:leaseDurationSeconds 3p624:acquireTime 4p624:renewTime 5pint32:leaseTransitions 6pstring:strategy 7pstring:preferredHolder
k8s.io.api.core.v1.AWSElasticBlockStoreVolumeSource 1ostring:volumeID 2ostring:fsType 3oint32:partition 4obool:readOnly
k8s.io.api.core.v1.Affinity 1p275:nodeAffinity 2p309:podAffinity 3p311:podAntiAffinity
k8s.io.api.core.v1.AppArmorProfile 1ostring:type 2pstring:localhostProfile
k8s.io.api.core.v1.AttachedVolume 1ostring:name 2ostring:devicePath
k8s.io.api.core.v1.AvoidPods 1l341:preferAvoidPods
k8s.io.api.core.v1.AzureDiskVolumeSource 1ostring:diskName 2ostring:diskURI 3pstring:cachingMode 4pstring:fsType 5pbool:readOnly 6pstring:kind
k8s.io.api.core.v1.AzureFilePersistentVolumeSource 1ostring:secretName 2ostring:shareName 3obool:readOnly 4pstring:secretNamespace
k8s.io.api.core.v1.AzureFileVolumeSource 1ostring:secretName 2ostring:shareName 3obool:readOnly
k8s.io.api.core.v1.Binding 1o625:metadata 2o294:target
k8s.io.api.core.v1.CSIPersistentVolumeSource 1ostring:driver 2ostring:volumeHandle 3obool:readOnly 4ostring:fsType 5mstring:volumeAttributes 6p375:controllerPublishSecretRef 7p375:nodeStageSecretRef 8p375:nodePublishSecretRef 9p375:controllerExpandSecretRef 10p375:nodeExpandSecretRef
k8s.io.api.core.v1.CSIVolumeSource 1ostring:driver 2pbool:readOnly 3pstring:fsType 4mstring:volumeAttributes 5p264:nodePublishSecretRef
k8s.io.api.core.v1.Capabilities 1lstring:add 2lstring:drop
k8s.io.api.core.v1.CephFSPersistentVolumeSource 1lstring:monitors 2ostring:path 3ostring:user 4ostring:secretFile 5p375:secretRef 6obool:readOnly
k8s.io.api.core.v1.CephFSVolumeSource 1lstring:monitors 2ostring:path 3ostring:user 4ostring:secretFile 5p264:secretRef 6obool:readOnly
k8s.io.api.core.v1.CinderPersistentVolumeSource 1ostring:volumeID 2ostring:fsType 3obool:readOnly 4p375:secretRef
k8s.io.api.core.v1.CinderVolumeSource 1ostring:volumeID 2ostring:fsType 3obool:readOnly 4p264:secretRef
k8s.io.api.core.v1.ClientIPConfig 1pint32:timeoutSeconds
k8s.io.api.core.v1.ClusterTrustBundleProjection 1pstring:name 2pstring:signerName 3p618:labelSelector 5pbool:optional 4ostring:path
k8s.io.api.core.v1.ComponentCondition 1ostring:type 2ostring:status 3ostring:message 4ostring:error
k8s.io.api.core.v1.ComponentStatus 1o625:metadata 2l190:conditions
k8s.io.api.core.v1.ComponentStatusList 1o621:metadata 2l191:items
k8s.io.api.core.v1.ConfigMap 1o625:metadata 4pbool:immutable 2mstring:data 3mbytes:binaryData
k8s.io.api.core.v1.ConfigMapEnvSource 1o264:localObjectReference 2pbool:optional
k8s.io.api.core.v1.ConfigMapKeySelector 1o264:localObjectReference 2ostring:key 3pbool:optional
k8s.io.api.core.v1.ConfigMapList 1o621:metadata 2l193:items
k8s.io.api.core.v1.ConfigMapNodeConfigSource 1ostring:namespace 2ostring:name 3ostring:uid 4ostring:resourceVersion 5ostring:kubeletConfigKey
k8s.io.api.core.v1.ConfigMapProjection 1o264:localObjectReference 2l253:items 4pbool:optional
k8s.io.api.core.v1.ConfigMapVolumeSource 1o264:localObjectReference 2l253:items 3pint32:defaultMode 4pbool:optional
k8s.io.api.core.v1.Container 1ostring:name 2ostring:image 3lstring:command 4lstring:args 5ostring:workingDir 6l203:ports 19l223:envFrom 7l224:env 8o362:resources 23l204:resizePolicy 24pstring:restartPolicy 25l205:restartPolicyRules 9l403:volumeMounts 21l402:volumeDevices 10p343:livenessProbe 11p343:readinessProbe 22p343:startupProbe 12p254:lifecycle 13ostring:terminationMessagePath 20ostring:terminationMessagePolicy 14ostring:imagePullPolicy 15p377:securityContext 16obool:stdin 17obool:stdinOnce 18obool:tty
k8s.io.api.core.v1.ContainerExtendedResourceRequest 1ostring:containerName 2ostring:resourceName 3ostring:requestName
k8s.io.api.core.v1.ContainerImage 1lstring:names 2oint64:sizeBytes
k8s.io.api.core.v1.ContainerPort 1ostring:name 2oint32:hostPort 3oint32:containerPort 4ostring:protocol 5ostring:hostIP
k8s.io.api.core.v1.ContainerResizePolicy 1ostring:resourceName 2ostring:restartPolicy
k8s.io.api.core.v1.ContainerRestartRule 1ostring:action 2p206:exitCodes
k8s.io.api.core.v1.ContainerRestartRuleOnExitCodes 1ostring:operator 2lint32:values
k8s.io.api.core.v1.ContainerState 1p210:waiting 2p208:running 3p209:terminated
k8s.io.api.core.v1.ContainerStateRunning 1o639:startedAt
k8s.io.api.core.v1.ContainerStateTerminated 1oint32:exitCode 2oint32:signal 3ostring:reason 4ostring:message 5o639:startedAt 6o639:finishedAt 7ostring:containerID
k8s.io.api.core.v1.ContainerStateWaiting 1ostring:reason 2ostring:message
k8s.io.api.core.v1.ContainerStatus 1ostring:name 2o207:state 3o207:lastState 4obool:ready 5oint32:restartCount 6ostring:image 7ostring:imageID 8ostring:containerID 9pbool:started 10m597:allocatedResources 11p362:resources 12l404:volumeMounts 13p212:user 14l363:allocatedResourcesStatus 15pstring:stopSignal
k8s.io.api.core.v1.ContainerUser 1p260:linux
k8s.io.api.core.v1.DaemonEndpoint 1oint32:Port
k8s.io.api.core.v1.DownwardAPIProjection 1l215:items
k8s.io.api.core.v1.DownwardAPIVolumeFile 1ostring:path 2p293:fieldRef 3p356:resourceFieldRef 4pint32:mode
k8s.io.api.core.v1.DownwardAPIVolumeSource 1l215:items 2pint32:defaultMode
k8s.io.api.core.v1.EmptyDirVolumeSource 1ostring:medium 2p597:sizeLimit
k8s.io.api.core.v1.EndpointAddress 1ostring:ip 3ostring:hostname 4pstring:nodeName 2p294:targetRef
k8s.io.api.core.v1.EndpointPort 1ostring:name 2oint32:port 3ostring:protocol 4pstring:appProtocol
k8s.io.api.core.v1.EndpointSubset 1l218:addresses 2l218:notReadyAddresses 3l219:ports
k8s.io.api.core.v1.Endpoints 1o625:metadata 2l220:subsets
k8s.io.api.core.v1.EndpointsList 1o621:metadata 2l221:items
k8s.io.api.core.v1.EnvFromSource 1ostring:prefix 2p194:configMapRef 3p371:secretRef
k8s.io.api.core.v1.EnvVar 1ostring:name 2ostring:value 3p225:valueFrom
k8s.io.api.core.v1.EnvVarSource 1p293:fieldRef 2p356:resourceFieldRef 3p195:configMapKeyRef 4p372:secretKeyRef 5p235:fileKeyRef
k8s.io.api.core.v1.EphemeralContainer 1o227:ephemeralContainerCommon 2ostring:targetContainerName
k8s.io.api.core.v1.EphemeralContainerCommon 1ostring:name 2ostring:image 3lstring:command 4lstring:args 5ostring:workingDir 6l203:ports 19l223:envFrom 7l224:env 8o362:resources 23l204:resizePolicy 24pstring:restartPolicy 25l205:restartPolicyRules 9l403:volumeMounts 21l402:volumeDevices 10p343:livenessProbe 11p343:readinessProbe 22p343:startupProbe 12p254:lifecycle 13ostring:terminationMessagePath 20ostring:terminationMessagePolicy 14ostring:imagePullPolicy 15p377:securityContext 16obool:stdin 17obool:stdinOnce 18obool:tty
k8s.io.api.core.v1.EphemeralVolumeSource 1p301:volumeClaimTemplate
k8s.io.api.core.v1.Event 1o625:metadata 2o294:involvedObject 3ostring:reason 4ostring:message 5o232:source 6o639:firstTimestamp 7o639:lastTimestamp 8oint32:count 9ostring:type 10o624:eventTime 11p231:series 12ostring:action 13p294:related 14ostring:reportingComponent 15ostring:reportingInstance
k8s.io.api.core.v1.EventList 1o621:metadata 2l229:items
k8s.io.api.core.v1.EventSeries 1oint32:count 2o624:lastObservedTime
k8s.io.api.core.v1.EventSource 1ostring:component 2ostring:host
k8s.io.api.core.v1.ExecAction 1lstring:command
k8s.io.api.core.v1.FCVolumeSource 1lstring:targetWWNs 2pint32:lun 3ostring:fsType 4obool:readOnly 5lstring:wwids
k8s.io.api.core.v1.FileKeySelector 1ostring:volumeName 2ostring:path 3ostring:key 4pbool:optional
k8s.io.api.core.v1.FlexPersistentVolumeSource 1ostring:driver 2ostring:fsType 3p375:secretRef 4obool:readOnly 5mstring:options
k8s.io.api.core.v1.FlexVolumeSource 1ostring:driver 2ostring:fsType 3p264:secretRef 4obool:readOnly 5mstring:options
k8s.io.api.core.v1.FlockerVolumeSource 1ostring:datasetName 2ostring:datasetUUID
k8s.io.api.core.v1.GCEPersistentDiskVolumeSource 1ostring:pdName 2ostring:fsType 3oint32:partition 4obool:readOnly
k8s.io.api.core.v1.GRPCAction 1oint32:port 2pstring:service
k8s.io.api.core.v1.GitRepoVolumeSource 1ostring:repository 2ostring:revision 3ostring:directory
k8s.io.api.core.v1.GlusterfsPersistentVolumeSource 1ostring:endpoints 2ostring:path 3obool:readOnly 4pstring:endpointsNamespace
k8s.io.api.core.v1.GlusterfsVolumeSource 1ostring:endpoints 2ostring:path 3obool:readOnly
k8s.io.api.core.v1.HTTPGetAction 1ostring:path 2o655:port 3ostring:host 4ostring:scheme 5l245:httpHeaders
k8s.io.api.core.v1.HTTPHeader 1ostring:name 2ostring:value
k8s.io.api.core.v1.HostAlias 1ostring:ip 2lstring:hostnames
k8s.io.api.core.v1.HostIP 1ostring:ip
k8s.io.api.core.v1.HostPathVolumeSource 1ostring:path 2pstring:type
k8s.io.api.core.v1.ISCSIPersistentVolumeSource 1ostring:targetPortal 2ostring:iqn 3oint32:lun 4ostring:iscsiInterface 5ostring:fsType 6obool:readOnly 7lstring:portals 8obool:chapAuthDiscovery 11obool:chapAuthSession 10p375:secretRef 12pstring:initiatorName
k8s.io.api.core.v1.ISCSIVolumeSource 1ostring:targetPortal 2ostring:iqn 3oint32:lun 4ostring:iscsiInterface 5ostring:fsType 6obool:readOnly 7lstring:portals 8obool:chapAuthDiscovery 11obool:chapAuthSession 10p264:secretRef 12pstring:initiatorName
k8s.io.api.core.v1.ImageVolumeSource 1ostring:reference 2ostring:pullPolicy
k8s.io.api.core.v1.ImageVolumeStatus 1ostring:imageRef
k8s.io.api.core.v1.KeyToPath 1ostring:key 2ostring:path 3pint32:mode
k8s.io.api.core.v1.Lifecycle 1p255:postStart 2p255:preStop 3pstring:stopSignal
k8s.io.api.core.v1.LifecycleHandler 1p233:exec 2p244:httpGet 3p393:tcpSocket 4p389:sleep
k8s.io.api.core.v1.LimitRange 1o625:metadata 2o259:spec
k8s.io.api.core.v1.LimitRangeItem 1ostring:type 2m597:max 3m597:min 4m597:default 5m597:defaultRequest 6m597:maxLimitRequestRatio
k8s.io.api.core.v1.LimitRangeList 1o621:metadata 2l256:items
k8s.io.api.core.v1.LimitRangeSpec 1l257:limits
k8s.io.api.core.v1.LinuxContainerUser 1oint64:uid 2oint64:gid 3lint64:supplementalGroups
k8s.io.api.core.v1.List 1o621:metadata 2l652:items
k8s.io.api.core.v1.LoadBalancerIngress 1ostring:ip 2ostring:hostname 3pstring:ipMode 4l338:ports
k8s.io.api.core.v1.LoadBalancerStatus 1l262:ingress
k8s.io.api.core.v1.LocalObjectReference 1ostring:name
k8s.io.api.core.v1.LocalVolumeSource 1ostring:path 2pstring:fsType
k8s.io.api.core.v1.ModifyVolumeStatus 1ostring:targetVolumeAttributesClassName 2ostring:status
k8s.io.api.core.v1.NFSVolumeSource 1ostring:server 2ostring:path 3obool:readOnly
k8s.io.api.core.v1.Namespace 1o625:metadata 2o271:spec 3o272:status
k8s.io.api.core.v1.NamespaceCondition 1ostring:type 2ostring:status 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.api.core.v1.NamespaceList 1o621:metadata 2l268:items
k8s.io.api.core.v1.NamespaceSpec 1lstring:finalizers
k8s.io.api.core.v1.NamespaceStatus 1ostring:phase 2l269:conditions
k8s.io.api.core.v1.Node 1o625:metadata 2o289:spec 3o290:status
k8s.io.api.core.v1.NodeAddress 1ostring:type 2ostring:address
k8s.io.api.core.v1.NodeAffinity 1p286:requiredDuringSchedulingIgnoredDuringExecution 2l342:preferredDuringSchedulingIgnoredDuringExecution
k8s.io.api.core.v1.NodeAllocatableResourceClaimStatus 1ostring:resourceClaimName 2lstring:containers 3m597:resources
k8s.io.api.core.v1.NodeCondition 1ostring:type 2ostring:status 3o639:lastHeartbeatTime 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.api.core.v1.NodeConfigSource 2p197:configMap
k8s.io.api.core.v1.NodeConfigStatus 1p278:assigned 2p278:active 3p278:lastKnownGood 4ostring:error
k8s.io.api.core.v1.NodeDaemonEndpoints 1o213:kubeletEndpoint
k8s.io.api.core.v1.NodeFeatures 1pbool:supplementalGroupsPolicy
k8s.io.api.core.v1.NodeList 1o621:metadata 2l273:items
k8s.io.api.core.v1.NodeProxyOptions 1ostring:path
k8s.io.api.core.v1.NodeRuntimeHandler 1ostring:name 2p285:features
k8s.io.api.core.v1.NodeRuntimeHandlerFeatures 1pbool:recursiveReadOnlyMounts 2pbool:userNamespaces
k8s.io.api.core.v1.NodeSelector 1l288:nodeSelectorTerms
k8s.io.api.core.v1.NodeSelectorRequirement 1ostring:key 2ostring:operator 3lstring:values
k8s.io.api.core.v1.NodeSelectorTerm 1l287:matchExpressions 2l287:matchFields
k8s.io.api.core.v1.NodeSpec 1ostring:podCIDR 7lstring:podCIDRs 3ostring:providerID 4obool:unschedulable 5l394:taints 6p278:configSource 2ostring:externalID
k8s.io.api.core.v1.NodeStatus 1m597:capacity 2m597:allocatable 3ostring:phase 4l277:conditions 5l274:addresses 6o280:daemonEndpoints 7o292:nodeInfo 8l202:images 9lstring:volumesInUse 10l175:volumesAttached 11p279:config 12l284:runtimeHandlers 13p281:features 14lstring:declaredFeatures
k8s.io.api.core.v1.NodeSwapStatus 1pint64:capacity
k8s.io.api.core.v1.NodeSystemInfo 1ostring:machineID 2ostring:systemUUID 3ostring:bootID 4ostring:kernelVersion 5ostring:osImage 6ostring:containerRuntimeVersion 7ostring:kubeletVersion 8ostring:kubeProxyVersion 9ostring:operatingSystem 10ostring:architecture 11p291:swap
k8s.io.api.core.v1.ObjectFieldSelector 1ostring:apiVersion 2ostring:fieldPath
k8s.io.api.core.v1.ObjectReference 1ostring:kind 2ostring:namespace 3ostring:name 4ostring:uid 5ostring:apiVersion 6ostring:resourceVersion 7ostring:fieldPath
k8s.io.api.core.v1.PersistentVolume 1o625:metadata 2o305:spec 3o306:status
k8s.io.api.core.v1.PersistentVolumeClaim 1o625:metadata 2o299:spec 3o300:status
k8s.io.api.core.v1.PersistentVolumeClaimCondition 1ostring:type 2ostring:status 3o639:lastProbeTime 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.api.core.v1.PersistentVolumeClaimList 1o621:metadata 2l296:items
k8s.io.api.core.v1.PersistentVolumeClaimSpec 1lstring:accessModes 4p618:selector 2o407:resources 3ostring:volumeName 5pstring:storageClassName 6pstring:volumeMode 7p399:dataSource 8p400:dataSourceRef 9pstring:volumeAttributesClassName
k8s.io.api.core.v1.PersistentVolumeClaimStatus 1ostring:phase 2lstring:accessModes 3m597:capacity 4l297:conditions 5m597:allocatedResources 7mstring:allocatedResourceStatuses 8pstring:currentVolumeAttributesClassName 9p266:modifyVolumeStatus
k8s.io.api.core.v1.PersistentVolumeClaimTemplate 1o625:metadata 2o299:spec
k8s.io.api.core.v1.PersistentVolumeClaimVolumeSource 1ostring:claimName 2obool:readOnly
k8s.io.api.core.v1.PersistentVolumeList 1o621:metadata 2l295:items
k8s.io.api.core.v1.PersistentVolumeSource 1p239:gcePersistentDisk 2p172:awsElasticBlockStore 3p248:hostPath 4p242:glusterfs 5p267:nfs 6p347:rbd 7p249:iscsi 8p186:cinder 9p184:cephfs 10p234:fc 11p238:flocker 12p236:flexVolume 13p178:azureFile 14p410:vsphereVolume 15p346:quobyte 16p177:azureDisk 17p307:photonPersistentDisk 18p339:portworxVolume 19p365:scaleIO 20p265:local 21p390:storageos 22p181:csi
k8s.io.api.core.v1.PersistentVolumeSpec 1m597:capacity 2o304:persistentVolumeSource 3lstring:accessModes 4p294:claimRef 5ostring:persistentVolumeReclaimPolicy 6ostring:storageClassName 7lstring:mountOptions 8pstring:volumeMode 9p405:nodeAffinity 10pstring:volumeAttributesClassName
k8s.io.api.core.v1.PersistentVolumeStatus 1ostring:phase 2ostring:message 3ostring:reason 4p639:lastPhaseTransitionTime
k8s.io.api.core.v1.PhotonPersistentDiskVolumeSource 1ostring:pdID 2ostring:fsType
k8s.io.api.core.v1.Pod 1o625:metadata 2o332:spec 3o333:status
k8s.io.api.core.v1.PodAffinity 1l310:requiredDuringSchedulingIgnoredDuringExecution 2l411:preferredDuringSchedulingIgnoredDuringExecution
k8s.io.api.core.v1.PodAffinityTerm 1p618:labelSelector 2lstring:namespaces 3ostring:topologyKey 4p618:namespaceSelector 5lstring:matchLabelKeys 6lstring:mismatchLabelKeys
k8s.io.api.core.v1.PodAntiAffinity 1l310:requiredDuringSchedulingIgnoredDuringExecution 2l411:preferredDuringSchedulingIgnoredDuringExecution
k8s.io.api.core.v1.PodAttachOptions 1obool:stdin 2obool:stdout 3obool:stderr 4obool:tty 5ostring:container
k8s.io.api.core.v1.PodCertificateProjection 1ostring:signerName 2ostring:keyType 3pint32:maxExpirationSeconds 4ostring:credentialBundlePath 5ostring:keyPath 6ostring:certificateChainPath 7mstring:userAnnotations
k8s.io.api.core.v1.PodCondition 1ostring:type 7oint64:observedGeneration 2ostring:status 3o639:lastProbeTime 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.api.core.v1.PodDNSConfig 1lstring:nameservers 2lstring:searches 3l316:options
k8s.io.api.core.v1.PodDNSConfigOption 1ostring:name 2pstring:value
k8s.io.api.core.v1.PodExecOptions 1obool:stdin 2obool:stdout 3obool:stderr 4obool:tty 5ostring:container 6lstring:command
k8s.io.api.core.v1.PodExtendedResourceClaimStatus 1l201:requestMappings 2ostring:resourceClaimName
k8s.io.api.core.v1.PodIP 1ostring:ip
k8s.io.api.core.v1.PodList 1o621:metadata 2l308:items
k8s.io.api.core.v1.PodLogOptions 1ostring:container 2obool:follow 3obool:previous 4pint64:sinceSeconds 5p639:sinceTime 6obool:timestamps 7pint64:tailLines 8pint64:limitBytes 9obool:insecureSkipTLSVerifyBackend 10pstring:stream
k8s.io.api.core.v1.PodOS 1ostring:name
k8s.io.api.core.v1.PodPortForwardOptions 1lint32:ports
k8s.io.api.core.v1.PodProxyOptions 1ostring:path
k8s.io.api.core.v1.PodReadinessGate 1ostring:conditionType
k8s.io.api.core.v1.PodResourceClaim 1ostring:name 3pstring:resourceClaimName 4pstring:resourceClaimTemplateName
k8s.io.api.core.v1.PodResourceClaimStatus 1ostring:name 2pstring:resourceClaimName
k8s.io.api.core.v1.PodSchedulingGate 1ostring:name
k8s.io.api.core.v1.PodSchedulingGroup 1pstring:podGroupName
k8s.io.api.core.v1.PodSecurityContext 1p364:seLinuxOptions 8p412:windowsOptions 2pint64:runAsUser 6pint64:runAsGroup 3pbool:runAsNonRoot 4lint64:supplementalGroups 12pstring:supplementalGroupsPolicy 5pint64:fsGroup 7l392:sysctls 9pstring:fsGroupChangePolicy 10p369:seccompProfile 11p174:appArmorProfile 13pstring:seLinuxChangePolicy
k8s.io.api.core.v1.PodSignature 1p626:podController
k8s.io.api.core.v1.PodSpec 1l401:volumes 20l200:initContainers 2l200:containers 34l226:ephemeralContainers 3ostring:restartPolicy 4pint64:terminationGracePeriodSeconds 5pint64:activeDeadlineSeconds 6ostring:dnsPolicy 7mstring:nodeSelector 8ostring:serviceAccountName 9ostring:serviceAccount 21pbool:automountServiceAccountToken 10ostring:nodeName 11obool:hostNetwork 12obool:hostPID 13obool:hostIPC 27pbool:shareProcessNamespace 14p330:securityContext 15l264:imagePullSecrets 16ostring:hostname 17ostring:subdomain 18p173:affinity 19ostring:schedulerName 22l395:tolerations 23l246:hostAliases 24ostring:priorityClassName 25pint32:priority 26p315:dnsConfig 28l325:readinessGates 29pstring:runtimeClassName 30pbool:enableServiceLinks 31pstring:preemptionPolicy 32m597:overhead 33l398:topologySpreadConstraints 35pbool:setHostnameAsFQDN 36p322:os 37pbool:hostUsers 38l328:schedulingGates 39l326:resourceClaims 40p362:resources 41pstring:hostnameOverride 43p329:schedulingGroup
k8s.io.api.core.v1.PodStatus 17oint64:observedGeneration 1ostring:phase 2l314:conditions 3ostring:message 4ostring:reason 11ostring:nominatedNodeName 5ostring:hostIP 16l247:hostIPs 6ostring:podIP 12l319:podIPs 7p639:startTime 10l211:initContainerStatuses 8l211:containerStatuses 9ostring:qosClass 13l211:ephemeralContainerStatuses 14ostring:resize 15l327:resourceClaimStatuses 18p318:extendedResourceClaimStatus 19m597:allocatedResources 20p362:resources 21l276:nodeAllocatableResourceClaimStatuses
k8s.io.api.core.v1.PodStatusResult 1o625:metadata 2o333:status
k8s.io.api.core.v1.PodTemplate 1o625:metadata 2o337:template
k8s.io.api.core.v1.PodTemplateList 1o621:metadata 2l335:items
k8s.io.api.core.v1.PodTemplateSpec 1o625:metadata 2o332:spec
k8s.io.api.core.v1.PortStatus 1oint32:port 2ostring:protocol 3pstring:error
k8s.io.api.core.v1.PortworxVolumeSource 1ostring:volumeID 2ostring:fsType 3obool:readOnly
k8s.io.api.core.v1.Preconditions 1pstring:uid
k8s.io.api.core.v1.PreferAvoidPodsEntry 1o331:podSignature 2o639:evictionTime 3ostring:reason 4ostring:message
k8s.io.api.core.v1.PreferredSchedulingTerm 1oint32:weight 2o288:preference
k8s.io.api.core.v1.Probe 1o344:handler 2oint32:initialDelaySeconds 3oint32:timeoutSeconds 4oint32:periodSeconds 5oint32:successThreshold 6oint32:failureThreshold 7pint64:terminationGracePeriodSeconds
k8s.io.api.core.v1.ProbeHandler 1p233:exec 2p244:httpGet 3p393:tcpSocket 4p240:grpc
k8s.io.api.core.v1.ProjectedVolumeSource 1l406:sources 2pint32:defaultMode
k8s.io.api.core.v1.QuobyteVolumeSource 1ostring:registry 2ostring:volume 3obool:readOnly 4ostring:user 5ostring:group 6ostring:tenant
k8s.io.api.core.v1.RBDPersistentVolumeSource 1lstring:monitors 2ostring:image 3ostring:fsType 4ostring:pool 5ostring:user 6ostring:keyring 7p375:secretRef 8obool:readOnly
k8s.io.api.core.v1.RBDVolumeSource 1lstring:monitors 2ostring:image 3ostring:fsType 4ostring:pool 5ostring:user 6ostring:keyring 7p264:secretRef 8obool:readOnly
k8s.io.api.core.v1.RangeAllocation 1o625:metadata 2ostring:range 3pbytes:data
k8s.io.api.core.v1.ReplicationController 1o625:metadata 2o353:spec 3o354:status
k8s.io.api.core.v1.ReplicationControllerCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.core.v1.ReplicationControllerList 1o621:metadata 2l350:items
k8s.io.api.core.v1.ReplicationControllerSpec 1pint32:replicas 4oint32:minReadySeconds 2mstring:selector 3p337:template
k8s.io.api.core.v1.ReplicationControllerStatus 1oint32:replicas 2oint32:fullyLabeledReplicas 4oint32:readyReplicas 5oint32:availableReplicas 3oint64:observedGeneration 6l351:conditions
k8s.io.api.core.v1.ResourceClaim 1ostring:name 2ostring:request
k8s.io.api.core.v1.ResourceFieldSelector 1ostring:containerName 2ostring:resource 3o597:divisor
k8s.io.api.core.v1.ResourceHealth 1ostring:resourceID 2ostring:health 6pstring:message
k8s.io.api.core.v1.ResourceQuota 1o625:metadata 2o360:spec 3o361:status
k8s.io.api.core.v1.ResourceQuotaList 1o621:metadata 2l358:items
k8s.io.api.core.v1.ResourceQuotaSpec 1m597:hard 2lstring:scopes 3p367:scopeSelector
k8s.io.api.core.v1.ResourceQuotaStatus 1m597:hard 2m597:used
k8s.io.api.core.v1.ResourceRequirements 1m597:limits 2m597:requests 3l355:claims
k8s.io.api.core.v1.ResourceStatus 1ostring:name 2l357:resources
k8s.io.api.core.v1.SELinuxOptions 1ostring:user 2ostring:role 3ostring:type 4ostring:level
k8s.io.api.core.v1.ScaleIOPersistentVolumeSource 1ostring:gateway 2ostring:system 3p375:secretRef 4obool:sslEnabled 5ostring:protectionDomain 6ostring:storagePool 7ostring:storageMode 8ostring:volumeName 9ostring:fsType 10obool:readOnly
k8s.io.api.core.v1.ScaleIOVolumeSource 1ostring:gateway 2ostring:system 3p264:secretRef 4obool:sslEnabled 5ostring:protectionDomain 6ostring:storagePool 7ostring:storageMode 8ostring:volumeName 9ostring:fsType 10obool:readOnly
k8s.io.api.core.v1.ScopeSelector 1l368:matchExpressions
k8s.io.api.core.v1.ScopedResourceSelectorRequirement 1ostring:scopeName 2ostring:operator 3lstring:values
k8s.io.api.core.v1.SeccompProfile 1ostring:type 2pstring:localhostProfile
k8s.io.api.core.v1.Secret 1o625:metadata 5pbool:immutable 2mbytes:data 4mstring:stringData 3ostring:type
k8s.io.api.core.v1.SecretEnvSource 1o264:localObjectReference 2pbool:optional
k8s.io.api.core.v1.SecretKeySelector 1o264:localObjectReference 2ostring:key 3pbool:optional
k8s.io.api.core.v1.SecretList 1o621:metadata 2l370:items
k8s.io.api.core.v1.SecretProjection 1o264:localObjectReference 2l253:items 4pbool:optional
k8s.io.api.core.v1.SecretReference 1ostring:name 2ostring:namespace
k8s.io.api.core.v1.SecretVolumeSource 1ostring:secretName 2l253:items 3pint32:defaultMode 4pbool:optional
k8s.io.api.core.v1.SecurityContext 1p183:capabilities 2pbool:privileged 3p364:seLinuxOptions 10p412:windowsOptions 4pint64:runAsUser 8pint64:runAsGroup 5pbool:runAsNonRoot 6pbool:readOnlyRootFilesystem 7pbool:allowPrivilegeEscalation 9pstring:procMount 11p369:seccompProfile 12p174:appArmorProfile
k8s.io.api.core.v1.SerializedReference 1o294:reference
k8s.io.api.core.v1.Service 1o625:metadata 2o386:spec 3o387:status
k8s.io.api.core.v1.ServiceAccount 1o625:metadata 2l294:secrets 3l264:imagePullSecrets 4pbool:automountServiceAccountToken
k8s.io.api.core.v1.ServiceAccountList 1o621:metadata 2l380:items
k8s.io.api.core.v1.ServiceAccountTokenProjection 1ostring:audience 2pint64:expirationSeconds 3ostring:path
k8s.io.api.core.v1.ServiceList 1o621:metadata 2l379:items
k8s.io.api.core.v1.ServicePort 1ostring:name 2ostring:protocol 6pstring:appProtocol 3oint32:port 4o655:targetPort 5oint32:nodePort
k8s.io.api.core.v1.ServiceProxyOptions 1ostring:path
k8s.io.api.core.v1.ServiceSpec 1l384:ports 2mstring:selector 3ostring:clusterIP 18lstring:clusterIPs 4ostring:type 5lstring:externalIPs 7ostring:sessionAffinity 8ostring:loadBalancerIP 9lstring:loadBalancerSourceRanges 10ostring:externalName 11ostring:externalTrafficPolicy 12oint32:healthCheckNodePort 13obool:publishNotReadyAddresses 14p388:sessionAffinityConfig 19lstring:ipFamilies 17pstring:ipFamilyPolicy 20pbool:allocateLoadBalancerNodePorts 21pstring:loadBalancerClass 22pstring:internalTrafficPolicy 23pstring:trafficDistribution
k8s.io.api.core.v1.ServiceStatus 1o263:loadBalancer 2l605:conditions
k8s.io.api.core.v1.SessionAffinityConfig 1p188:clientIP
k8s.io.api.core.v1.SleepAction 1oint64:seconds
k8s.io.api.core.v1.StorageOSPersistentVolumeSource 1ostring:volumeName 2ostring:volumeNamespace 3ostring:fsType 4obool:readOnly 5p294:secretRef
k8s.io.api.core.v1.StorageOSVolumeSource 1ostring:volumeName 2ostring:volumeNamespace 3ostring:fsType 4obool:readOnly 5p264:secretRef
k8s.io.api.core.v1.Sysctl 1ostring:name 2ostring:value
k8s.io.api.core.v1.TCPSocketAction 1o655:port 2ostring:host
k8s.io.api.core.v1.Taint 1ostring:key 2ostring:value 3ostring:effect 4p639:timeAdded
k8s.io.api.core.v1.Toleration 1ostring:key 2ostring:operator 3ostring:value 4ostring:effect 5pint64:tolerationSeconds
k8s.io.api.core.v1.TopologySelectorLabelRequirement 1ostring:key 2lstring:values
k8s.io.api.core.v1.TopologySelectorTerm 1l396:matchLabelExpressions
k8s.io.api.core.v1.TopologySpreadConstraint 1oint32:maxSkew 2ostring:topologyKey 3ostring:whenUnsatisfiable 4p618:labelSelector 5pint32:minDomains 6pstring:nodeAffinityPolicy 7pstring:nodeTaintsPolicy 8lstring:matchLabelKeys
k8s.io.api.core.v1.TypedLocalObjectReference 1pstring:apiGroup 2ostring:kind 3ostring:name
k8s.io.api.core.v1.TypedObjectReference 1pstring:apiGroup 2ostring:kind 3ostring:name 4pstring:namespace
k8s.io.api.core.v1.Volume 1ostring:name 2o408:volumeSource
k8s.io.api.core.v1.VolumeDevice 1ostring:name 2ostring:devicePath
k8s.io.api.core.v1.VolumeMount 1ostring:name 2obool:readOnly 7pstring:recursiveReadOnly 3ostring:mountPath 4ostring:subPath 5pstring:mountPropagation 6ostring:subPathExpr
k8s.io.api.core.v1.VolumeMountStatus 1ostring:name 2ostring:mountPath 3obool:readOnly 4pstring:recursiveReadOnly 5p409:volumeStatus
k8s.io.api.core.v1.VolumeNodeAffinity 1p286:required
k8s.io.api.core.v1.VolumeProjection 1p374:secret 2p214:downwardAPI 3p198:configMap 4p382:serviceAccountToken 5p189:clusterTrustBundle 6p313:podCertificate
k8s.io.api.core.v1.VolumeResourceRequirements 1m597:limits 2m597:requests
k8s.io.api.core.v1.VolumeSource 1p248:hostPath 2p217:emptyDir 3p239:gcePersistentDisk 4p172:awsElasticBlockStore 5p241:gitRepo 6p376:secret 7p267:nfs 8p250:iscsi 9p243:glusterfs 10p302:persistentVolumeClaim 11p348:rbd 12p237:flexVolume 13p187:cinder 14p185:cephfs 15p238:flocker 16p216:downwardAPI 17p234:fc 18p179:azureFile 19p199:configMap 20p410:vsphereVolume 21p346:quobyte 22p177:azureDisk 23p307:photonPersistentDisk 26p345:projected 24p339:portworxVolume 25p366:scaleIO 27p391:storageos 28p182:csi 29p228:ephemeral 30p251:image
k8s.io.api.core.v1.VolumeStatus 1p252:image
k8s.io.api.core.v1.VsphereVirtualDiskVolumeSource 1ostring:volumePath 2ostring:fsType 3ostring:storagePolicyName 4ostring:storagePolicyID
k8s.io.api.core.v1.WeightedPodAffinityTerm 1oint32:weight 2o310:podAffinityTerm
k8s.io.api.core.v1.WindowsSecurityContextOptions 1pstring:gmsaCredentialSpecName 2pstring:gmsaCredentialSpec 3pstring:runAsUserName 4pbool:hostProcess
k8s.io.api.discovery.v1.Endpoint 1lstring:addresses 2o414:conditions 3pstring:hostname 4p294:targetRef 5mstring:deprecatedTopology 6pstring:nodeName 7pstring:zone 8p415:hints
k8s.io.api.discovery.v1.EndpointConditions 1pbool:ready 2pbool:serving 3pbool:terminating
k8s.io.api.discovery.v1.EndpointHints 1l420:forZones 2l419:forNodes
k8s.io.api.discovery.v1.EndpointPort 1pstring:name 2pstring:protocol 3pint32:port 4pstring:appProtocol
k8s.io.api.discovery.v1.EndpointSlice 1o625:metadata 4ostring:addressType 2l413:endpoints 3l416:ports
k8s.io.api.discovery.v1.EndpointSliceList 1o621:metadata 2l417:items
k8s.io.api.discovery.v1.ForNode 1ostring:name
k8s.io.api.discovery.v1.ForZone 1ostring:name
k8s.io.api.events.v1.Event 1o625:metadata 2o624:eventTime 3p423:series 4ostring:reportingController 5ostring:reportingInstance 6ostring:action 7ostring:reason 8o294:regarding 9p294:related 10ostring:note 11ostring:type 12o232:deprecatedSource 13o639:deprecatedFirstTimestamp 14o639:deprecatedLastTimestamp 15oint32:deprecatedCount
k8s.io.api.events.v1.EventList 1o621:metadata 2l421:items
k8s.io.api.events.v1.EventSeries 1oint32:count 2o624:lastObservedTime
k8s.io.api.flowcontrol.v1.ExemptPriorityLevelConfiguration 1pint32:nominalConcurrencyShares 2pint32:lendablePercent
k8s.io.api.flowcontrol.v1.FlowDistinguisherMethod 1ostring:type
k8s.io.api.flowcontrol.v1.FlowSchema 1o625:metadata 2o429:spec 3o430:status
k8s.io.api.flowcontrol.v1.FlowSchemaCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.flowcontrol.v1.FlowSchemaList 1o621:metadata 2l426:items
k8s.io.api.flowcontrol.v1.FlowSchemaSpec 1o439:priorityLevelConfiguration 2oint32:matchingPrecedence 3p425:distinguisherMethod 4l435:rules
k8s.io.api.flowcontrol.v1.FlowSchemaStatus 1l427:conditions
k8s.io.api.flowcontrol.v1.GroupSubject 1ostring:name
k8s.io.api.flowcontrol.v1.LimitResponse 1ostring:type 2p442:queuing
k8s.io.api.flowcontrol.v1.LimitedPriorityLevelConfiguration 1pint32:nominalConcurrencyShares 2o432:limitResponse 3pint32:lendablePercent 4pint32:borrowingLimitPercent
k8s.io.api.flowcontrol.v1.NonResourcePolicyRule 1lstring:verbs 6lstring:nonResourceURLs
k8s.io.api.flowcontrol.v1.PolicyRulesWithSubjects 1l445:subjects 2l443:resourceRules 3l434:nonResourceRules
k8s.io.api.flowcontrol.v1.PriorityLevelConfiguration 1o625:metadata 2o440:spec 3o441:status
k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationList 1o621:metadata 2l436:items
k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationReference 1ostring:name
k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec 1ostring:type 2p433:limited 3p424:exempt
k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationStatus 1l437:conditions
k8s.io.api.flowcontrol.v1.QueuingConfiguration 1oint32:queues 2oint32:handSize 3oint32:queueLengthLimit
k8s.io.api.flowcontrol.v1.ResourcePolicyRule 1lstring:verbs 2lstring:apiGroups 3lstring:resources 4obool:clusterScope 5lstring:namespaces
k8s.io.api.flowcontrol.v1.ServiceAccountSubject 1ostring:namespace 2ostring:name
k8s.io.api.flowcontrol.v1.Subject 1ostring:kind 2p446:user 3p431:group 4p444:serviceAccount
k8s.io.api.flowcontrol.v1.UserSubject 1ostring:name
k8s.io.api.networking.v1.HTTPIngressPath 1ostring:path 3pstring:pathType 2o454:backend
k8s.io.api.networking.v1.HTTPIngressRuleValue 1l447:paths
k8s.io.api.networking.v1.IPAddress 1o625:metadata 2o451:spec
k8s.io.api.networking.v1.IPAddressList 1o621:metadata 2l449:items
k8s.io.api.networking.v1.IPAddressSpec 1p476:parentRef
k8s.io.api.networking.v1.IPBlock 1ostring:cidr 2lstring:except
k8s.io.api.networking.v1.Ingress 1o625:metadata 2o466:spec 3o467:status
k8s.io.api.networking.v1.IngressBackend 4p465:service 3p399:resource
k8s.io.api.networking.v1.IngressClass 1o625:metadata 2o458:spec
k8s.io.api.networking.v1.IngressClassList 1o621:metadata 2l455:items
k8s.io.api.networking.v1.IngressClassParametersReference 1pstring:aPIGroup 2ostring:kind 3ostring:name 4pstring:scope 5pstring:namespace
k8s.io.api.networking.v1.IngressClassSpec 1ostring:controller 2p457:parameters
k8s.io.api.networking.v1.IngressList 1o621:metadata 2l453:items
k8s.io.api.networking.v1.IngressLoadBalancerIngress 1ostring:ip 2ostring:hostname 4l462:ports
k8s.io.api.networking.v1.IngressLoadBalancerStatus 1l460:ingress
k8s.io.api.networking.v1.IngressPortStatus 1oint32:port 2ostring:protocol 3pstring:error
k8s.io.api.networking.v1.IngressRule 1ostring:host 2o464:ingressRuleValue
k8s.io.api.networking.v1.IngressRuleValue 1p448:http
k8s.io.api.networking.v1.IngressServiceBackend 1ostring:name 2o477:port
k8s.io.api.networking.v1.IngressSpec 4pstring:ingressClassName 1p454:defaultBackend 2l468:tls 3l463:rules
k8s.io.api.networking.v1.IngressStatus 1o461:loadBalancer
k8s.io.api.networking.v1.IngressTLS 1lstring:hosts 2ostring:secretName
k8s.io.api.networking.v1.NetworkPolicy 1o625:metadata 2o475:spec
k8s.io.api.networking.v1.NetworkPolicyEgressRule 1l474:ports 2l473:to
k8s.io.api.networking.v1.NetworkPolicyIngressRule 1l474:ports 2l473:from
k8s.io.api.networking.v1.NetworkPolicyList 1o621:metadata 2l469:items
k8s.io.api.networking.v1.NetworkPolicyPeer 1p618:podSelector 2p618:namespaceSelector 3p452:ipBlock
k8s.io.api.networking.v1.NetworkPolicyPort 1pstring:protocol 2p655:port 3pint32:endPort
k8s.io.api.networking.v1.NetworkPolicySpec 1o618:podSelector 2l471:ingress 3l470:egress 4lstring:policyTypes
k8s.io.api.networking.v1.ParentReference 1ostring:group 2ostring:resource 3ostring:namespace 4ostring:name
k8s.io.api.networking.v1.ServiceBackendPort 1ostring:name 2oint32:number
k8s.io.api.networking.v1.ServiceCIDR 1o625:metadata 2o480:spec 3o481:status
k8s.io.api.networking.v1.ServiceCIDRList 1o621:metadata 2l478:items
k8s.io.api.networking.v1.ServiceCIDRSpec 1lstring:cidrs
k8s.io.api.networking.v1.ServiceCIDRStatus 1l605:conditions
k8s.io.api.node.v1.Overhead 1m597:podFixed
k8s.io.api.node.v1.RuntimeClass 1o625:metadata 2ostring:handler 3p482:overhead 4p485:scheduling
k8s.io.api.node.v1.RuntimeClassList 1o621:metadata 2l483:items
k8s.io.api.node.v1.Scheduling 1mstring:nodeSelector 2l395:tolerations
k8s.io.api.policy.v1.Eviction 1o625:metadata 2p607:deleteOptions
k8s.io.api.policy.v1.PodDisruptionBudget 1o625:metadata 2o489:spec 3o490:status
k8s.io.api.policy.v1.PodDisruptionBudgetList 1o621:metadata 2l487:items
k8s.io.api.policy.v1.PodDisruptionBudgetSpec 1p655:minAvailable 2p618:selector 3p655:maxUnavailable 4pstring:unhealthyPodEvictionPolicy
k8s.io.api.policy.v1.PodDisruptionBudgetStatus 1oint64:observedGeneration 2m639:disruptedPods 3oint32:disruptionsAllowed 4oint32:currentHealthy 5oint32:desiredHealthy 6oint32:expectedPods 7l605:conditions
k8s.io.api.rbac.v1.AggregationRule 1l618:clusterRoleSelectors
k8s.io.api.rbac.v1.ClusterRole 1o625:metadata 2l496:rules 3p491:aggregationRule
k8s.io.api.rbac.v1.ClusterRoleBinding 1o625:metadata 2l502:subjects 3o501:roleRef
k8s.io.api.rbac.v1.ClusterRoleBindingList 1o621:metadata 2l493:items
k8s.io.api.rbac.v1.ClusterRoleList 1o621:metadata 2l492:items
k8s.io.api.rbac.v1.PolicyRule 1lstring:verbs 2lstring:apiGroups 3lstring:resources 4lstring:resourceNames 5lstring:nonResourceURLs
k8s.io.api.rbac.v1.Role 1o625:metadata 2l496:rules
k8s.io.api.rbac.v1.RoleBinding 1o625:metadata 2l502:subjects 3o501:roleRef
k8s.io.api.rbac.v1.RoleBindingList 1o621:metadata 2l498:items
k8s.io.api.rbac.v1.RoleList 1o621:metadata 2l497:items
k8s.io.api.rbac.v1.RoleRef 1ostring:apiGroup 2ostring:kind 3ostring:name
k8s.io.api.rbac.v1.Subject 1ostring:kind 2ostring:apiGroup 3ostring:name 4ostring:namespace
k8s.io.api.resource.v1.AllocatedDeviceStatus 1ostring:driver 2ostring:pool 3ostring:device 7pstring:shareID 4l605:conditions 5p652:data 6p532:networkData
k8s.io.api.resource.v1.AllocationResult 1o513:devices 3p286:nodeSelector 5p639:allocationTimestamp
k8s.io.api.resource.v1.CELDeviceSelector 1ostring:expression
k8s.io.api.resource.v1.CapacityRequestPolicy 1p597:default 3l597:validValues 4p507:validRange
k8s.io.api.resource.v1.CapacityRequestPolicyRange 1p597:min 2p597:max 3p597:step
k8s.io.api.resource.v1.CapacityRequirements 1m597:requests
k8s.io.api.resource.v1.Counter 1o597:value
k8s.io.api.resource.v1.CounterSet 1ostring:name 2m509:counters
k8s.io.api.resource.v1.Device 1ostring:name 2m514:attributes 3m515:capacity 4l524:consumesCounters 5pstring:nodeName 6p286:nodeSelector 7pbool:allNodes 8l529:taints 9pbool:bindsToNode 10lstring:bindingConditions 11lstring:bindingFailureConditions 12pbool:allowMultipleAllocations 13m533:nodeAllocatableResourceMappings
k8s.io.api.resource.v1.DeviceAllocationConfiguration 1ostring:source 2lstring:requests 3o522:deviceConfiguration
k8s.io.api.resource.v1.DeviceAllocationResult 1l526:results 2l512:config
k8s.io.api.resource.v1.DeviceAttribute 2pint64:int 3pbool:bool 4pstring:string 5pstring:version 6lint64:ints 7lbool:bools 8lstring:strings 9lstring:versions
k8s.io.api.resource.v1.DeviceCapacity 1o597:value 2p506:requestPolicy
k8s.io.api.resource.v1.DeviceClaim 1l525:requests 2l523:constraints 3l517:config
k8s.io.api.resource.v1.DeviceClaimConfiguration 1lstring:requests 2o522:deviceConfiguration
k8s.io.api.resource.v1.DeviceClass 1o625:metadata 2o521:spec
k8s.io.api.resource.v1.DeviceClassConfiguration 1o522:deviceConfiguration
k8s.io.api.resource.v1.DeviceClassList 1o621:metadata 2l518:items
k8s.io.api.resource.v1.DeviceClassSpec 1l527:selectors 2l519:config 4pstring:extendedResourceName
k8s.io.api.resource.v1.DeviceConfiguration 1p534:opaque
k8s.io.api.resource.v1.DeviceConstraint 1lstring:requests 2pstring:matchAttribute 3pstring:distinctAttribute
k8s.io.api.resource.v1.DeviceCounterConsumption 1ostring:counterSet 2m509:counters
k8s.io.api.resource.v1.DeviceRequest 1ostring:name 2p531:exactly 3l528:firstAvailable
k8s.io.api.resource.v1.DeviceRequestAllocationResult 1ostring:request 2ostring:driver 3ostring:pool 4ostring:device 5pbool:adminAccess 6l530:tolerations 7lstring:bindingConditions 8lstring:bindingFailureConditions 9pstring:shareID 10m597:consumedCapacity
k8s.io.api.resource.v1.DeviceSelector 1p505:cel
k8s.io.api.resource.v1.DeviceSubRequest 1ostring:name 2ostring:deviceClassName 3l527:selectors 4ostring:allocationMode 5oint64:count 6l530:tolerations 7p508:capacity
k8s.io.api.resource.v1.DeviceTaint 1ostring:key 2ostring:value 3ostring:effect 4p639:timeAdded
k8s.io.api.resource.v1.DeviceToleration 1ostring:key 2ostring:operator 3ostring:value 4ostring:effect 5pint64:tolerationSeconds
k8s.io.api.resource.v1.ExactDeviceRequest 1ostring:deviceClassName 2l527:selectors 3ostring:allocationMode 4oint64:count 5pbool:adminAccess 6l530:tolerations 7p508:capacity
k8s.io.api.resource.v1.NetworkDeviceData 1ostring:interfaceName 2lstring:ips 3ostring:hardwareAddress
k8s.io.api.resource.v1.NodeAllocatableResourceMapping 1pstring:capacityKey 2p597:allocationMultiplier
k8s.io.api.resource.v1.OpaqueDeviceConfiguration 1ostring:driver 2o652:parameters
k8s.io.api.resource.v1.ResourceClaim 1o625:metadata 2o538:spec 3o539:status
k8s.io.api.resource.v1.ResourceClaimConsumerReference 1ostring:apiGroup 3ostring:resource 4ostring:name 5ostring:uid
k8s.io.api.resource.v1.ResourceClaimList 1o621:metadata 2l535:items
k8s.io.api.resource.v1.ResourceClaimSpec 1o516:devices
k8s.io.api.resource.v1.ResourceClaimStatus 1p504:allocation 2l536:reservedFor 4l503:devices
k8s.io.api.resource.v1.ResourceClaimTemplate 1o625:metadata 2o542:spec
k8s.io.api.resource.v1.ResourceClaimTemplateList 1o621:metadata 2l540:items
k8s.io.api.resource.v1.ResourceClaimTemplateSpec 1o625:metadata 2o538:spec
k8s.io.api.resource.v1.ResourcePool 1ostring:name 2oint64:generation 3oint64:resourceSliceCount
k8s.io.api.resource.v1.ResourceSlice 1o625:metadata 2o546:spec
k8s.io.api.resource.v1.ResourceSliceList 1o621:metadata 2l544:items
k8s.io.api.resource.v1.ResourceSliceSpec 1ostring:driver 2o543:pool 3pstring:nodeName 4p286:nodeSelector 5pbool:allNodes 6l511:devices 7pbool:perDeviceNodeSelection 8l510:sharedCounters
k8s.io.api.scheduling.v1.PriorityClass 1o625:metadata 2oint32:value 3obool:globalDefault 4ostring:description 5pstring:preemptionPolicy
k8s.io.api.scheduling.v1.PriorityClassList 1o621:metadata 2l547:items
k8s.io.api.storage.v1.CSIDriver 1o625:metadata 2o551:spec
k8s.io.api.storage.v1.CSIDriverList 1o621:metadata 2l549:items
k8s.io.api.storage.v1.CSIDriverSpec 1pbool:attachRequired 2pbool:podInfoOnMount 3lstring:volumeLifecycleModes 4pbool:storageCapacity 5pstring:fsGroupPolicy 6l560:tokenRequests 7pbool:requiresRepublish 8pbool:seLinuxMount 9pint64:nodeAllocatableUpdatePeriodSeconds 10pbool:serviceAccountTokenInSecrets 11pbool:preventPodSchedulingIfMissing
k8s.io.api.storage.v1.CSINode 1o625:metadata 2o555:spec
k8s.io.api.storage.v1.CSINodeDriver 1ostring:name 2ostring:nodeID 3lstring:topologyKeys 4p569:allocatable
k8s.io.api.storage.v1.CSINodeList 1o621:metadata 2l552:items
k8s.io.api.storage.v1.CSINodeSpec 1l553:drivers
k8s.io.api.storage.v1.CSIStorageCapacity 1o625:metadata 2p618:nodeTopology 3ostring:storageClassName 4p597:capacity 5p597:maximumVolumeSize
k8s.io.api.storage.v1.CSIStorageCapacityList 1o621:metadata 2l556:items
k8s.io.api.storage.v1.StorageClass 1o625:metadata 2ostring:provisioner 3mstring:parameters 4pstring:reclaimPolicy 5lstring:mountOptions 6pbool:allowVolumeExpansion 7pstring:volumeBindingMode 8l397:allowedTopologies
k8s.io.api.storage.v1.StorageClassList 1o621:metadata 2l558:items
k8s.io.api.storage.v1.TokenRequest 1ostring:audience 2pint64:expirationSeconds
k8s.io.api.storage.v1.VolumeAttachment 1o625:metadata 2o564:spec 3o565:status
k8s.io.api.storage.v1.VolumeAttachmentList 1o621:metadata 2l561:items
k8s.io.api.storage.v1.VolumeAttachmentSource 1pstring:persistentVolumeName 2p305:inlineVolumeSpec
k8s.io.api.storage.v1.VolumeAttachmentSpec 1ostring:attacher 2o563:source 3ostring:nodeName
k8s.io.api.storage.v1.VolumeAttachmentStatus 1obool:attached 2mstring:attachmentMetadata 3p568:attachError 4p568:detachError
k8s.io.api.storage.v1.VolumeAttributesClass 1o625:metadata 2ostring:driverName 3mstring:parameters
k8s.io.api.storage.v1.VolumeAttributesClassList 1o621:metadata 2l566:items
k8s.io.api.storage.v1.VolumeError 1o639:time 2ostring:message 3pint32:errorCode
k8s.io.api.storage.v1.VolumeNodeResources 1pint32:count
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionRequest 1ostring:uid 2ostring:desiredAPIVersion 3l652:objects
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionResponse 1ostring:uid 2l652:convertedObjects 3o635:result
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionReview 1p570:request 2p571:response
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition 1ostring:name 2ostring:type 3ostring:format 4ostring:description 5oint32:priority 6ostring:jsonPath
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion 1ostring:strategy 2p596:webhook
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition 1o625:metadata 2o579:spec 3o580:status
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message 6oint64:observedGeneration
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList 1o621:metadata 2l575:items
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames 1ostring:plural 2ostring:singular 3lstring:shortNames 4ostring:kind 5ostring:listKind 6lstring:categories
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec 1ostring:group 3o578:names 4ostring:scope 7l581:versions 9p574:conversion 10obool:preserveUnknownFields
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus 1l576:conditions 2o578:acceptedNames 3lstring:storedVersions 4oint64:observedGeneration
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion 1ostring:name 2obool:served 3obool:storage 7obool:deprecated 8pstring:deprecationWarning 4p585:schema 5p584:subresources 6l573:additionalPrinterColumns 9l592:selectableFields
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale 1ostring:specReplicasPath 2ostring:statusReplicasPath 3pstring:labelSelectorPath
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources 1p583:status 2p582:scale
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation 1p588:openAPIV3Schema
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation 1ostring:description 2ostring:url
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON 1pbytes:raw
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps 1ostring:id 2ostring:schema 3pstring:ref 4ostring:description 5ostring:type 6ostring:format 7ostring:title 8p587:default 9pdouble:maximum 10obool:exclusiveMaximum 11pdouble:minimum 12obool:exclusiveMinimum 13pint64:maxLength 14pint64:minLength 15ostring:pattern 16pint64:maxItems 17pint64:minItems 18obool:uniqueItems 19pdouble:multipleOf 20l587:enum 21pint64:maxProperties 22pint64:minProperties 23lstring:required 24p589:items 25l588:allOf 26l588:oneOf 27l588:anyOf 28p588:not 29m588:properties 30p590:additionalProperties 31m588:patternProperties 32m591:dependencies 33p590:additionalItems 34m588:definitions 35p586:externalDocs 36p587:example 37obool:nullable 38pbool:xKubernetesPreserveUnknownFields 39obool:xKubernetesEmbeddedResource 40obool:xKubernetesIntOrString 41lstring:xKubernetesListMapKeys 42pstring:xKubernetesListType 43pstring:xKubernetesMapType 44l594:xKubernetesValidations
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray 1p588:schema 2l588:jSONSchemas
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool 1obool:allows 2p588:schema
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray 1p588:schema 2lstring:property
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.SelectableField 1ostring:jsonPath
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference 1ostring:namespace 2ostring:name 3pstring:path 4pint32:port
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule 1ostring:rule 2ostring:message 3ostring:messageExpression 4pstring:reason 5ostring:fieldPath 6pbool:optionalOldSelf
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig 3pstring:url 1p593:service 2pbytes:caBundle
k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion 2p595:clientConfig 3lstring:conversionReviewVersions
k8s.io.apimachinery.pkg.api.resource.Quantity 1ostring:string
k8s.io.apimachinery.pkg.api.resource.QuantityValue 1ostring:string
k8s.io.apimachinery.pkg.apis.meta.v1.APIGroup 1ostring:name 2l615:versions 3o615:preferredVersion 4l633:serverAddressByClientCIDRs
k8s.io.apimachinery.pkg.apis.meta.v1.APIGroupList 1l599:groups
k8s.io.apimachinery.pkg.apis.meta.v1.APIResource 1ostring:name 6ostring:singularName 2obool:namespaced 8ostring:group 9ostring:version 3ostring:kind 4p643:verbs 5lstring:shortNames 7lstring:categories 10ostring:storageVersionHash
k8s.io.apimachinery.pkg.apis.meta.v1.APIResourceList 1ostring:groupVersion 2l601:resources
k8s.io.apimachinery.pkg.apis.meta.v1.APIVersions 1lstring:versions 2l633:serverAddressByClientCIDRs
k8s.io.apimachinery.pkg.apis.meta.v1.ApplyOptions 1lstring:dryRun 2obool:force 3ostring:fieldManager
k8s.io.apimachinery.pkg.apis.meta.v1.Condition 1ostring:type 2ostring:status 3oint64:observedGeneration 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.apimachinery.pkg.apis.meta.v1.CreateOptions 1lstring:dryRun 3ostring:fieldManager 4ostring:fieldValidation
k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions 1pint64:gracePeriodSeconds 2p631:preconditions 3pbool:orphanDependents 4pstring:propagationPolicy 5lstring:dryRun 6pbool:ignoreStoreReadErrorWithClusterBreakingPotential
k8s.io.apimachinery.pkg.apis.meta.v1.Duration 1oint64:duration
k8s.io.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement 1ostring:key 2ostring:operator 3lstring:values
k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1 1obytes:Raw
k8s.io.apimachinery.pkg.apis.meta.v1.GetOptions 1ostring:resourceVersion
k8s.io.apimachinery.pkg.apis.meta.v1.GroupKind 1ostring:group 2ostring:kind
k8s.io.apimachinery.pkg.apis.meta.v1.GroupResource 1ostring:group 2ostring:resource
k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersion 1ostring:group 2ostring:version
k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery 1ostring:groupVersion 2ostring:version
k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind 1ostring:group 2ostring:version 3ostring:kind
k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource 1ostring:group 2ostring:version 3ostring:resource
k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector 1mstring:matchLabels 2l619:matchExpressions
k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement 1ostring:key 2ostring:operator 3lstring:values
k8s.io.apimachinery.pkg.apis.meta.v1.List 1o621:metadata 2l652:items
k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta 1ostring:selfLink 2ostring:resourceVersion 3ostring:continue 4pint64:remainingItemCount 5p634:shardInfo
k8s.io.apimachinery.pkg.apis.meta.v1.ListOptions 1ostring:labelSelector 2ostring:fieldSelector 3obool:watch 9obool:allowWatchBookmarks 4ostring:resourceVersion 10ostring:resourceVersionMatch 5pint64:timeoutSeconds 7oint64:limit 8ostring:continue 11pbool:sendInitialEvents 15ostring:shardSelector
k8s.io.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry 1ostring:manager 2ostring:operation 3ostring:apiVersion 4p639:time 6ostring:fieldsType 7p610:fieldsV1 8ostring:subresource
k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime 1oint64:seconds 2oint32:nanos
k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta 1ostring:name 2ostring:generateName 3ostring:namespace 4ostring:selfLink 5ostring:uid 6ostring:resourceVersion 7oint64:generation 8o639:creationTimestamp 9p639:deletionTimestamp 10pint64:deletionGracePeriodSeconds 11mstring:labels 12mstring:annotations 13l626:ownerReferences 14lstring:finalizers 17l623:managedFields
k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference 5ostring:apiVersion 1ostring:kind 3ostring:name 4ostring:uid 6pbool:controller 7pbool:blockOwnerDeletion
k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata 1o625:metadata
k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList 1o621:metadata 2l627:items
k8s.io.apimachinery.pkg.apis.meta.v1.Patch
k8s.io.apimachinery.pkg.apis.meta.v1.PatchOptions 1lstring:dryRun 2pbool:force 3ostring:fieldManager 4ostring:fieldValidation
k8s.io.apimachinery.pkg.apis.meta.v1.Preconditions 1pstring:uid 2pstring:resourceVersion
k8s.io.apimachinery.pkg.apis.meta.v1.RootPaths 1lstring:paths
k8s.io.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR 1ostring:clientCIDR 2ostring:serverAddress
k8s.io.apimachinery.pkg.apis.meta.v1.ShardInfo 1ostring:selector
k8s.io.apimachinery.pkg.apis.meta.v1.Status 1o621:metadata 2ostring:status 3ostring:message 4ostring:reason 5p637:details 6oint32:code
k8s.io.apimachinery.pkg.apis.meta.v1.StatusCause 1ostring:reason 2ostring:message 3ostring:field
k8s.io.apimachinery.pkg.apis.meta.v1.StatusDetails 1ostring:name 2ostring:group 3ostring:kind 6ostring:uid 4l636:causes 5oint32:retryAfterSeconds
k8s.io.apimachinery.pkg.apis.meta.v1.TableOptions 1ostring:includeObject
k8s.io.apimachinery.pkg.apis.meta.v1.Time 1oint64:seconds 2oint32:nanos
k8s.io.apimachinery.pkg.apis.meta.v1.Timestamp 1oint64:seconds 2oint32:nanos
k8s.io.apimachinery.pkg.apis.meta.v1.TypeMeta 1ostring:kind 2ostring:apiVersion
k8s.io.apimachinery.pkg.apis.meta.v1.UpdateOptions 1lstring:dryRun 2ostring:fieldManager 3ostring:fieldValidation
k8s.io.apimachinery.pkg.apis.meta.v1.Verbs 1lstring:items
k8s.io.apimachinery.pkg.apis.meta.v1.WatchEvent 1ostring:type 2o652:object
k8s.io.apimachinery.pkg.apis.meta.v1beta1.PartialObjectMetadataList 2o621:metadata 1l627:items
k8s.io.apimachinery.pkg.apis.testapigroup.v1.Carp 1o625:metadata 2o650:spec 3o651:status
k8s.io.apimachinery.pkg.apis.testapigroup.v1.CarpCondition 1ostring:type 2ostring:status 3o639:lastProbeTime 4o639:lastTransitionTime 5ostring:reason 6ostring:message
k8s.io.apimachinery.pkg.apis.testapigroup.v1.CarpInfo 1oint64:a 2ostring:b 4pstring:c 3ostring:data
k8s.io.apimachinery.pkg.apis.testapigroup.v1.CarpList 1o621:metadata 2l646:items
k8s.io.apimachinery.pkg.apis.testapigroup.v1.CarpSpec 3ostring:restartPolicy 4pint64:terminationGracePeriodSeconds 5pint64:activeDeadlineSeconds 7mstring:nodeSelector 8ostring:serviceAccountName 9ostring:deprecatedServiceAccount 10ostring:nodeName 11obool:hostNetwork 12obool:hostPID 13obool:hostIPC 16ostring:hostname 17ostring:subdomain 19ostring:schedulerName
k8s.io.apimachinery.pkg.apis.testapigroup.v1.CarpStatus 1ostring:phase 2l647:conditions 3ostring:message 4ostring:reason 5ostring:hostIP 6ostring:carpIP 7p639:startTime 8l648:infos
k8s.io.apimachinery.pkg.runtime.RawExtension 1pbytes:raw
k8s.io.apimachinery.pkg.runtime.TypeMeta 1ostring:apiVersion 2ostring:kind
k8s.io.apimachinery.pkg.runtime.Unknown 1o653:typeMeta 2pbytes:raw 3ostring:contentEncoding 4ostring:contentType
k8s.io.apimachinery.pkg.util.intstr.IntOrString 1oint64:type 2oint32:intVal 3ostring:strVal
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIService 1o625:metadata 2o659:spec 3o660:status
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition 1ostring:type 2ostring:status 3o639:lastTransitionTime 4ostring:reason 5ostring:message
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceList 1o621:metadata 2l656:items
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec 1p661:service 2ostring:group 3ostring:version 4obool:insecureSkipTLSVerify 5pbytes:caBundle 7oint32:groupPriorityMinimum 8oint32:versionPriority
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus 1l657:conditions
k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference 1ostring:namespace 2ostring:name 3pint32:port
k8s.io.metrics.pkg.apis.metrics.v1beta1.ContainerMetrics 1ostring:name 2m597:usage
k8s.io.metrics.pkg.apis.metrics.v1beta1.NodeMetrics 1o625:metadata 2o639:timestamp 3o608:window 4m597:usage
k8s.io.metrics.pkg.apis.metrics.v1beta1.NodeMetricsList 1o621:metadata 2l663:items
k8s.io.metrics.pkg.apis.metrics.v1beta1.PodMetrics 1o625:metadata 2o639:timestamp 3o608:window 4l662:containers
k8s.io.metrics.pkg.apis.metrics.v1beta1.PodMetricsList 1o621:metadata 2l665:items
`
