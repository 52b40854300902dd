/** What of the engine may be loaded after the first scene stands; a door of its own, as `yaml.ts`. */

import { careful } from '#api/regexp/careful.ts'
import { ADDONS, allAddons } from './addons/index.ts'
import { aggregatedApis } from './aggregated-apis.ts'
import { aggregations } from './aggregation.ts'
import { negotiation } from './apiserver/accept.ts'
import { deferredPlugins } from './apiserver/admission/deferred.ts'
import { limitRanger } from './apiserver/admission/limit-ranger.ts'
import { mutatingAdmissionPolicy } from './apiserver/admission/mutating-admission-policy.ts'
import { mutatingAdmissionWebhook } from './apiserver/admission/mutating-webhook.ts'
import { standards } from './apiserver/admission/pod-security-policy.ts'
import { violations } from './apiserver/admission/pod-security-restricted.ts'
import { resourceQuota } from './apiserver/admission/resource-quota.ts'
import { validatingAdmissionPolicy } from './apiserver/admission/validating-admission-policy.ts'
import { validatingAdmissionWebhook } from './apiserver/admission/validating-webhook.ts'
import { certified } from './apiserver/auth/authenticate.ts'
import { verifyBootstrap } from './apiserver/auth/bootstrap-tokens.ts'
import { certifiedUser } from './apiserver/auth/certificates.ts'
import { legacy } from './apiserver/auth/legacy-tokens.ts'
import { legacyTokens } from './apiserver/auth/tokens.ts'
import { compile } from './apiserver/cel/compile.ts'
import { compiler } from './apiserver/cel/index.ts'
import { serve } from './apiserver/custom/serve.ts'
import { serving } from './apiserver/custom/serving.ts'
import { documentFor } from './apiserver/discovery/documents.ts'
import { documents } from './apiserver/discovery/slot.ts'
import { Flows } from './apiserver/flows.ts'
import { flowPorts } from './apiserver/flows-port.ts'
import { byAccept } from './apiserver/negotiation.ts'
import { allQueryOptions } from './apiserver/options/index.ts'
import { queryOptions } from './apiserver/options/slot.ts'
import { typeChecker } from './apiserver/policy/checker.ts'
import { typeCheck } from './apiserver/policy/type-checking.ts'
import { RequestCounts } from './apiserver/requests.ts'
import { requestPorts } from './apiserver/requests-port.ts'
import { consensus } from './control-machines.ts'
import { work as autoscalerWork } from './controllers/autoscaler/index.ts'
import { reconcileAutoscaler } from './controllers/autoscaler/reconcile.ts'
import { bootstrapTokens } from './controllers/bootstrap-tokens/index.ts'
import { certificates } from './controllers/certificates/index.ts'
import { work as cronJobWork } from './controllers/cronjob/index.ts'
import { cronJobs } from './controllers/cronjob/reconcile.ts'
import { work as daemonSetWork } from './controllers/daemonset/index.ts'
import { reconcileDaemonSet } from './controllers/daemonset/reconcile.ts'
import { deferredControllers } from './controllers/deferred.ts'
import { work as budgetWork } from './controllers/disruption/index.ts'
import { reconcileBudget } from './controllers/disruption/reconcile.ts'
import { topology } from './controllers/endpoints/hints.ts'
import { mirror } from './controllers/endpoints/mirror.ts'
import { work as mirrorWork } from './controllers/endpoints/mirroring.ts'
import { drop, forget, nodeChanged, topologyHints } from './controllers/endpoints/topology.ts'
import { work as jobWork } from './controllers/job/index.ts'
import { reconcileJob } from './controllers/job/reconcile.ts'
import { work as claimWork } from './controllers/resource-claims/index.ts'
import { reconcileClaims } from './controllers/resource-claims/reconcile.ts'
import { cleanTokens } from './controllers/service-account-tokens/clean.ts'
import { cleanerWork, tokenWork } from './controllers/service-account-tokens/index.ts'
import { reconcileToken } from './controllers/service-account-tokens/reconcile.ts'
import { work as statefulSetWork } from './controllers/statefulset/index.ts'
import { reconcileStatefulSet } from './controllers/statefulset/reconcile.ts'
import { watchmanFor } from './goals.ts'
import { corefileCheck } from './machinery/corefiles.ts'
import { wrongIn } from './network/corefile.ts'
import { answer } from './network/dns-plugins.ts'
import { dnsServers } from './network/dns-server.ts'
import { pathPatterns } from './network/ingress.ts'
import { ContainerKernel } from './node/container-kernel.ts'
import { sharing } from './node/cpu-scarcity.ts'
import { cpuShares } from './node/cpu-shares.ts'
import { daemonAt } from './node/daemons.ts'
import { daemonPages } from './node/daemons-slot.ts'
import { KubeletDisk } from './node/disk-care.ts'
import { diskCares } from './node/evictor.ts'
import { Forwarding } from './node/forwarding.ts'
import { forwardings } from './node/forwardings.ts'
import { hostGroups } from './node/group-mount.ts'
import { hostGroup } from './node/host-groups.ts'
import { images } from './node/images/index.ts'
import { moreImages } from './node/images/known.ts'
import { isSlip } from './node/images/slips.ts'
import { kernels } from './node/kernels.ts'
import { kubeletPage } from './node/kubelet-api.ts'
import { kubeletPages } from './node/kubelet-slot.ts'
import { podDefaults, readManifest, staticPods } from './node/mirrors.ts'
import { promises } from './node/node-status.ts'
import { promisesOf } from './node/promises.ts'
import { moreSlips } from './node/pull.ts'
import { Resizer } from './node/resizer.ts'
import { resizers } from './node/resizing.ts'
import { StaticPods } from './node/static-pods.ts'
import { podIn } from './pod-manifest.ts'
import { raftConsensus } from './raft-consensus.ts'
import { pods } from './resources/core/pod.ts'
import { ephemeralContainers } from './resources/core/pod-ephemeral.ts'
import { evict } from './resources/core/pod-eviction.ts'
import { resize } from './resources/core/pod-resize.ts'
import { podStreams } from './resources/core/pod-streams.ts'
import { proxies } from './resources/core/proxy.ts'
import { roads } from './resources/core/roads.ts'
import { meansDevice } from './resources/dra/device-match.ts'
import { laterDetails } from './resources/generic.ts'
import { moreDetails } from './resources/more-details.ts'
import { deviceWorkWith } from './scheduler/devices/work.ts'
import { deviceWork } from './scheduler/plugins/dynamic-resources.ts'
import { rawVolumes } from './storage/raw-slot.ts'
import { rawVolume } from './storage/raw-volumes.ts'
import { exchangeOf } from './store-exchange.ts'
import { storeExchange } from './store-slot.ts'
import { goals } from './timeline.ts'

