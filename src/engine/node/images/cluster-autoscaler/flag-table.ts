/** The flags of cluster-autoscaler that mean something here: type, default and usage as its source has them (config/flags/flags.go, klog). */

export type FlagType = 'string' | 'bool' | 'int' | 'float64' | 'duration' | 'MultiStringFlag' | 'Level' | 'severity'

export interface FlagDeclaration {
  type: FlagType
  /** As Go prints it. */
  default: string
  usage: string
}

const flag =
  (type: FlagType) =>
  (value: string, usage: string): FlagDeclaration => ({ type, default: value, usage })
const [text, yesNo, int, float, duration] = [flag('string'), flag('bool'), flag('int'), flag('float64'), flag('duration')]

/** The one cloud that this build knows. */
export const CLOUD = 'tabernetes'

export const FLAGS: Readonly<Record<string, FlagDeclaration>> = {
  address: text(':8085', 'The address to expose prometheus metrics.'),
  'blocking-system-pod-distruption-timeout': duration(
    '1h0m0s',
    'The timeout after which CA will evict non-pdb-assigned blocking system pods, applicable only when --skip-nodes-with-system-pods is set to true',
  ),
  'cloud-provider': text(CLOUD, `Cloud provider type. Available values: [${CLOUD}]`),
  'cluster-name': text('', 'Autoscaled cluster name, if available'),
  'cordon-node-before-terminating': yesNo('true', 'Should CA cordon nodes before terminating during downscale process'),
  'daemonset-eviction-for-empty-nodes': yesNo('false', 'DaemonSet pods will be gracefully terminated from empty nodes'),
  'daemonset-eviction-for-occupied-nodes': yesNo('true', 'DaemonSet pods will be gracefully terminated from non-empty nodes'),
  'enforce-node-group-min-size': yesNo('false', 'Should CA scale up the node group to the configured min size if needed.'),
  estimator: text('binpacking', 'Type of resource estimator to be used in scale up. Available values: [binpacking]'),
  expander: text(
    'least-waste',
    'Type of node group expander to be used in scale up. Available values: [random,most-pods,least-waste,least-nodes]. Specifying multiple values separated by commas will call the expanders in succession until there is only one option remaining. Ties still existing after this process are broken randomly.',
  ),
  'expendable-pods-priority-cutoff': int(
    '-10',
    "Pods with priority below cutoff will be expendable. They can be killed without any consideration during scale down and they don't cause scale up. Pods with null priority (PodPriority disabled) are non expendable.",
  ),
  'frequent-loops-enabled': yesNo('true', "Whether clusterautoscaler triggers new iterations more frequently when it's needed"),
  'ignore-daemonsets-utilization': yesNo(
    'false',
    'Should CA ignore DaemonSet pods when calculating resource utilization for scaling down',
  ),
  'ignore-mirror-pods-utilization': yesNo(
    'false',
    'Should CA ignore Mirror pods when calculating resource utilization for scaling down',
  ),
  'leader-elect': yesNo(
    'true',
    'Start a leader election client and gain leadership before executing the main loop. Enable this when running replicated components for high availability.',
  ),
  logtostderr: yesNo('true', 'log to standard error instead of files'),
  'max-bulk-soft-taint-count': int(
    '10',
    'Maximum number of nodes that can be tainted/untainted PreferNoSchedule at the same time. Set to 0 to turn off such tainting.',
  ),
  'max-drain-parallelism': int('1', 'Maximum number of nodes needing drain, that can be drained and deleted in parallel.'),
  'max-graceful-termination-sec': int(
    '600',
    'Maximum number of seconds CA waits for pod termination when trying to scale down a node. This flag is mutually exclusion with drain-priority-config flag which allows more configuration options.',
  ),
  'max-nodes-per-scaleup': int(
    '1000',
    'Max nodes added in a single scale-up. This is intended strictly for optimizing CA algorithm latency and not a tool to rate-limit scale-up throughput.',
  ),
  'max-nodes-total': int(
    '0',
    'Maximum number of nodes in all node groups. Cluster autoscaler will not grow the cluster beyond this number.',
  ),
  'max-pod-eviction-time': duration('2m0s', 'Maximum time CA tries to evict a pod before giving up'),
  'max-scale-down-parallelism': int(
    '10',
    'Maximum number of nodes (both empty and needing drain) that can be deleted in parallel.',
  ),
  'max-total-unready-percentage': float(
    '45',
    'Maximum percentage of unready nodes in the cluster.  After this is exceeded, CA halts operations',
  ),
  'min-replica-count': int(
    '0',
    'Minimum number or replicas that a replica set or replication controller should have to allow their pods deletion in scale down',
  ),
  namespace: text('kube-system', 'Namespace in which cluster-autoscaler run.'),
  'new-pod-scale-up-delay': duration(
    '0s',
    "Pods less than this old will not be considered for scale-up. Can be increased for individual pods through annotation 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay'.",
  ),
  'node-delete-delay-after-taint': duration('5s', 'How long to wait before deleting a node after tainting it'),
  nodes: flag('MultiStringFlag')(
    '[]',
    'sets min,max size and other configuration data for a node group in a format accepted by cloud provider. Can be used multiple times. Format: <min>:<max>:<other...>',
  ),
  'ok-total-unready-count': int('3', 'Number of allowed unready nodes, irrespective of max-total-unready-percentage'),
  'scale-down-delay-after-add': duration('10m0s', 'How long after scale up that scale down evaluation resumes'),
  'scale-down-delay-after-delete': duration('0s', 'How long after node deletion that scale down evaluation resumes'),
  'scale-down-delay-after-failure': duration('3m0s', 'How long after scale down failure that scale down evaluation resumes'),
  'scale-down-enabled': yesNo('true', '[Deprecated] Should CA scale down the cluster'),
  'scale-down-unneeded-time': duration('10m0s', 'How long a node should be unneeded before it is eligible for scale down'),
  'scale-down-unready-enabled': yesNo('true', 'Should CA scale down unready nodes of the cluster'),
  'scale-down-unready-time': duration(
    '20m0s',
    'How long an unready node should be unneeded before it is eligible for scale down',
  ),
  'scale-down-utilization-threshold': float(
    '0.5',
    "The maximum value between the sum of cpu requests and sum of memory requests of all pods running on the node divided by node's corresponding allocatable resource, below which a node can be considered for scale down",
  ),
  'scan-interval': duration('10s', 'How often cluster is reevaluated for scale up or down'),
  'skip-nodes-with-custom-controller-pods': yesNo(
    'true',
    'If true cluster autoscaler will never delete nodes with pods owned by custom controllers',
  ),
  'skip-nodes-with-local-storage': yesNo(
    'true',
    'If true cluster autoscaler will never delete nodes with pods with local storage, e.g. EmptyDir or HostPath',
  ),
  'skip-nodes-with-system-pods': yesNo(
    'true',
    'If true cluster autoscaler will wait for --blocking-system-pod-distruption-timeout before deleting nodes with pods from kube-system (except for DaemonSet or mirror pods)',
  ),
  'status-config-map-name': text('cluster-autoscaler-status', 'Status configmap name'),
  stderrthreshold: flag('severity')('0', 'logs at or above this threshold go to stderr when writing to files and stderr'),
  'unremovable-node-recheck-timeout': duration(
    '5m0s',
    "The timeout before we check again a node that couldn't be removed before",
  ),
  v: flag('Level')('0', 'number for the log level verbosity'),
  'write-status-configmap': yesNo('true', 'Should CA write status information to a configmap'),
}
