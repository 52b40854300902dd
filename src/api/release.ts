/** The release of Kubernetes that all of this follows: what servers, kubelets and clients say they are. */
export const RELEASE = 'v1.36.3'
