/** What a machine uses for itself, besides its Pods: the kubelet, the runtime, the system. */
export const MACHINE_ITSELF = { cpuMilli: 60, memoryMi: 620, perPodMilli: 1 }