export { protobufWriter } from './stored-form.ts'

/** Call it before anything but the usual first scene, and looks at that, is asked of a cluster. */
export function enableRest(): void {
  const plugins = [
    limitRanger,
    resourceQuota,
    mutatingAdmissionPolicy,
    mutatingAdmissionWebhook,
    validatingAdmissionPolicy,
    validatingAdmissionWebhook,
  ]
  deferredPlugins.provide(Object.fromEntries(plugins.map((plugin) => [plugin.name, plugin])))
  standards.provide(violations)
  typeChecker.provide(typeCheck)
  certified.provide(certifiedUser)
  legacyTokens.provide({ ...legacy, bootstrap: verifyBootstrap })
  tokenWork.provide(reconcileToken)
  cleanerWork.provide(cleanTokens)
  documents.provide(documentFor)
  requestPorts.provide(RequestCounts)
  promises.provide(promisesOf)
  negotiation.provide(byAccept)
  kubeletPages.provide(kubeletPage)
  daemonPages.provide(daemonAt)
  queryOptions.provide(allQueryOptions)
  flowPorts.provide((server) => new Flows(server))
  serving.provide(serve)
  roads.provide({ handlers: { ...podStreams, ...proxies, evict }, resize, ephemeralContainers })
  laterDetails.provide(moreDetails)
  budgetWork.provide(reconcileBudget)
  topology.provide({ hints: topologyHints, forget, drop, nodeChanged })
  autoscalerWork.provide(reconcileAutoscaler)
  cronJobWork.provide(cronJobs)
  daemonSetWork.provide(reconcileDaemonSet)
  mirrorWork.provide(mirror)
  goals.provide(watchmanFor)
  jobWork.provide(reconcileJob)
  claimWork.provide(reconcileClaims)
  statefulSetWork.provide(reconcileStatefulSet)
  deferredControllers.provide((ports) =>
    Object.fromEntries([...certificates(ports), ...bootstrapTokens()].map((each) => [each.name, each])),
  )
  storeExchange.provide(exchangeOf)
  moreImages.provide(images)
  moreSlips.provide(isSlip)
  kernels.provide(ContainerKernel)
  forwardings.provide(Forwarding)
  staticPods.provide(StaticPods)
  sharing.provide(cpuShares)
  diskCares.provide(KubeletDisk)
  readManifest.provide(podIn)
  podDefaults.provide((pod) => pods.defaults?.(pod, null) ?? pod)
  resizers.provide(Resizer)
  hostGroups.provide(hostGroup)
  rawVolumes.provide(rawVolume)
  corefileCheck.provide(wrongIn)
  dnsServers.provide(answer)
  pathPatterns.provide(careful)
  compiler.provide(compile)
  deviceWork.provide(deviceWorkWith(meansDevice))
  allAddons.provide(ADDONS)
  aggregations.provide(aggregatedApis)
  consensus.provide(raftConsensus)
}
